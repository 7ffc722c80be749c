"""What the register of risks says of criteria and controls, in few queries."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reperform.accounts.models import Membership, Organization, User
from reperform.program.actions.risks import assess_risk, make_risk
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import Risk
from reperform.program.queries.risk_traces import risk_traces
from reperform.program.queries.risks import current_scales
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.risks.assessment import Assessment
from reperform.program.risks.risk import Category, RiskFields, Treatment
from reperform.program.scope.document import ScopeDocument

AT = datetime(2025, 7, 1, 9, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def make(organization: Organization, category: Category, **more: Any) -> Risk:  # noqa: ANN401 - fields
    said = {"objective": "Trust", "treatment": Treatment.MITIGATE, "treatment_reason": "It pays."}
    fields = RiskFields(**{"title": "It happens", "category": category, **said, **more})
    return make_risk(organization=organization, fields=fields, by="maya", at=AT)


def judge(risk: Risk, on: date, levels: tuple[int, int, int, int] = (4, 4, 2, 4)) -> None:
    risk.refresh_from_db()
    assess_risk(
        organization=risk.organization,
        number=risk.number,
        assessment=Assessment(on, *levels, "A control lowers it."),
        scales=current_scales(risk.organization).number,
        seen=risk.version,
        by="maya",
        at=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )


def traces(organization: Organization, *, today: date) -> list[Trace]:
    return risk_traces(TracesAsked(organization, today, ScopeDocument(), {}))


def said(organization: Organization, today: date = TODAY) -> dict[str, tuple[TraceState, str]]:
    found = traces(organization, today=today)
    return {each.criteria[0]: (each.state, each.said) for each in found if each.criteria}


def test_a_register_without_an_open_risk_lacks_everything(larkspur: Organization) -> None:
    make(larkspur, Category.FRAUD)
    Risk.objects.update(state="closed", closed_on=TODAY, closed_because="Gone.")
    (found,) = traces(larkspur, today=TODAY)
    assert found.state is TraceState.LACKING
    assert found.criteria == ("CC3.1", "CC3.2", "CC3.3", "CC3.4")


def test_a_register_in_order_is_kept(larkspur: Organization) -> None:
    for category in (Category.FRAUD, Category.CHANGE, Category.SECURITY):
        judge(make(larkspur, category), date(2025, 9, 1))
    assert {state for state, _ in said(larkspur).values()} == {TraceState.KEPT}


@pytest.mark.parametrize(
    ("category", "criterion"), [(Category.FRAUD, "CC3.3"), (Category.CHANGE, "CC3.4")]
)
def test_fraud_and_change_are_lacking_unless_one_was_judged_in_the_last_year(
    larkspur: Organization, category: Category, criterion: str
) -> None:
    """That one is entered is not enough."""
    risk = make(larkspur, category)
    judge(make(larkspur, Category.SECURITY), date(2025, 9, 1))
    assert said(larkspur)[criterion][0] is TraceState.LACKING
    judge(risk, date(2025, 9, 1))
    assert said(larkspur)[criterion][0] is TraceState.KEPT
    assert said(larkspur, date(2026, 9, 3))[criterion][0] is TraceState.LACKING


def test_one_risk_that_nobody_judged_is_counted_once_however_often_others_were(
    larkspur: Organization,
) -> None:
    """Judgments before the latest one do not count."""
    often = make(larkspur, Category.SECURITY)
    for month in (7, 8, 9):
        judge(often, date(2025, month, 2))
    make(larkspur, Category.PEOPLE)
    state, sentence = said(larkspur)["CC3.2"]
    assert state is TraceState.LACKING
    assert sentence == "1 of 2 open risks were judged in the last 12 months."


def test_an_acceptance_that_is_over_is_lacking(
    larkspur: Organization, member_of_larkspur: Membership
) -> None:
    accepted = {
        "treatment": Treatment.ACCEPT,
        "accepted_by": member_of_larkspur.pk,
        "accepted_until": date(2026, 5, 31),
    }
    judge(make(larkspur, Category.SECURITY, **accepted), date(2025, 9, 1))
    assert said(larkspur, date(2026, 5, 31))["CC9.1"][0] is TraceState.KEPT
    state, sentence = said(larkspur)["CC9.1"]
    assert state is TraceState.LACKING
    assert "1 accepted until a day that is over" in sentence


def test_a_control_knows_the_high_risks_that_rest_on_it(larkspur: Organization) -> None:
    """Not those that would be small without it."""
    high = make(larkspur, Category.SECURITY, controls=("AC-01", "AC-02"))
    low = make(larkspur, Category.SECURITY, controls=("AC-02", "AC-03"))
    judge(high, date(2025, 9, 1), (5, 5, 1, 5))
    judge(low, date(2025, 9, 1), (1, 1, 1, 1))
    found = {each.control: each for each in traces(larkspur, today=TODAY) if each.control}
    assert set(found) == {"AC-01", "AC-02"}
    assert found["AC-02"].said.endswith("without controls: RISK-1.")
    assert (found["AC-01"].page, found["AC-01"].key) == ("risk", "1")


def test_it_takes_three_queries_however_many_risks_there_are(larkspur: Organization) -> None:
    for _ in range(9):
        judge(make(larkspur, Category.FRAUD, controls=("AC-01",)), date(2025, 9, 1))
    with CaptureQueriesContext(connection) as asked:
        traces(larkspur, today=TODAY)
    assert len(asked) == 3


@pytest.fixture
def member_of_larkspur(larkspur: Organization) -> Membership:
    user = User.objects.create(email="rosa@larkspur.example", name="Rosa", date_joined=AT)
    return Membership.objects.create(
        user=user, organization=larkspur, role="administrator", since=AT
    )
