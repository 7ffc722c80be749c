"""The pages of the system description: written field by field, checked, previewed, handed on."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.catalog.criteria import CRITERION_IDS, DESCRIPTION_IDS
from reperform.catalog.library import load_catalog
from reperform.ledger.models import Change
from reperform.program.actions.description import write_field
from reperform.program.actions.scope import change_scope
from reperform.program.description.files import description_library
from reperform.program.models import AdoptedControl, Asset, DescriptionVersion
from reperform.program.scope.document import Commitment, ScopeDocument
from reperform.program.statement import parse_statement

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "webinput"
FIELDS = [field.name for field in description_library().fields]


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/description/"


@pytest.fixture
def scope(larkspur: Organization) -> ScopeDocument:
    decided = ScopeDocument(
        system="Marigold Payroll",
        services=("Computes payroll",),
        type=2,
        first=date(2026, 1, 1),
        last=date(2026, 6, 30),
        commitments=(Commitment("commitment", "Data is kept from others.", "security"),),
        not_applicable={"CC6.4": "There are no offices."},
    )
    change_scope(organization=larkspur, scope=decided, seen=0, library="0" * 64, by="test", at=AT)
    return decided


def write(organization: Organization, field: str, text: str, *, seen: int = 0) -> None:
    write_field(
        organization=organization, field=field, text=text, seen=seen, by="ada@example", at=AT
    )


def adopt(organization: Organization, code: str, *, library_id: str) -> None:
    AdoptedControl.objects.create(
        organization=organization,
        code=code,
        title="Changes are reviewed",
        text="Each change is reviewed.",
        criteria=["CC8.1"],
        nature="preventive",
        kind="manual",
        frequency="per event",
        owner_role="Engineering lead",
        library_id=library_id,
        adopted_on=date(2026, 1, 1),
        changed_by="test",
        changed_at=AT,
    )


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def send(client: Client, url: str, text: str, *, seen: int = 0, **more: str) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(url, {"text": text, "seen": str(seen), **more})


def test_the_list_says_what_is_missing(manager: Client, home: str, scope: ScopeDocument) -> None:
    """All nine criteria, each field with its state, and what to do next."""
    text = said(manager.get(home))

    for number in range(1, 10):
        assert f"DC {number}. " in text
    assert "missing" in text
    assert "from the scope" in text
    assert "is empty, and a Type 2 report needs it" in text
    assert "not checked: " in text


def test_without_a_scope_the_list_leads_to_it(manager: Client, home: str) -> None:
    """The empty state says what to do first."""
    assert "Decide the scope" in said(manager.get(home))


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_guidance_and_an_example(manager: Client, home: str, field: str) -> None:
    """Somebody who never did this sees what to write."""
    text = said(manager.get(f"{home}{field}/"))

    assert "An example, of the invented company Larkspur" in text
    assert "aria-describedby" in text


def test_a_field_is_written_and_every_version_kept(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Two versions, each with an entry of the ledger that says before and after."""
    assert send(manager, f"{home}dc3.data/", "Wages.").status_code == 302
    assert send(manager, f"{home}dc3.data/", "Wages and names.", seen=1).status_code == 302

    kept = DescriptionVersion.objects.filter(organization=larkspur).order_by("number")
    assert [(each.number, each.text) for each in kept] == [(1, "Wages."), (2, "Wages and names.")]
    change = Change.objects.filter(log=larkspur.log, act="description.written").latest("pk")
    content = json.loads(bytes(change.content or b"")[32:])
    assert content["before"] == {"text": "Wages."}
    assert content["after"] == {"version": 2, "text": "Wages and names."}
    assert change.by == "compliance_manager@larkspur.example"


