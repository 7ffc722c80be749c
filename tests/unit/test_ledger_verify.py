"""Verifying from files alone: every difference is found, named, and does not hide another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from reperform.ledger.checkpoint import Checkpoint
from reperform.ledger.log import Log
from reperform.ledger.merkle import leaf_hash
from reperform.ledger.note import Verifier, sign_note
from reperform.ledger.statement import Statement, seal_statement
from reperform.ledger.tiles import pack_entries, tree_files, unpack_entries
from reperform.ledger.tree import Tree
from reperform.ledger.verify import VerifiedLog, verify_log

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
VERIFIER = Verifier("log", KEY.public_key().public_bytes_raw())
KEPT = "ledger/the checkpoint that you kept"
Files = dict[str, bytes]


def statement(number: int) -> Statement:
    return Statement("urn:example:v1", {"number": number}, {f"blob/{number}": f"{number:064x}"})


def files_of(folder: Path, size: int, *, key: Ed25519PrivateKey = KEY) -> Files:
    """Return what a log of `size` statements has on disk, the database left out."""
    with Log(folder, origin="log/1", key_name="log", key=KEY) as log:
        for number in range(size):
            log.append(seal_statement(statement(number), name="log", key=key))
        log.checkpoint()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("log.sqlite")
    }


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A log of three statements."""
    return files_of(tmp_path_factory.mktemp("three"), 3)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A log of 600 statements: three bundles, two levels of tiles."""
    return files_of(tmp_path_factory.mktemp("many"), 600)


def verified(files: Files, **options: bytes) -> VerifiedLog:
    return verify_log(files.__getitem__, verifier=VERIFIER, **options)


def found(files: Files, **options: bytes) -> list[str]:
    return [f"{p.where}: {p.what}" for p in verified(files, **options).problems]


def resigned(files: Files, size: int, root: bytes) -> Files:
    text = Checkpoint("log/1", size, root).text
    return files | {"checkpoint": sign_note(text, name="log", key=KEY)}


def test_a_whole_log_has_no_problem(many: Files) -> None:
    """Every statement comes out, in order, with the head that covers it."""
    log = verified(many)

    assert log.problems == ()
    assert log.statements == tuple(statement(number) for number in range(600))
    assert log.checkpoint is not None
    assert log.checkpoint.size == 600


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_the_files_that_are_read_are_those_that_are_listed(tmp_path: Path, size: int) -> None:
    """A bundle that holds exactly these holds nothing that no signature covers."""
    files = files_of(tmp_path, size)
    read: list[str] = []

    def reader(path: str) -> bytes:
        read.append(path)
        return files[path]

    assert verify_log(reader, verifier=VERIFIER).problems == ()
    assert sorted(set(read)) == sorted(["checkpoint", *tree_files(size)]) == sorted(files)


def test_a_folder_can_be_verified_where_it_lies(tmp_path: Path) -> None:
    """The files are read through a function: from a folder as from a zip file."""
    files_of(tmp_path, 3)

    def read(path: str) -> bytes:
        return (tmp_path / path).read_bytes()

    assert verify_log(read, verifier=VERIFIER).problems == ()


def test_every_changed_byte_of_every_file_is_found(three: Files) -> None:
    """One bit at each place in turn, in checkpoint, tiles and entries: each is found."""
    for path, content in three.items():
        for at in range(len(content)):
            changed = bytearray(content)
            changed[at] ^= 1
            assert found(three | {path: bytes(changed)}), (path, at)


@settings(deadline=None)
@given(data=st.data())
def test_every_change_of_a_file_is_found(three: Files, data: st.DataObject) -> None:
    """Bytes changed, put in or taken out, anywhere."""
    path = data.draw(st.sampled_from(sorted(three)))
    content = three[path]
    begin = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(begin, min(begin + 40, len(content))))
    put = data.draw(st.binary(max_size=40).filter(lambda put: put != content[begin:end]))

    assert found(three | {path: content[:begin] + put + content[end:]})


def test_every_missing_file_is_named(many: Files) -> None:
    """Each by its path, and the statements of the other bundles still come out."""
    for path in many:
        rest = {name: content for name, content in many.items() if name != path}
        assert f"ledger/{path}: it is missing" in found(rest)

    log = verified({name: many[name] for name in many if name != "tile/entries/001"})
    assert [problem.where for problem in log.problems] == ["ledger/tile/entries/001"]
    assert log.statements[:256] == tuple(statement(number) for number in range(256))
    assert log.statements[256:512] == (None,) * 256
    assert log.statements[512:] == tuple(statement(number) for number in range(512, 600))


def test_without_entries_and_hashes_the_root_is_said_not_to_be_compared(many: Files) -> None:
    """What could not be checked is a problem of its own, never passed over."""
    rest = {name: many[name] for name in many if not name.endswith("/001")}

    assert found(rest) == [
        "ledger/tile/entries/001: it is missing",
        "ledger/checkpoint: its root was not compared: 256 leaves lack",
    ]


def test_several_differences_are_all_named(many: Files) -> None:
    """A wrong hash, a cut bundle, a wrong signature: three problems, not the first only."""
    tile = bytearray(many["tile/0/001"])
    tile[33] ^= 1
    problems = found(
        many
        | {
            "tile/0/001": bytes(tile),
            "tile/entries/002.p/88": many["tile/entries/002.p/88"][:-1],
            "checkpoint": many["checkpoint"].replace(b"log/1", b"log/2"),
        }
    )

    assert problems == [
        f"ledger/checkpoint: it is not signed by {VERIFIER}",
        "ledger/tile/entries/002.p/88: it ends within entry 87",
        "ledger/tile/0/001: its hash 257 is not that of the entries",
    ]


def test_an_entry_replaced_with_its_hashes_breaks_the_root(three: Files) -> None:
    """Whoever changes an entry and every hash above it still cannot sign the new root."""
    entries = unpack_entries(three["tile/entries/000.p/3"])
    entries[1] = seal_statement(statement(9), name="log", key=KEY)
    tree = Tree(map(leaf_hash, entries))
    forged = three | dict(tree.tiles()) | {"tile/entries/000.p/3": pack_entries(entries)}

    assert found(forged) == ["ledger/checkpoint: its root is not that of the 3 entries"]


def test_an_entry_that_another_key_signed_is_named_by_its_number(tmp_path: Path) -> None:
    """The tree is right and the checkpoint signed; the entry is still nobody's."""
    files = files_of(tmp_path, 2)
    entries = unpack_entries(files["tile/entries/000.p/2"])
    entries[1] = seal_statement(statement(1), name="log", key=OTHER_KEY)
    tree = Tree(map(leaf_hash, entries))
    bundle = {"tile/entries/000.p/2": pack_entries(entries)}

    log = verified(resigned(files | dict(tree.tiles()) | bundle, 2, tree.root()))

    assert [problem.where for problem in log.problems] == ["ledger/entry 1"]
    assert "not signed by the log's key" in log.problems[0].what
    assert log.statements == (statement(0), None)


