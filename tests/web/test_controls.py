"""The pages of controls: adopted, tailored, written, retired; and what each page tells of them."""

import json
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.actions import keep_examination
from reperform.catalog.criteria import CRITERION_IDS, DESCRIPTION_IDS
from reperform.catalog.installed import catalog
from reperform.ledger.models import Change
from reperform.program.controls.document import library_document
from reperform.program.models import AdoptedControl, RemediationTask
from reperform.program.statement import Statement, parse_statement
from web.conftest import AT
from web.examined import results, write_outputs

HOME = "/o/larkspur/controls/"
HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "webinput"

OWN: dict[str, Any] = {
    "code": "PAY-01",
    "title": "Payments above 10,000 euros are released by two people",
    "text": "Before each payment above 10,000 euros is released, a second person of finance "
    "compares it with the invoice and approves it in the bank's portal, which keeps the record.",
    "criteria": ["CC5.1"],
    "points_of_focus": [],
    "nature": "preventive",
    "kind": "manual",
    "frequency": "per event",
    "owner_role": "Head of Finance",
    "evidence": "approval in the portal",
    "population": "Every payment above 10,000 euros, from the bank's portal.",
    "policies": "payments",
}


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def sent(library_id: str = "CHG-01", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return what the form of a library's control sends when nothing is typed."""
    document = library_document(next(each for each in catalog().controls if each.id == library_id))
    fields = {
        "code": library_id,
        "title": document.title,
        "text": document.text,
        "criteria": list(document.criteria),
        "points_of_focus": list(document.points_of_focus),
        "nature": document.nature,
        "kind": document.kind,
        "frequency": document.frequency,
        "owner_role": document.owner_role,
        "evidence": "\n".join(document.evidence),
        "population": document.population,
        "policies": "\n".join(document.policies),
    }
    return fields | changes


def adopt(client: Client, library_id: str = "CHG-01", **changes: Any) -> AdoptedControl:  # noqa: ANN401 - any field
    answer = client.post(f"{HOME}adopt/{library_id}/", sent(library_id, **changes))
    assert answer.status_code == 302, unescape(answer.content.decode())[:3000]
    return AdoptedControl.objects.get(code=changes.get("code", library_id))


def stated(client: Client) -> Statement:
    """Return the statement that an examination would take up."""
    return parse_statement(
        client.get("/o/larkspur/description/statement.yaml").content.decode(),
        where="statement.yaml",
        controls={each.id for each in catalog().controls},
        criteria=CRITERION_IDS,
        description=DESCRIPTION_IDS,
    )


def recorded(act: str) -> dict[str, Any]:
    change = Change.objects.filter(act=act).latest("pk")
    return {"by": change.by, "subject": change.subject, **json.loads(bytes(change.content)[32:])}


def test_the_list_proposes_the_library_before_anything_is_adopted(manager: Client) -> None:
    """Every control of the library is there, and those that the scope needs are counted."""
    said = text(manager, HOME)

    assert f"{len(catalog().controls)} controls" in said
    assert "proposed by the library for your scope" in said


def test_a_control_is_adopted_as_the_library_says_it(
    manager: Client, larkspur: Organization
) -> None:
    """It keeps the library's text, is not tailored, and the ledger has the whole of it."""
    control = adopt(manager)

    assert (control.library_id, control.is_tailored, control.version) == ("CHG-01", False, 1)
    assert control.adopted_on == date.today()  # noqa: DTZ011 - the page's own clock
    entry = recorded("control.adopted")
    assert entry["by"] == "compliance_manager@larkspur.example"
    assert entry["subject"] == "control CHG-01"
    assert entry["after"]["text"] == control.text
    assert "As the library's CHG-01 says it" in text(manager, f"{HOME}CHG-01/")


def test_a_control_is_tailored_and_the_difference_shown(manager: Client) -> None:
    """What it said stays in its history, and the page shows it beside the library's text."""
    adopt(manager)
    tailored = sent()["text"].replace("1 working day", "4 hours")

    answer = manager.post(f"{HOME}CHG-01/edit/", sent(text=tailored, seen="1"))

    assert answer.status_code == 302
    said = text(manager, f"{HOME}CHG-01/")
    assert "Tailored from the library's CHG-01, version 2" in said
    assert "<ins>4</ins>" in said
    assert "<ins>hours.</ins>" in said
    assert "These test the library's CHG-01" in said
    entry = recorded("control.changed")
    assert set(entry["after"]) == {"version", "text"}
    assert "1 working day" in entry["before"]["text"]


def test_saving_what_is_there_records_nothing(manager: Client) -> None:
    adopt(manager)
    before = Change.objects.count()

    manager.post(f"{HOME}CHG-01/edit/", sent(seen="1"))

    assert Change.objects.count() == before
    assert AdoptedControl.objects.get().version == 1


def test_two_people_change_a_control_at_once_and_nothing_is_lost(manager: Client) -> None:
    """The second sees the difference to what stands, keeps what they wrote, and can save it."""
    adopt(manager)
    manager.post(f"{HOME}CHG-01/edit/", sent(title="Ada's title", seen="1"))

    answer = manager.post(f"{HOME}CHG-01/edit/", sent(title="Grace's title", seen="1"))

    said = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "<del>Ada's</del><ins>Grace's</ins>" in said
    assert 'name="title" value="Grace\'s title"' in said
    assert AdoptedControl.objects.get().title == "Ada's title"
    again = manager.post(f"{HOME}CHG-01/edit/", sent(title="Grace's title", seen="2"))
    assert again.status_code == 302


def test_one_of_their_own_is_written_with_a_code_of_its_own(manager: Client) -> None:
    """Nothing of the library tests it, and the page says so."""
    assert manager.post(f"{HOME}new/", OWN).status_code == 302

    said = text(manager, f"{HOME}PAY-01/")
    assert "Your own, version 1." in said
    assert "Nothing in the library tests it" in said
    assert AdoptedControl.objects.get().library_content == {}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": ""}, "Code: is ''"),
        ({"code": "pay-01"}, "Code: is 'pay-01'"),
        ({"code": "PAY-0123456789"}, "Code: is 'PAY-0123456789'"),
        ({"code": "CHG-01"}, "CHG-01 is the library's control of this name"),
        ({"code": "../x"}, "Code: is '../x'"),
        ({"title": ""}, "Title: is empty"),
        ({"title": "x" * 201}, "201 characters"),
        ({"text": "a\x00b"}, "one that no text has"),
        ({"criteria": []}, "Criteria: names none"),
        ({"criteria": ["CC6.9"]}, "there is no criterion 'CC6.9'"),
        ({"points_of_focus": ["CC6.1-a"]}, "CC6.1-a belongs to CC6.1"),
        ({"points_of_focus": ["CC5.1-zz"]}, "no point of focus 'CC5.1-zz'"),
        ({"nature": ""}, "Nature: is not chosen"),
        ({"kind": "robotic"}, "Kind: is 'robotic'"),
        ({"frequency": "often"}, "Frequency: is 'often'"),
        ({"owner": "999999999"}, "Owner: is nobody who can own"),
        ({"owner": "9" * 30}, "Owner: is nobody who can own"),
        ({"owner": "²"}, "Owner: is nobody who can own"),
        ({"implemented_on": "2999-01-01"}, "2999-01-01 has not come yet"),
        ({"implemented_on": "soon"}, "Implemented on: is 'soon'"),
        ({"evidence": "\n".join(map(str, range(101)))}, "Evidence: is not such a list"),
        ({"policies": "p" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_in_its_place(
    manager: Client, changes: dict[str, Any], says: str
) -> None:
    """422, nothing kept, and what was written still stands in the form."""
    answer = manager.post(f"{HOME}new/", OWN | changes)

    said = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert says in said
    assert "Nothing was saved" in said
    assert not AdoptedControl.objects.exists()


def test_a_code_is_never_used_again(manager: Client) -> None:
    """Not after its control was retired either; the library's is adopted anew under another."""
    control = adopt(manager)
    retire = {"on": str(control.adopted_on), "reason": "Replaced by PAY-01.", "seen": "1"}
    assert manager.post(f"{HOME}CHG-01/retire/", retire).status_code == 302

    answer = manager.post(f"{HOME}adopt/CHG-01/", sent())
    assert answer.status_code == 422
    assert "CHG-01 is or was another control's" in unescape(answer.content.decode())
    assert 'value="CHG-01.2"' in text(manager, f"{HOME}adopt/CHG-01/")
    adopt(manager, code="CHG-01.2")
    assert AdoptedControl.objects.count() == 2


def test_a_retired_control_is_kept_readable_and_changes_no_more(manager: Client) -> None:
    """Day and reason stand on its page; editing and retiring it again are not found."""
    control = adopt(manager)
    retire = {"on": str(control.adopted_on), "reason": "Merged into CHG-02.", "seen": "1"}
    manager.post(f"{HOME}CHG-01/retire/", retire)

    assert "Merged into CHG-02." in text(manager, f"{HOME}CHG-01/")
    assert recorded("control.retired")["after"]["retired_because"] == "Merged into CHG-02."
    assert manager.get(f"{HOME}CHG-01/edit/").status_code == 404
    assert manager.post(f"{HOME}CHG-01/retire/", retire).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"reason": ""}, 422, "reason: is empty"),
        ({"on": ""}, 422, "on: is not named"),
        ({"on": "2999-01-01"}, 422, "has not come yet"),
        ({"on": "2001-01-01"}, 422, "is before"),
        ({"seen": "7"}, 409, "you saw 7"),
    ],
)
def test_retiring_takes_a_day_a_reason_and_the_version_seen(
    manager: Client, changes: dict[str, str], status: int, says: str
) -> None:
    control = adopt(manager)
    retire = {"on": str(control.adopted_on), "reason": "Gone.", "seen": "1"} | changes

    answer = manager.post(f"{HOME}CHG-01/retire/", retire)

    assert answer.status_code == status
    assert says in unescape(answer.content.decode())
    assert AdoptedControl.objects.get().retired_on is None


