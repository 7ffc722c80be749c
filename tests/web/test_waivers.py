"""Waivers: one asks, another decides, it ends on a day, and it is never deleted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.models import Change
from reperform.program.models import Waiver
from web.test_controls import adopt

HOME = "/o/larkspur/waivers/"
TODAY = datetime.now(UTC).date()
SAID = {
    "test": "CHG-01.T1",
    "items": "abc123\ndef456",
    "reason": "The reviewer was ill.",
    "last": str(TODAY + timedelta(days=90)),
}


def text(answer: Any) -> str:  # noqa: ANN401 - a response
    return unescape(answer.content.decode())


def ask(client: Client, **said: str) -> Any:  # noqa: ANN401 - a response
    return client.post(f"{HOME}new/", {**SAID, **said})


def decide(
    client: Client, number: int = 1, *, seen: int = 1, yes: bool = True, note: str = ""
) -> Any:  # noqa: ANN401 - a response
    said = {"seen": seen, "is_approved": "yes" if yes else "no", "note": note}
    return client.post(f"{HOME}{number}/decide/", said)


@pytest.fixture
def administrator(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.ADMINISTRATOR))


def test_one_asks_another_approves_and_everybody_sees_who_why_and_until_when(
    manager: Client, administrator: Client, larkspur: Organization
) -> None:
    assert ask(manager)["Location"] == f"{HOME}1/"
    row = Waiver.objects.get(organization=larkspur)
    assert (row.items, row.first, row.is_approved) == (["abc123", "def456"], TODAY, None)
    assert "It counts for nothing before another member" in text(manager.get(f"{HOME}1/"))
    assert "1 to be decided" in text(manager.get(HOME))
    assert decide(administrator).status_code == 302
    shown = text(manager.get(f"{HOME}1/"))
    for said in ("in force", "The reviewer was ill.", "administrator@larkspur.example", "def456"):
        assert said in shown
    acts = list(Change.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-2:] == ["waiver.asked", "waiver.approved"]


def test_nobody_approves_what_they_asked_for_themselves(
    administrator: Client, larkspur: Organization
) -> None:
    """Administrators are no exception; nor is there a button for it."""
    ask(administrator)
    assert "/decide/" not in text(administrator.get(f"{HOME}1/"))
    answer = decide(administrator)
    assert answer.status_code == 422
    assert "WVR-1 was not decided: administrator@larkspur.example asked for it" in text(answer)
    assert Waiver.objects.get().is_approved is None


def test_a_control_owner_asks_and_does_not_decide(
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
    manager: Client,
    larkspur: Organization,
) -> None:
    owner = signed_in(member(Role.CONTROL_OWNER))
    assert ask(owner).status_code == 302
    ask(manager)
    assert decide(owner, 2).status_code == 403
    auditor = signed_in(member(Role.AUDITOR))
    assert auditor.get(f"{HOME}1/").status_code == 200
    assert ask(auditor).status_code == 403


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no test": ({"test": ""}, "name the test"),
    "a test that there is not": ({"test": "ZZ-01.T1"}, "is no test of the library"),
    "no reason": ({"reason": " "}, "say why the departure is acceptable"),
    "no end": ({"last": ""}, "nothing is waived for good"),
    "an end before its beginning": ({"first": str(TODAY + timedelta(days=99))}, "before the first"),
    "longer than a year": ({"last": str(TODAY + timedelta(days=400))}, "more than a year"),
    "days that are over": (
        {"first": str(TODAY - timedelta(days=9)), "last": str(TODAY - timedelta(days=1))},
        "is over",
    ),
    "an unknown control": ({"compensating_control": "XX-99"}, "is no control in force"),
    "too many items": ({"items": "\n".join(map(str, range(300)))}, "name at most 200"),
    "a NUL": ({"items": "a\x00b"}, "which is no item"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_its_place_and_nothing_is_kept(
    manager: Client, larkspur: Organization, case: str
) -> None:
    said, words = WRONG[case]
    before = Change.objects.count()
    answer = ask(manager, **said)
    assert answer.status_code == 422
    assert words in text(answer)
    assert (Waiver.objects.count(), Change.objects.count()) == (0, before)


def test_what_makes_up_for_it_is_a_control_in_force(
    manager: Client, larkspur: Organization
) -> None:
    adopt(manager, "AC-01")
    assert ask(manager, compensating_control="AC-01").status_code == 302
    assert "/o/larkspur/controls/AC-01/" in text(manager.get(f"{HOME}1/"))


def test_who_asked_changes_it_until_it_is_decided_and_nobody_else(
    manager: Client, administrator: Client, larkspur: Organization
) -> None:
    """Whoever changed a request would have asked for it too."""
    ask(manager)
    changed = {**SAID, "reason": "Ill, with a note.", "seen": 1}
    assert "compliance_manager@larkspur.example asked for it" in text(
        administrator.post(f"{HOME}1/edit/", changed)
    )
    assert manager.post(f"{HOME}1/edit/", changed).status_code == 302
    stale = manager.post(f"{HOME}1/edit/", {**changed, "reason": "Another."})
    assert stale.status_code == 409
    assert "Ill, with a note." in text(stale)
    assert decide(administrator, seen=1).status_code == 409
    assert decide(administrator, seen=2).status_code == 302
    late = manager.post(f"{HOME}1/edit/", {**changed, "seen": 3})
    assert "WVR-1 was not changed: it is decided" in text(late)
    assert Waiver.objects.get().reason == "Ill, with a note."


def test_saving_the_same_again_changes_nothing(manager: Client, larkspur: Organization) -> None:
    ask(manager)
    before = Change.objects.count()
    assert manager.post(f"{HOME}1/edit/", {**SAID, "seen": 1}).status_code == 302
    assert (Change.objects.count(), Waiver.objects.get().version) == (before, 1)


def test_a_no_needs_a_word_and_stays_in_the_list(
    manager: Client, administrator: Client, larkspur: Organization
) -> None:
    ask(manager)
    assert decide(administrator, yes=False).status_code == 422
    assert decide(administrator, yes=False, note="Say what makes up for it.").status_code == 302
    assert "Say what makes up for it." in text(manager.get(f"{HOME}1/"))
    assert "it is decided already" in text(decide(administrator, seen=2))
    neither = administrator.post(f"{HOME}1/decide/", {"seen": 2, "is_approved": ""})
    assert neither.status_code == 422


def test_one_that_was_approved_is_withdrawn_for_a_reason_and_stays(
    manager: Client, administrator: Client, larkspur: Organization
) -> None:
    ask(manager)
    decide(administrator)
    address = f"{HOME}1/withdraw/"
    assert administrator.post(address, {"seen": 2, "reason": " "}).status_code == 422
    said = {"seen": 2, "reason": "The reviewer is back."}
    assert administrator.post(address, said).status_code == 302
    late = administrator.post(address, said)
    assert late.status_code == 409
    assert "it is withdrawn" in text(administrator.post(address, {**said, "seen": 3}))
    shown = text(manager.get(f"{HOME}1/"))
    assert "withdrawn" in shown
    assert "The reviewer is back." in shown


def test_states_are_of_the_day_and_the_list_narrows_by_them(
    manager: Client, administrator: Client, larkspur: Organization
) -> None:
    """An expired waiver is shown as expired, without anybody having done anything."""
    assert "Nothing was ever waived." in text(manager.get(HOME))
    for number in range(1, 5):
        ask(manager, reason=f"Reason {number}.")
    for number in range(1, 4):
        decide(administrator, number)
    Waiver.objects.filter(number=1).update(
        first=TODAY - timedelta(days=30), last=TODAY - timedelta(days=1)
    )
    Waiver.objects.filter(number=2).update(first=TODAY + timedelta(days=5))
    Waiver.objects.filter(number=3).update(last=TODAY + timedelta(days=10))
    listed = text(manager.get(HOME))
    assert "1 to be decided" in listed
    assert "1 in force (1 for no more than 30 days), 1 expired, 1 not begun." in listed
    expired = text(manager.get(f"{HOME}?state=expired"))
    assert "Reason 1." in expired
    assert "Reason 2." not in expired
    assert "What deviates now is waived by nobody." in text(manager.get(f"{HOME}1/"))
    assert "it is over" in text(
        administrator.post(f"{HOME}1/withdraw/", {"seen": 2, "reason": "x"})
    )
    assert "Nothing fits" in text(manager.get(f"{HOME}?q=unicorn"))
    assert "Reason 4." in text(manager.get(f"{HOME}?test=CHG&q=reason+4"))


def test_a_link_from_a_deviation_names_it_byte_for_byte(
    manager: Client, larkspur: Organization
) -> None:
    """Also one with spaces that belong to it."""
    page = manager.get(f"{HOME}new/", {"test": "CHG-01.T1", "item": "a  b <c>"})
    assert "a  b <c>" in text(page)
    ask(manager, items="a  b <c>\r\n\r\na  b <c>")
    assert Waiver.objects.get().items == ["a  b <c>"]


def test_another_organization_sees_none_of_it(
    manager: Client, larkspur: Organization, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    ask(manager)
    other = signed_in(stranger)
    slug = Organization.objects.exclude(slug="larkspur").get().slug
    for address in (f"{HOME}1/", f"/o/{slug}/waivers/1/", f"/o/{slug}/waivers/1/decide/"):
        assert other.get(address).status_code == 404
    answer = other.post(f"/o/{slug}/waivers/1/decide/", {"seen": 1, "is_approved": "yes"})
    assert answer.status_code == 404
    found = text(manager.get("/o/larkspur/search/?q=wvr-1"))
    assert HOME in found