def test_another_key_does_not_verify_the_log(three: Files) -> None:
    """Neither the checkpoint nor any entry is that key's."""
    other = Verifier("log", OTHER_KEY.public_key().public_bytes_raw())

    problems = verify_log(three.__getitem__, verifier=other).problems

    assert [problem.where for problem in problems] == [
        "ledger/checkpoint",
        "ledger/entry 0",
        "ledger/entry 1",
        "ledger/entry 2",
    ]


def test_a_witness_s_cosignature_is_passed_over(three: Files) -> None:
    """A line of an unknown key neither helps nor harms."""
    line = "\u2014 witness.example/w1 AAAAAWFiYw==\n".encode()

    assert found(three | {"checkpoint": three["checkpoint"] + line}) == []


def test_a_checkpoint_that_was_kept_begins_the_log(three: Files, many: Files) -> None:
    """The log of 3 begins the log of 600, and the empty one begins both."""
    empty = resigned({}, 0, Tree().root())["checkpoint"]

    assert found(many, earlier=three["checkpoint"]) == []
    assert found(many, earlier=empty) == []
    assert found(many, earlier=many["checkpoint"]) == []


def test_history_that_was_rewritten_is_found_by_a_kept_checkpoint(three: Files) -> None:
    """The key's owner signs another history: whole in itself, but not what was shown before."""
    entries = [seal_statement(statement(n), name="log", key=KEY) for n in (0, 7, 2, 3)]
    tree = Tree(map(leaf_hash, entries))
    bundle = {"tile/entries/000.p/4": pack_entries(entries)}
    rewritten = resigned(dict(tree.tiles()) | bundle, 4, tree.root())

    assert found(rewritten) == []
    what = "history was rewritten: the first 3 entries are not those it covers"
    assert found(rewritten, earlier=three["checkpoint"]) == [f"{KEPT}: {what}"]


def test_a_log_that_was_cut_off_is_found_by_a_kept_checkpoint(three: Files, many: Files) -> None:
    """The last entries are gone, and the shorter log is signed again."""
    what = "it covers 600 entries, this log 3: an older copy, or cut off"

    assert found(three, earlier=many["checkpoint"]) == [f"{KEPT}: {what}"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda kept: kept.replace(b"log/1", b"log/2"), "it is of another log: log/2"),
        (lambda kept: kept.replace(b"\n3\n", b"\n2\n"), "it is not signed by log"),
        (lambda kept: kept[:20], "no signature stands below it"),
        (lambda _: b"", "no signature stands below it"),
    ],
)
def test_a_kept_checkpoint_that_says_nothing_is_a_problem(
    three: Files, spoil: Callable[[bytes], bytes], says: str
) -> None:
    """It was given to be compared; that it was not must show."""
    problems = found(three, earlier=spoil(three["checkpoint"]))

    assert len(problems) == 1
    assert says in problems[0]


def test_a_huge_claim_is_refused_before_it_is_read(three: Files) -> None:
    """A signed size of a billion billions does not make the reader try."""
    log = verified(resigned(three, 10**18, bytes(32)))

    assert [problem.what for problem in log.problems] == [f"it claims {10**18:,} entries"]
    assert log.statements == ()


def test_a_folder_in_a_file_s_place_is_missing(tmp_path: Path) -> None:
    """A hostile bundle may put anything anywhere; no other error comes out."""
    files_of(tmp_path, 3)
    tile = tmp_path / "tile/0/000.p/3"
    tile.unlink()
    tile.mkdir()

    problems = verify_log(lambda path: (tmp_path / path).read_bytes(), verifier=VERIFIER).problems

    assert [str(problem.where) for problem in problems] == ["ledger/tile/0/000.p/3"]