def test_an_owner_is_an_active_member_and_no_auditor(
    manager: Client, member: Callable[[Role], User], stranger: User
) -> None:
    """Another organization's member, an auditor and somebody who left cannot own a control."""
    owner = Membership.objects.get(user=member(Role.CONTROL_OWNER))
    auditor = Membership.objects.get(user=member(Role.AUDITOR))
    other = Membership.objects.get(user=stranger)
    gone = Membership.objects.get(user=member(Role.EMPLOYEE))
    Membership.objects.filter(pk=gone.pk).update(is_active=False)

    for wrong in (auditor, other, gone):
        answer = manager.post(f"{HOME}new/", OWN | {"owner": str(wrong.pk)})
        assert answer.status_code == 422
        assert "is nobody who can own a control" in unescape(answer.content.decode())
    adopt(manager, owner=str(owner.pk))

    assert AdoptedControl.objects.get().owner == owner
    assert "control_owner@larkspur.example" in text(manager, HOME)


def test_an_owner_who_left_keeps_nobody_from_correcting_the_text(
    manager: Client, member: Callable[[Role], User]
) -> None:
    """The page says that they left; saving asks for another, or for nobody."""
    owner = Membership.objects.get(user=member(Role.CONTROL_OWNER))
    adopt(manager, owner=str(owner.pk))
    Membership.objects.filter(pk=owner.pk).update(is_active=False)

    assert "left: choose another" in text(manager, f"{HOME}CHG-01/edit/")
    assert manager.post(f"{HOME}CHG-01/edit/", sent(title="New", seen="1")).status_code == 302
    assert AdoptedControl.objects.get().owner is None