def test_saving_the_same_text_makes_no_version(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Nothing changed, so nothing is recorded."""
    send(manager, f"{home}dc3.data/", "Wages.")
    before = Change.objects.count()
    send(manager, f"{home}dc3.data/", "Wages.\r\n", seen=1)
    send(manager, f"{home}dc3.people/", "")

    assert DescriptionVersion.objects.count() == 1
    assert Change.objects.count() == before


def test_saving_and_going_on(manager: Client, home: str) -> None:
    """The next field in the order of the report; from the last one back to the list."""
    on = send(manager, f"{home}dc3.data/", "Wages.", next="1")
    last = send(manager, f"{home}dc9.changes/", "None of note.", next="1")

    assert on.headers["Location"] == f"{home}dc4.incidents/"
    assert last.headers["Location"] == home


def test_two_people_write_at_once_and_nothing_is_lost(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The second sees both texts and the difference, and saves over the version they have seen."""
    write(larkspur, "dc3.data", "Wages, kept for seven years.")

    answer = send(manager, f"{home}dc3.data/", "Wages, kept for ten years.", seen=0)

    text = said(answer)
    assert answer.status_code == 409
    assert "Wages, kept for seven years." in text
    assert "Wages, kept for ten years.</textarea>" in text
    assert "<del>seven</del><ins>ten</ins>" in text
    assert 'name="seen" value="1"' in text
    assert DescriptionVersion.objects.count() == 1
    assert send(manager, f"{home}dc3.data/", "Both.", seen=1).status_code == 302


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"text": "x" * 20_001, "seen": "0"}, "20,001 characters"),
        ({"text": "y" * 5_001, "seen": "0"}, "a paragraph of 5,001 characters"),
        ({"text": "a\x00b", "seen": "0"}, "a character that no text has"),
        ({"seen": "0"}, "is not text"),
        ({"text": "Fine.", "seen": "x"}, "you saw -1"),
        ({"text": "Fine.", "seen": "9" * 30}, "you saw -1"),
        ({"text": "Fine."}, "you saw -1"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept_in_the_page(
    manager: Client, home: str, sent: dict[str, str], says: str
) -> None:
    """422 or 409, never a crash; what was sent stands in the field."""
    answer = manager.post(f"{home}dc3.data/", sent)

    assert answer.status_code in (409, 422)
    assert says in said(answer)
    assert sent.get("text", "")[:50].replace("\x00", "") in said(answer).replace("\x00", "")
    assert not DescriptionVersion.objects.exists()


@pytest.mark.parametrize("name", ["dc3.nothing", "DC3.data", "dc3", "..", "dc3.data'--", "💥"])
def test_a_field_that_does_not_exist(manager: Client, home: str, name: str) -> None:
    """404 for reading, writing and its versions."""
    assert manager.get(f"{home}{name}/").status_code == 404
    assert manager.post(f"{home}{name}/", {"text": "x", "seen": "0"}).status_code == 404
    assert manager.get(f"{home}{name}/history/").status_code == 404


def test_who_may_only_read_sees_the_text_and_no_form(
    larkspur: Organization,
    home: str,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """The auditor reads what management wrote."""
    write(larkspur, "dc3.data", "Kinds:\n\n- wages\n- names")
    client = signed_in(member(Role.AUDITOR))

    text = said(client.get(f"{home}dc3.data/"))

    assert "<li>wages</li><li>names</li>" in text
    assert "<textarea" not in text
    assert send(client, f"{home}dc3.data/", "x", seen=1).status_code == 403


def test_the_versions_show_what_each_changed(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The newest first; any other by its number; a number that does not exist is not found."""
    url = f"{home}dc3.data/history/"
    assert "Nothing was written here yet" in said(manager.get(url))
    write(larkspur, "dc3.data", "Wages and names.")
    write(larkspur, "dc3.data", "Wages and addresses.", seen=1)

    assert "<del>names.</del><ins>addresses.</ins>" in said(manager.get(url))
    assert "<ins>Wages and names.</ins>" in said(manager.get(f"{url}?version=1"))
    for wrong in ("3", "0", "99999999"):
        assert manager.get(f"{url}?version={wrong}").status_code == 404
    for odd in ("-1", "x", "²", "9" * 40):
        assert manager.get(f"{url}?version={odd}&page={odd}").status_code == 200


def test_markup_in_a_text_stays_text(manager: Client, home: str, larkspur: Organization) -> None:
    """In the form, the list, the versions and the preview."""
    write(larkspur, "dc3.data", "<script>alert(1)</script> **bold** [x](javascript:1)")

    for page in (home, f"{home}dc3.data/", f"{home}dc3.data/history/", f"{home}preview/"):
        raw = manager.get(page).content.decode()
        assert "<script>alert" not in raw
        assert 'href="javascript' not in raw
    assert "**bold**" in said(manager.get(f"{home}preview/"))


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the strings lie beside the checkout")
def test_naughty_strings_come_back_as_they_were_sent(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Each is kept as text, or refused with a reason; every page still answers."""
    path = next(HOSTILE.rglob("blns.json"))
    strings = [each for each in json.loads(path.read_text("utf-8")) if each.strip()]
    seen = 0
    for string in strings:
        answer = send(manager, f"{home}dc3.data/", string, seen=seen)
        assert answer.status_code in (302, 422), string
        if answer.status_code == 302:
            latest = DescriptionVersion.objects.latest("number")
            assert latest.text == "\n".join(line.rstrip() for line in string.splitlines()).strip(
                "\n"
            )
            seen = latest.number
    write(larkspur, "dc3.people", "\n\n".join(strings[:100]))

    for page in (home, f"{home}dc3.data/", f"{home}preview/", f"{home}statement.yaml"):
        assert manager.get(page).status_code == 200
    assert manager.get(f"{home}preview.pdf").content.startswith(b"%PDF-")


def test_the_preview_says_what_is_missing(
    manager: Client, home: str, scope: ScopeDocument, larkspur: Organization
) -> None:
    """The whole section, with the table of DC 8 and without any inline style or script."""
    write(larkspur, "dc3.people", "- Engineering\n- Support")

    text = said(manager.get(f"{home}preview/"))

    assert "Section III. Description of the system" in text
    assert "<li>Engineering</li>" in text
    assert "Not written yet: Infrastructure; Software; Procedures; Data." in text
    assert "There are no offices." in text
    assert "style=" not in text


def test_the_pdf_is_a_download_marked_as_a_draft(manager: Client, home: str) -> None:
    """Also while nothing is written at all."""
    answer = manager.get(f"{home}preview.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"DRAFT of Section III" in answer.content


def test_the_statement_is_what_an_examination_takes_up(
    manager: Client, home: str, scope: ScopeDocument, larkspur: Organization
) -> None:
    """Description, reasons and the library's controls; a control of one's own is left out."""
    write(larkspur, "dc4.incidents", "There were none.")
    adopt(larkspur, "CHG-01", library_id="CHG-01")
    adopt(larkspur, "OWN-01", library_id="")

    answer = manager.get(f"{home}statement.yaml")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement.yaml"'
    read = parse_statement(
        answer.content.decode(),
        where="statement.yaml",
        controls={control.id for control in load_catalog().controls},
        criteria=CRITERION_IDS,
        description=DESCRIPTION_IDS,
    )
    assert read.organization == "Larkspur"
    assert read.system == "Marigold Payroll"
    assert read.description["DC4"] == "There were none."
    assert read.not_applicable == {"CC6.4": "There are no offices."}
    assert {name: each.owner for name, each in read.adopted.items()} == {
        "CHG-01": "Engineering lead"
    }


def test_controls_that_were_adopted_are_counted_as_serving(
    manager: Client, home: str, scope: ScopeDocument, larkspur: Organization
) -> None:
    """33 criteria, one with a reason, one served."""
    adopt(larkspur, "CHG-01", library_id="CHG-01")

    assert "31 of 33 criteria in scope have neither a control nor a reason" in said(
        manager.get(home)
    )


def test_a_stranger_s_description_is_another_one(
    manager: Client, home: str, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    """Texts of two organizations never meet."""
    other = stranger.memberships.get().organization
    write(other, "dc3.data", "Secret of another.")

    for page in ("", "dc3.data/", "dc3.data/history/", "preview/", "statement.yaml"):
        assert "Secret of another." not in said(manager.get(home + page))
        assert signed_in(stranger).get(home + page).status_code == 404


@pytest.mark.parametrize("page", ["", "dc3.data/", "dc3.data/history/", "preview/"])
def test_pages_ask_as_much_of_60_versions_as_of_3(
    manager: Client,
    home: str,
    larkspur: Organization,
    page: str,
    django_assert_max_num_queries: Any,  # noqa: ANN401 - a fixture of pytest-django
) -> None:
    """A bounded number of queries and less than 100 KB, however long the history."""
    for number in range(3):
        write(larkspur, "dc3.data", f"Text {number}", seen=number)
    with django_assert_max_num_queries(26) as few:
        manager.get(home + page)
    for number in range(3, 60):
        write(larkspur, "dc3.data", f"Text {number}", seen=number)
    for field in FIELDS:
        if field != "dc3.data":
            write(larkspur, field, f"Text of {field}.")

    with django_assert_max_num_queries(len(few.captured_queries)):
        answer = manager.get(home + page)

    assert answer.status_code == 200
    assert len(answer.content) < 60_000


def test_a_long_history_has_pages(manager: Client, home: str, larkspur: Organization) -> None:
    """Fifty a page."""
    for number in range(52):
        write(larkspur, "dc3.data", f"Text {number}", seen=number)

    first = said(manager.get(f"{home}dc3.data/history/"))
    second = said(manager.get(f"{home}dc3.data/history/?page=2&version=2"))

    assert "Page 1 of 2" in first
    assert ">Version 52</a>" in first
    assert ">Version 2</a>" not in first
    assert ">Version 2</a>" in second


def test_writing_takes_the_time_that_it_is_given(larkspur: Organization) -> None:
    """The action reads no clock."""
    later = AT + timedelta(days=3)
    version = write_field(
        organization=larkspur, field="dc3.data", text="x", seen=0, by="ada", at=later
    )

    assert version
    assert version.at == later


def test_a_field_about_systems_offers_what_the_register_of_assets_has(
    manager: Client, home: str, larkspur: Organization, stranger: User
) -> None:
    """What belongs to the field and to the boundary; first what the text does not name."""
    other = stranger.memberships.get().organization
    kept = {"purpose": "x", "changed_by": "test", "changed_at": AT}
    for number, (organization, name, kind, in_boundary) in enumerate(
        [
            (larkspur, "Ledger database", "database", True),
            (larkspur, "Message queue", "infrastructure", None),
            (larkspur, "Console", "application", True),
            (larkspur, "Old office", "network", False),
            (other, "Their database", "database", True),
        ],
        start=1,
    ):
        Asset.objects.create(
            organization=organization,
            number=number,
            name=name,
            kind=kind,
            in_boundary=in_boundary,
            **kept,
        )
    write(larkspur, "dc3.infrastructure", "It has a ledger database.")

    page = unescape(manager.get(f"{home}dc3.infrastructure/").content.decode())

    assert "What the register of assets has: 2, of which the text names 1 not" in page
    assert page.index("Message queue") < page.index(">Ledger database")
    assert not any(each in page for each in ("Console<", "Old office", "Their database"))
    assert "register of assets has" not in manager.get(f"{home}dc3.people/").content.decode()
