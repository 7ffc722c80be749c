"""What is late, what comes in the next weeks, and which step of the path is next."""

from datetime import date, timedelta

import pytest

from reperform.program.path import Counts, next_step, path
from reperform.program.plan.due import Dated, DueKind, dated_of_scope, due
from reperform.program.scope.document import ScopeDocument, Subservice, SupplierReport

TODAY = date(2026, 8, 1)


def on(days: int, kind: DueKind = DueKind.TASK) -> Dated:
    return Dated(kind, f"{kind} in {days}", TODAY + timedelta(days=days))


def test_what_is_late_or_due_in_two_weeks_stands_by_day() -> None:
    found = due([on(14), on(-40), on(0), on(15)], today=TODAY)

    assert [(each.what, each.is_late) for each in found] == [
        ("task in -40", True),
        ("task in 0", False),
        ("task in 14", False),
    ]


def test_a_suppliers_report_is_asked_for_two_months_before_it_ends() -> None:
    found = due([on(60, DueKind.REPORT), on(61, DueKind.REPORT)], today=TODAY)

    assert [each.what for each in found] == ["supplier's report in 60"]


@pytest.mark.parametrize("kind", [DueKind.TOKEN, DueKind.INVITATION])
def test_what_ended_long_ago_by_itself_is_nobodys_work(kind: DueKind) -> None:
    found = due([on(-14, kind), on(-15, kind)], today=TODAY)

    assert [each.on for each in found] == [TODAY - timedelta(days=14)]


def supplied(last: date) -> ScopeDocument:
    report = SupplierReport("SOC 2 Type 2", date(2025, 1, 1), last)
    supplier = Subservice("Nimbus", "Hosts", "carve-out", (), report)
    return ScopeDocument(
        type=2, first=date(2026, 1, 1), last=date(2026, 12, 31), subservices=(supplier,)
    )


@pytest.mark.parametrize(
    ("last", "kinds"),
    [
        (date(2026, 9, 1), [DueKind.PERIOD, DueKind.REPORT]),
        (date(2026, 6, 1), [DueKind.PERIOD, DueKind.REPORT]),  # ended, and nothing newer is there
        (date(2026, 12, 31), [DueKind.PERIOD]),
        (date(2027, 3, 31), [DueKind.PERIOD]),
    ],
)
def test_a_report_matters_while_it_ends_before_our_period(last: date, kinds: list[DueKind]) -> None:
    assert [each.kind for each in dated_of_scope(supplied(last), today=TODAY, bridged={})] == kinds


@pytest.mark.parametrize(
    ("bridged", "on", "said"),
    [
        ({}, date(2026, 6, 1), "covers no later day"),
        ({"another": date(2026, 8, 1)}, date(2026, 6, 1), "covers no later day"),
        ({"nimbus": date(2026, 5, 1)}, date(2026, 6, 1), "covers no later day"),
        ({"nimbus": date(2026, 8, 1)}, date(2026, 8, 1), "which nobody audited"),
    ],
    ids=["no letter", "of another", "of days that the report covers", "of later days"],
)
def test_the_next_report_is_asked_for_when_the_bridge_letter_ends(
    bridged: dict[str, date], on: date, said: str
) -> None:
    """The letter stands for no report: that stays to be asked for."""
    found = dated_of_scope(supplied(date(2026, 6, 1)), today=TODAY, bridged=bridged)
    (asked,) = [each for each in found if each.kind is DueKind.REPORT]
    assert asked.on == on
    assert said in asked.what


def test_days_of_the_period_are_named_until_they_are_past() -> None:
    scope = ScopeDocument(type=1, last=TODAY)

    assert [each.what for each in dated_of_scope(scope, today=TODAY, bridged={})] == [
        "The report is as of this day."
    ]
    assert not dated_of_scope(scope, today=TODAY + timedelta(days=1), bridged={})


def test_the_first_step_of_a_new_program_is_its_scope() -> None:
    """And none of the five is called ready while there is nothing in it."""
    steps = path(Counts(fields_needed=20, criteria=33))

    assert [step.is_done for step in steps] == [False] * 5
    first = next_step(steps)
    assert first is not None
    assert (first.name, first.todo) == ("scope", "Decide the scope")


@pytest.mark.parametrize(
    ("lacks", "name"),
    [
        ({"scope_lacks": 1}, "scope"),
        ({"fields_complete": 19}, "description"),
        ({"owned": 29}, "controls"),
        ({"implemented": 29}, "controls"),
        ({"controlled": 32}, "controls"),
        ({"examinations": 0, "evidenced": 0}, "results"),
        ({"evidenced": 29}, "results"),
        ({"met": 31}, "gap"),
        ({}, None),
    ],
)
def test_the_next_step_is_the_first_in_which_something_is_missing(
    lacks: dict[str, int], name: str | None
) -> None:
    whole = {
        "scope_number": 1,
        "fields_needed": 20,
        "fields_complete": 20,
        "adopted": 30,
        "owned": 30,
        "implemented": 30,
        "criteria": 33,
        "controlled": 33,
        "examinations": 1,
        "evidenced": 30,
        "met": 32,
        "not_applicable": 1,
    }

    found = next_step(path(Counts(**(whole | lacks))))

    assert (found.name if found else None) == name


def test_a_criterion_that_does_not_apply_is_not_counted_as_met() -> None:
    """Of 33 criteria one does not apply: 32 can be met."""
    gaps = path(Counts(criteria=33, met=1, not_applicable=1))[-1]

    assert gaps.said == "1 of 32 criteria that apply are met."
