"""What registers say is remembered until something is recorded, and never longer."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Organization
from reperform.audit.queries import gap_analysis
from reperform.catalog.installed import catalog
from reperform.program.actions.risks import make_risk
from reperform.program.gap.analysis import GapAnalysis
from reperform.program.models import Risk
from reperform.program.queries.remembered import Remembered, last_entry
from reperform.program.risks.risk import Category, RiskFields, Treatment
from web.test_risk_traces import judge

AT = datetime(2026, 8, 1, 9, tzinfo=UTC)
# Within a transaction, as other tests are in, nothing is remembered.
pytestmark = pytest.mark.django_db(transaction=True)


def analysis(organization: Organization) -> GapAnalysis:
    return gap_analysis(organization, catalog=catalog(), at=AT)


def fraud(organization: Organization) -> int:
    """Enter a risk of fraud, of which criterion CC3.3 is about; return its number."""
    fields = RiskFields(
        title="Somebody pays themselves",
        category=Category.FRAUD,
        objective="Trust",
        treatment=Treatment.MITIGATE,
        treatment_reason="It pays.",
    )
    return make_risk(organization=organization, fields=fields, by="maya", at=AT).number


def said(organization: Organization) -> list[str]:
    found = {each.gap.criterion.id: each for each in analysis(organization).criteria}
    return [trace.said for trace in found["CC3.3"].traces]


def queries(organization: Organization) -> int:
    with CaptureQueriesContext(connection) as made:
        analysis(organization)
    return len(made)


def test_registers_are_asked_once_until_something_is_recorded(larkspur: Organization) -> None:
    first, second = queries(larkspur), queries(larkspur)
    fraud(larkspur)
    third = queries(larkspur)

    assert second < first - 10
    assert third > second + 10


def test_what_is_recorded_is_seen_at_once(larkspur: Organization) -> None:
    before = said(larkspur)
    number = fraud(larkspur)
    after = said(larkspur)
    risk = Risk.objects.get(organization=larkspur, number=number)
    judge(risk, AT.date())

    assert after != before
    assert said(larkspur) != after


def test_what_was_taken_back_is_never_remembered(larkspur: Organization) -> None:
    """Another change takes the number of its entry; the answer is of that one."""
    before = said(larkspur)
    with transaction.atomic():
        fraud(larkspur)
        within = said(larkspur)
        transaction.set_rollback(True)

    assert within != before
    assert said(larkspur) == before


def test_an_answer_during_which_something_was_recorded_is_not_kept(larkspur: Organization) -> None:
    """It may hold half of the change."""
    remembered, entry = Remembered[int](), last_entry(larkspur)

    first = remembered.answer(larkspur, entry, "risks", lambda: fraud(larkspur))
    second = remembered.answer(larkspur, entry, "risks", lambda: 7)

    assert (first, second) == (1, 7)


def test_what_others_record_changes_nothing(larkspur: Organization) -> None:
    other = found_organization(name="Other", by="test", at=AT)
    analysis(larkspur)
    before = queries(larkspur)
    fraud(other)

    assert queries(larkspur) == before


def test_the_oldest_answers_are_let_go(larkspur: Organization) -> None:
    remembered, entry = Remembered[int](), last_entry(larkspur)

    def ask(question: int, make: Callable[[], int]) -> int:
        return remembered.answer(larkspur, entry, question, make)

    for number in range(65):
        ask(number, lambda number=number: number)  # type: ignore[misc]

    assert ask(64, lambda: -1) == 64
    assert ask(0, lambda: -1) == -1