def test_a_newer_text_of_the_library_is_shown_until_it_was_compared(manager: Client) -> None:
    """The reminder goes away when management says that it compared, not before."""
    control = adopt(manager)
    old = {**control.library_content, "text": "An older text."}
    AdoptedControl.objects.update(library_content=old, text="An older text.")

    assert "newer text" in text(manager, HOME)
    assert "What the library changed since" in text(manager, f"{HOME}CHG-01/")
    assert sent()["text"] in text(manager, f"{HOME}CHG-01/edit/?text=library")
    manager.post(f"{HOME}CHG-01/edit/", sent(text="Still ours.", seen="1"))
    assert "newer text" in text(manager, HOME)
    manager.post(f"{HOME}CHG-01/edit/", sent(text="Still ours.", seen="2", compared="1"))
    assert "newer text" not in text(manager, HOME)
    assert AdoptedControl.objects.get().is_tailored


def test_looking_again_saves_nothing_and_says_what_the_text_leaves_open(manager: Client) -> None:
    answer = manager.post(
        f"{HOME}new/", OWN | {"text": "Payments are reviewed periodically.", "again": "1"}
    )

    said = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "“periodically”: say how often" in said
    assert "“are reviewed”: say who does it" in said
    assert not AdoptedControl.objects.exists()


