"""The trail over the API: whoever downloads it can check it without this program."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from api.conftest import AT, Program
from filled import fill
from reperform.accounts.models import Organization
from reperform.ledger.actions import check_log, record, sign_checkpoint
from reperform.ledger.checkpoint import parse_checkpoint
from reperform.ledger.log import HistoryLostError
from reperform.ledger.merkle import leaf_hash, proves_consistency, proves_inclusion
from reperform.ledger.models import Leaf
from reperform.ledger.note import Verifier
from reperform.ledger.queries import installation_verifier
from reperform.ledger.statement import open_statement
from reperform.ledger.verify import verify_log


@pytest.fixture
def filled(larkspur: Organization, tmp_path: Path) -> Organization:
    fill(larkspur, tmp_path, at=AT)
    return larkspur


def write_many(organization: Organization, count: int) -> None:
    for number in range(count):
        record(
            log=organization.log,
            act="test.written",
            by="ada",
            at=AT,
            subject="test",
            before=None,
            after={"number": number},
        )


def test_the_list_says_who_when_before_and_after(
    program: Callable[..., Program], filled: Organization
) -> None:
    """The second version of a field, with the first; chosen by subject, by act, by person."""
    caller = program()

    newest = caller.get("/trail?subject=description+dc3.data")["items"][0]

    assert newest["act"] == "description.written"
    assert newest["by"] == "ada@larkspur.example"
    assert newest["before"] == {"text": "Invoicing: invoices."}
    assert newest["after"] == {"version": 2, "text": "Invoicing and archive: invoices."}
    assert caller.get("/trail?act=scope.decided&by=ada@larkspur.example")["total"] == 2
    assert caller.get("/trail?act=scope.decided&by=grace")["total"] == 0


def test_an_entry_is_what_its_leaf_sealed(
    program: Callable[..., Program], filled: Organization
) -> None:
    """The digest in the signed leaf is that of the sealed content, which says what is shown."""
    shown = program().get("/trail/1")

    sealed = b64decode(shown["sealed"])
    statement = open_statement(shown["entry"].encode(), installation_verifier())
    assert statement.subjects["change"] == hashlib.sha256(sealed).hexdigest()
    assert statement.predicate["number"] == 1
    assert json.loads(sealed[32:])["after"] == shown["after"]


def test_the_log_is_verified_from_its_files_alone(
    program: Callable[..., Program], filled: Organization
) -> None:
    """Checkpoint and tiles as C2SP has them, by the verifier that checks bundles.

    Over more than one full tile, with the key that the head names.
    """
    write_many(filled, 300)
    caller = program()

    def read(path: str) -> bytes:
        answer = caller.ask("get", f"/trail/{'log/' * path.startswith('tile')}{path}")
        if answer.status_code != 200:
            raise KeyError(path)
        return bytes(answer.content)

    key = Verifier.parse(caller.get("/trail/head")["verifier"])
    verified = verify_log(read, verifier=key)

    assert not verified.problems
    assert len(verified.statements) == caller.get("/trail/head")["size"] > 300


def test_proofs_hold_against_a_kept_checkpoint(
    program: Callable[..., Program], filled: Organization
) -> None:
    """Inclusion of an entry, and that the log only grew.  Source: RFC 6962, 2.1.1 and 2.1.2."""
    caller = program()
    old, _ = parse_checkpoint(caller.ask("get", "/trail/checkpoint").content)
    write_many(filled, 20)
    new, note = parse_checkpoint(caller.ask("get", "/trail/checkpoint").content)

    inclusion = caller.get("/trail/2/proof")
    consistency = caller.get(f"/trail/consistency?old_size={old.size}")

    assert note.signed_by(installation_verifier())
    assert proves_inclusion(
        [bytes.fromhex(each) for each in inclusion["hashes"]],
        leaf=leaf_hash(caller.get("/trail/2")["entry"].encode()),
        index=2,
        size=new.size,
        root=new.root,
    )
    assert proves_consistency(
        [bytes.fromhex(each) for each in consistency["hashes"]],
        old_size=old.size,
        old_root=old.root,
        size=new.size,
        root=new.root,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/trail/99",
        "/trail/99/proof",
        "/trail/0/proof?size=99",
        "/trail/consistency?old_size=99",
        "/trail/log/tile/0/000",
        "/trail/log/tile/0/000.p/0",
        "/trail/log/tile/0/0",
        "/trail/log/tile/1/000.p/1",
        "/trail/log/tile/99/x999/x999/999",
        "/trail/log/../../etc/passwd",
        "/trail/log/log.sqlite",
    ],
)
def test_what_the_log_does_not_hold_is_not_found(
    program: Callable[..., Program], filled: Organization, path: str
) -> None:
    assert program().ask("get", path).status_code == 404


def test_another_organizations_trail_is_another(
    program: Callable[..., Program], filled: Organization, strange_program: Program
) -> None:
    """Entry 5 is in Larkspur's log; the stranger's own ends before it."""
    assert program().ask("get", "/trail/5").status_code == 200
    assert strange_program.ask("get", "/trail/5").status_code == 404
    assert strange_program.get("/trail?subject=scope")["total"] == 0


def test_a_check_of_a_whole_log_says_so(
    program: Callable[..., Program], filled: Organization
) -> None:
    caller = program()
    size = caller.get("/trail/head")["size"]

    answer = caller.ask("post", "/trail/checks")

    assert answer.status_code == 201
    assert (answer.json()["size"], answer.json()["count"]) == (size, 0)
    head = caller.get("/trail/head")
    assert head["checked"]["by"] == "administrator@larkspur.example by token test"
    assert head["size"] == size, "a check changes nothing, so it is no entry"


LEAF, CHANGE = "ledger_leaf", "ledger_change"
TAMPERED = {
    "a change is removed": (
        [f"DELETE FROM {CHANGE} WHERE leaf_id = %(leaf)s"],
        "entry 3: what it sealed is gone",
    ),
    "a name is replaced": (
        [f"UPDATE {CHANGE} SET by = 'mallory' WHERE leaf_id = %(leaf)s"],
        "entry 3: its by is not what it sealed",
    ),
    "a change is moved to another subject": (
        [f"UPDATE {CHANGE} SET subject = 'x', act = 'y' WHERE leaf_id = %(leaf)s"],
        "entry 3: its act and subject is not what it sealed",
    ),
    "a change is moved in time": (
        [f"UPDATE {CHANGE} SET at = '2020-01-01 00:00:00+00:00' WHERE leaf_id = %(leaf)s"],
        "entry 3: its at is not what it sealed",
    ),
    "a change is given to another log": (
        [f"UPDATE {CHANGE} SET log = 'x' WHERE leaf_id = %(leaf)s"],
        "entry 3: its log is not what it sealed",
    ),
    "what was changed is replaced": (
        [
            f"UPDATE {CHANGE} SET content = (SELECT content FROM {CHANGE} WHERE leaf_id ="  # noqa: ISC004 - one statement
            " %(other)s) WHERE leaf_id = %(leaf)s"
        ],
        "entry 3: what was changed is not what it sealed",
    ),
    "a leaf is replaced by another": (
        [
            f"UPDATE {LEAF} SET entry = (SELECT entry FROM {LEAF} WHERE id = %(other)s)"  # noqa: ISC004 - as above
            " WHERE id = %(leaf)s"
        ],
        "entry 3: it was signed as another entry",
    ),
    "a leaf is removed with its change": (
        [
            f"DELETE FROM {CHANGE} WHERE leaf_id = %(leaf)s",
            f"DELETE FROM {LEAF} WHERE id = %(leaf)s",
        ],
        "entry 3: it is missing",
    ),
    "the end is cut off": (
        [
            f"DELETE FROM {CHANGE} WHERE leaf_id >= %(leaf)s",
            f"DELETE FROM {LEAF} WHERE id >= %(leaf)s",
        ],
        "they are missing",
    ),
    "the end is cut off, and the count with it": (
        [
            f"DELETE FROM {CHANGE} WHERE leaf_id >= %(leaf)s",
            f"DELETE FROM {LEAF} WHERE id >= %(leaf)s",
            "UPDATE ledger_head SET size = 3",
        ],
        "and there are 3: the end was cut off",
    ),
    "the count is lowered": (["UPDATE ledger_head SET size = 3"], "and the database counts 3"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_is_done_behind_the_programs_back_is_found(
    case: str, program: Callable[..., Program], filled: Organization
) -> None:
    """By SQL, as somebody would who reaches the database but not the program."""
    caller = program()
    sign_checkpoint(log=filled.log)
    statements, said = TAMPERED[case]
    places = {"leaf": Leaf.objects.get(log_id=filled.log, number=3).pk}
    places["other"] = Leaf.objects.get(log_id=filled.log, number=4).pk
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, places if "%(" in statement else None)

    answer = caller.ask("post", "/trail/checks").json()

    assert answer["count"] > 0
    assert any(said in each for each in answer["differences"]), answer["differences"]


def test_no_checkpoint_is_signed_over_a_history_that_was_rewritten(
    program: Callable[..., Program], filled: Organization
) -> None:
    """Signing would hide it.  Even whoever holds the key cannot make the program sign two."""
    sign_checkpoint(log=filled.log)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_leaf SET entry = %s WHERE log_id = %s AND number = 2",
            [b"{}", filled.log],
        )

    with pytest.raises(HistoryLostError, match="no checkpoint was signed"):
        sign_checkpoint(log=filled.log)

    assert program().ask("get", "/trail/checkpoint").json()["slug"] == "history-lost"


def test_a_checkpoint_of_another_log_is_named(
    filled: Organization, strange_program: Program
) -> None:
    other = Organization.objects.get(name="Other")

    found = check_log(log=filled.log, by="test", at=AT, earlier=sign_checkpoint(log=other.log))

    assert [str(each) for each in found.problems if "it is of another log" in str(each)]
