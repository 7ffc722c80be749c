"""The register of risks as pictures: what is in them, what is not, and where a cell leads."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.program.actions.risks import assess_risk, change_risk, change_scales, make_risk
from reperform.program.models import Risk
from reperform.program.queries.risks import current_scales, fields_of
from reperform.program.risks.assessment import Assessment
from reperform.program.risks.risk import Category, RiskFields, RiskState
from reperform.program.risks.scales import Rating, Scales

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 7, 2, 9, tzinfo=UTC)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/risks/"


@pytest.fixture
def reader(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.READ_ONLY))


def text(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def make(organization: Organization, title: str, **more: Any) -> Risk:  # noqa: ANN401 - fields
    fields = RiskFields(title=title, category=Category.FRAUD, **more)
    return make_risk(organization=organization, fields=fields, by="maya", at=AT)


def judge(organization: Organization, risk: Risk, inherent: int, residual: int) -> None:
    risk.refresh_from_db()
    assess_risk(
        organization=organization,
        number=risk.number,
        assessment=Assessment(date(2026, 7, 1), inherent, 4, residual, 4, "A control lowers it."),
        scales=current_scales(organization).number,
        seen=risk.version,
        by="maya",
        at=AT,
    )


def test_a_cell_leads_to_the_risks_that_it_counts(
    reader: Client, home: str, larkspur: Organization
) -> None:
    judge(larkspur, make(larkspur, "Bribed support"), 4, 2)
    judge(larkspur, make(larkspur, "Lost laptop"), 4, 3)
    page = text(reader.get(f"{home}heat-map/"))
    assert "2 in the maps." in page
    assert f"{home}?state=open&which=inherent&cell=4-4" in page
    there = text(reader.get(f"{home}?state=open&which=residual&cell=2-4"))
    assert "Bribed support" in there
    assert "Lost laptop" not in there
    both = text(reader.get(f"{home}?state=open&which=inherent&cell=4-4"))
    assert "Bribed support" in both
    assert "Lost laptop" in both


def test_what_nobody_judged_or_judged_with_earlier_scales_is_counted_beside_the_map(
    reader: Client, home: str, larkspur: Organization
) -> None:
    """Nothing is moved into a cell that nobody chose."""
    judge(larkspur, make(larkspur, "Judged early"), 4, 2)
    make(larkspur, "Never judged")
    now = current_scales(larkspur)
    other = Scales(now.scales.likelihood, now.scales.impact, now.scales.matrix, Rating.LOW)
    change_scales(organization=larkspur, scales=other, seen=now.number, by="maya", at=LATER)
    page = text(reader.get(f"{home}heat-map/"))
    assert "0 in the maps." in page
    assert "1 not judged" in page
    assert "1 judged with earlier scales" in page


def test_a_closed_risk_is_in_no_picture(reader: Client, home: str, larkspur: Organization) -> None:
    ranges = {"frequency_low": 10, "frequency_high": 50, "loss_low": 100, "loss_high": 900}
    risk = make(larkspur, "Sold the office", **ranges)
    judge(larkspur, risk, 4, 2)
    assert "RISK-1" in text(reader.get(f"{home}losses/"))
    risk.refresh_from_db()
    closed = {**vars_of(risk), "state": RiskState.CLOSED, "closed_on": date(2026, 7, 1)}
    change_risk(
        organization=larkspur,
        number=risk.number,
        fields=RiskFields(**closed | {"closed_because": "It is sold."}),
        seen=risk.version,
        by="maya",
        at=LATER,
    )
    assert "No risk is open" in text(reader.get(f"{home}heat-map/"))
    assert "RISK-1" not in text(reader.get(f"{home}losses/"))


def vars_of(risk: Risk) -> dict[str, Any]:
    fields = fields_of(risk)
    return {name: getattr(fields, name) for name in RiskFields.__dataclass_fields__}


def test_a_risk_without_ranges_is_named_as_not_in_the_figures(
    reader: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur, "Lost laptop", frequency_low=50, frequency_high=200, loss_low=1, loss_high=9)
    make(larkspur, "Nobody knows")
    page = text(reader.get(f"{home}losses/"))
    assert "Not in these figures: 1 open risk without ranges" in page
    assert "They are not zero" in page
    _, _, missing = page.partition("Not in it: no ranges")
    assert "Nobody knows" in missing
    assert "Lost laptop" not in missing


def test_a_register_without_ranges_says_that_nothing_can_be_computed(
    reader: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur, "Nobody knows")
    page = text(reader.get(f"{home}losses/"))
    assert "nothing can be computed" in page
    assert "expected in a year" not in page


def test_the_same_register_shows_the_same_figures_and_its_seeds(
    reader: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur, "Lost laptop", frequency_low=50, frequency_high=200, loss_low=1, loss_high=9)
    once, again = (text(reader.get(f"{home}losses/")) for _ in range(2))
    assert once.partition("Risk by risk")[2] == again.partition("Risk by risk")[2]
    assert "SHA-256 of method, years, number and ranges" in once