def test_an_auditor_is_not_shown_managements_own_view(
    manager: Client, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    """Neither findings nor remediation tasks; the text, the tests and the results are."""
    adopt(manager, text="Changes are reviewed periodically.")
    RemediationTask.objects.create(
        organization=AdoptedControl.objects.get().organization,
        number=1,
        title="Write it anew",
        control="CHG-01",
        risk="low",
        changed_by="test",
        changed_at=AT,
    )
    auditor = signed_in(member(Role.AUDITOR))

    assert "Write it anew" in text(manager, f"{HOME}CHG-01/")
    said = text(auditor, f"{HOME}CHG-01/")
    assert "leaves open" not in said
    assert "Write it anew" not in said
    assert "Tailor</a>" not in said
    assert "CHG-01.T1" in said


def test_the_page_of_a_control_tells_its_whole_story(
    manager: Client, larkspur: Organization, tmp_path: Path
) -> None:
    """Tests with what they cannot see, results over time, the evidence, history, crosswalks."""
    adopt(manager)
    for number in (1, 2):
        keep_examination(
            organization=larkspur,
            folder=write_outputs(tmp_path / str(number), results(exceptions=number)),
            by="test",
            at=AT,
        )

    said = text(manager, f"{HOME}CHG-01/")

    assert "Cannot see" in said
    assert said.count("exceptions noted") == 4, "among the results, and over time"
    assert "git.commits" in said
    assert "never collected" in said
    assert "control.adopted" in said
    assert 'rel="noreferrer"' in said
    assert "The period is not decided" in said or "It operates at each event" in said


@pytest.mark.parametrize(
    ("query", "has", "has_not"),
    [
        ("state=adopted", "CHG-01", "CHG-02"),
        ("state=proposed", "CHG-02", "CHG-01"),
        ("state=retired", "No control is like this", "CHG-01"),
        ("family=CHG&state=adopted", "CHG-01", "PAY-01"),
        ("criterion=CC5.1&state=adopted", "PAY-01", "CHG-01"),
        ("category=privacy", "PRV-01", "CHG-01"),
        ("owner=nobody&state=adopted", "CHG-01", "CHG-02"),
        ("kind=manual&state=adopted", "PAY-01", "CHG-01"),
        ("text=EUROS+payments", "PAY-01", "CHG-01"),
        ("implemented=yes", "No control is like this", "CHG-01"),
        ("sort=-title&state=adopted", "PAY-01", "CHG-02"),
        ("sort=x&page=zz&owner=%01&state=adopted&unknown=1", "No control is like this", "CHG-02"),
    ],
)
def test_the_list_is_narrowed(manager: Client, query: str, has: str, has_not: str) -> None:
    """Each filter by itself; what makes no sense finds nothing, and breaks nothing."""
    adopt(manager)
    manager.post(f"{HOME}new/", OWN)

    said = text(manager, f"{HOME}?{query}")

    table = said.partition("<tbody>")[2] or said
    assert has in table
    assert f">{has_not}</a>" not in table


def test_what_does_not_exist_is_not_found(manager: Client) -> None:
    for code in ("NO-99", "CHG-1", "..", "ADOPT", "'--"):
        assert manager.get(f"{HOME}{code}/").status_code == 404
        assert manager.get(f"{HOME}{code}/edit/").status_code == 404
        assert manager.get(f"{HOME}adopt/{code}/").status_code == 404


def test_another_organizations_control_does_not_exist_here(
    manager: Client, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    """Same code, two organizations: each sees its own."""
    manager.post(f"{HOME}new/", OWN)
    other = signed_in(stranger)

    assert other.get("/o/other/controls/PAY-01/").status_code == 404
    assert other.post("/o/other/controls/PAY-01/edit/", OWN | {"seen": "1"}).status_code == 404
    assert other.post("/o/other/controls/new/", OWN).status_code == 302


def test_markup_in_a_control_stays_text(manager: Client) -> None:
    manager.post(f"{HOME}new/", OWN | {"title": "<script>alert(1)</script>", "text": "<b>x</b>"})

    for url in (HOME, f"{HOME}PAY-01/", f"{HOME}PAY-01/edit/", f"{HOME}PAY-01/retire/"):
        assert "<script>alert" not in manager.get(url).content.decode()
        assert "<b>x</b>" not in manager.get(url).content.decode()


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the strings lie beside the checkout")
def test_naughty_strings_are_kept_as_text_or_refused(manager: Client) -> None:
    """Every page still answers."""
    path = next(HOSTILE.rglob("blns.json"))
    strings = [each for each in json.loads(path.read_text("utf-8")) if each.strip()]
    manager.post(f"{HOME}new/", OWN)
    seen = 1
    for string in strings:
        fields = OWN | {"title": string[:200], "text": string, "evidence": string}
        answer = manager.post(f"{HOME}PAY-01/edit/", fields | {"seen": str(seen)})
        assert answer.status_code in (302, 422), string
        seen = AdoptedControl.objects.get().version

    assert manager.get(f"{HOME}PAY-01/").status_code == 200
    assert manager.get(HOME).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"nature": "x"},
        {"kind": "x"},
        {"frequency": "x"},
        {"code": ""},
        {"retired_on": date(2026, 1, 1)},
    ],
)
def test_the_database_refuses_what_no_form_would_send(
    manager: Client, wrong: dict[str, Any]
) -> None:
    control = adopt(manager)

    with pytest.raises(IntegrityError), transaction.atomic():
        AdoptedControl.objects.filter(pk=control.pk).update(**wrong)


