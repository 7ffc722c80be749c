"""The register of risks on its pages: entered, judged, accepted, closed, and nobody's work lost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes, shown
from reperform.program.models import Risk, RiskAssessment, RiskScales

TITLE = "<i>Leavers</i> keep access"
LEVELS = {
    "inherent_likelihood": "4",
    "inherent_impact": "4",
    "residual_likelihood": "2",
    "residual_impact": "4",
    "reason": "Accounts end on the last day.",
}


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/risks/"


@pytest.fixture
def manager(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.COMPLIANCE_MANAGER))


def text(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def make(manager: Client, home: str, **more: str) -> Risk:
    said = {"title": TITLE, "category": "security", "treatment": "not decided", **more}
    answer = manager.post(f"{home}new/", said)
    assert answer.status_code == 302, text(answer)
    return Risk.objects.order_by("-pk")[0]


def judge(manager: Client, home: str, risk: Risk, **more: str) -> Any:  # noqa: ANN401 - a response
    risk.refresh_from_db()
    said = {**LEVELS, "seen": str(risk.version), "scales": str(_scales()), **more}
    return manager.post(f"{home}{risk.number}/assess/", said)


def _scales() -> int:
    latest = RiskScales.objects.order_by("-number").first()
    return latest.number if latest else 0


def test_a_risk_is_entered_judged_and_shown_with_its_history(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The first judgment makes the first scales the organization's own."""
    risk = make(manager, home)
    assert "not judged" in text(manager.get(home))

    assert judge(manager, home, risk).status_code == 302

    page = text(manager.get(f"{home}{risk.number}/"))
    assert "&lt;i&gt;Leavers" in manager.get(f"{home}{risk.number}/").content.decode()
    assert "likely, major" in page
    assert "unlikely, major" in page
    assert [each.act for each in changes(larkspur.log)][:2] == ["risk.assessed", "risk.made"]
    assert RiskScales.objects.get().number == 1


def test_a_judgment_moves_the_review_by_the_cycle_and_replaces_none(
    manager: Client, home: str
) -> None:
    """Each is a row; the latest counts."""
    risk = make(manager, home, cycle_months="6")
    judge(manager, home, risk, on="2026-01-31")
    judge(manager, home, risk, on="2026-03-31", note="Nothing changed.")

    risk.refresh_from_db()
    assert risk.review_due_on == date(2026, 9, 30)
    rows = RiskAssessment.objects.order_by("number")
    assert [(each.number, each.is_latest) for each in rows] == [(1, False), (2, True)]
    earlier = judge(manager, home, risk, on="2026-02-28")
    assert earlier.status_code == 422
    assert "before the latest judgment" in text(earlier)


def test_two_who_change_a_risk_at_once_lose_nothing(manager: Client, home: str) -> None:
    """The second sees both, and may save again."""
    risk = make(manager, home)
    url = f"{home}{risk.number}/edit/"
    said = {"title": "First", "category": "fraud", "state": "open", "seen": "1"}
    assert manager.post(url, said).status_code == 302

    late = manager.post(url, {**said, "title": "Second"})

    assert late.status_code == 409
    assert 'value="Second"' in text(late)
    assert "First" in text(late)
    assert 'name="seen" value="2"' in text(late)
    assert manager.post(url, {**said, "title": "Second", "seen": "2"}).status_code == 302


def test_an_acceptance_ends_and_shows(
    manager: Client, home: str, member: Callable[[Role], User]
) -> None:
    """Nothing is accepted for good."""
    accepter = Membership.objects.get(user=member(Role.ADMINISTRATOR))
    risk = make(
        manager,
        home,
        treatment="accept",
        treatment_reason="It costs more than it saves.",
        accepted_by=str(accepter.pk),
        accepted_until="2026-01-31",
    )
    judge(manager, home, risk, residual_likelihood="4", reason="")

    page = text(manager.get(home))
    assert "acceptance is over" in page
    assert "above the appetite" in page
    assert text(manager.get(f"{home}?due=yes")).count("RISK-1") == 1