def test_the_list_asks_the_database_the_same_few_questions(
    manager: Client,
    django_assert_max_num_queries: Any,  # noqa: ANN401 - pytest-django's own
) -> None:
    """However many controls there are."""
    for code in ("CHG-01", "CHG-02", "AC-01", "AC-02"):
        adopt(manager, code)

    # Eight of each are the session's, the sign-in's and the membership's.
    with django_assert_max_num_queries(13):
        manager.get(HOME)
    with django_assert_max_num_queries(33):
        manager.get(f"{HOME}CHG-01/")


def test_a_tailored_control_is_stated_in_managements_words(manager: Client) -> None:
    """The statement that an examination takes up never puts the library's words in its mouth."""
    adopt(manager)
    adopt(manager, "CHG-02")
    manager.post(f"{HOME}CHG-01/edit/", sent(text="Two people read each change.", seen="1"))

    statement = stated(manager)

    assert statement.adopted["CHG-01"].says == {"text": "Two people read each change."}
    assert statement.adopted["CHG-02"].says == {}


def test_all_that_a_control_says_is_stated_and_an_own_one_too(manager: Client) -> None:
    """Frequency, evidence and criteria as management has them; what was retired is not stated."""
    adopt(
        manager,
        frequency="weekly",
        evidence="the ticket",
        criteria=["CC8.1"],
        points_of_focus=[],
    )
    for code in ("PAY-01", "PAY-02"):
        assert manager.post(f"{HOME}new/", OWN | {"code": code}).status_code == 302
    gone = {"seen": "1", "on": str(date.today()), "reason": "Gone."}  # noqa: DTZ011 - the page's own clock
    manager.post(f"{HOME}PAY-02/retire/", gone)

    statement = stated(manager)

    says = statement.adopted["CHG-01"].says
    assert (says["frequency"], says["evidence"]) == ("weekly", ("the ticket",))
    assert says["criteria"] == ("CC8.1",)
    assert "text" not in says
    assert list(statement.own) == ["PAY-01"]
    control = statement.own["PAY-01"].stated("PAY-01", None)
    assert (control.title, control.criteria) == (OWN["title"], ("CC5.1",))
    assert (control.owner, control.population) == ("Head of Finance", OWN["population"])