def test_a_closed_risk_is_judged_by_nobody_and_stays(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Closed for a reason, and its page tells it."""
    risk = make(manager, home)
    said = {"title": "x", "state": "closed", "closed_because": "The product ended.", "seen": "1"}
    assert manager.post(f"{home}{risk.number}/edit/", said).status_code == 302

    refused = judge(manager, home, risk)

    assert refused.status_code == 422
    assert "is closed" in text(refused)
    assert "The product ended." in text(manager.get(f"{home}{risk.number}/"))
    assert changes(larkspur.log)[0].act == "risk.closed"


def test_people_of_another_organization_cannot_own_a_risk(
    manager: Client, home: str, stranger: User
) -> None:
    """Their numbers are no member's."""
    other = Membership.objects.get(user=stranger)
    answer = manager.post(f"{home}new/", {"title": "x", "owner": str(other.pk)})

    assert answer.status_code == 422
    assert "is not a member" in text(answer)
    assert not Risk.objects.exists()


def test_other_scales_are_a_version_and_translate_no_judgment(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """What was judged with the first is shown as that."""
    risk = make(manager, home)
    judge(manager, home, risk)
    said = {
        "likelihood": "rare: r\nsometimes: s\noften: o",
        "impact": "small: s [0-1000]\nmiddling: m\nlarge: l [5000-]",
        "matrix": "low low high\nlow moderate high\nmoderate high critical",
        "appetite": "low",
        "seen": "1",
    }
    assert manager.post(f"{home}scales/", {**said, "matrix": "low"}).status_code == 422
    assert manager.post(f"{home}scales/", said).status_code == 302
    assert manager.post(f"{home}scales/", said).status_code == 409

    page = text(manager.get(home))
    assert "judged with earlier scales" in page
    assert "likely, major" in text(manager.get(f"{home}{risk.number}/"))
    content = RiskScales.objects.get(number=2).content
    assert content["impact"][0]["loss_to"] == 1000
    assert content["impact"][2] == {"name": "large", "meaning": "l", "loss_from": 5000}
    stale = judge(manager, home, risk, scales="1", inherent_likelihood="3", inherent_impact="3",
                  residual_impact="3")  # fmt: skip
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=leavers", True),
        ("?q=nothing", False),
        ("?state=closed", False),
        ("?category=security&treatment=not+decided", True),
        ("?cell=2-4", True),
        ("?cell=4-4&which=inherent", True),
        ("?cell=4-4", False),
        ("?cell=99-x&owner=%F0%9F%92%A9&page=zzz", True),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    query: str,
    found: bool,  # noqa: FBT001 - a parameter of the case
    manager: Client,
    home: str,
) -> None:
    """What an address cannot mean narrows nothing."""
    judge(manager, home, make(manager, home))

    assert ("RISK-1<" in text(manager.get(f"{home}{query}"))) is found


def test_a_change_that_changes_nothing_leaves_no_entry(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The trail says what differs, and here nothing does."""
    risk = make(manager, home)
    before = changes(larkspur.log).count()
    said = {"title": TITLE, "category": "security", "treatment": "not decided", "seen": "1"}
    assert manager.post(f"{home}{risk.number}/edit/", said).status_code == 302
    assert changes(larkspur.log).count() == before
    manager.post(f"{home}{risk.number}/edit/", {**said, "objective": "Trust"})
    (row,) = shown(changes(larkspur.log)[0]).rows
    assert row == ("objective", "", "Trust")


def test_a_review_is_overdue_the_day_after_it_was_due(manager: Client, home: str) -> None:
    """And the list says so."""
    risk = make(manager, home)
    for days, is_late in ((1, False), (-1, True)):
        due = datetime.now(UTC).date() + timedelta(days=days)
        Risk.objects.filter(pk=risk.pk).update(review_due_on=due)
        assert ("review overdue" in text(manager.get(f"{home}{risk.number}/"))) is is_late
