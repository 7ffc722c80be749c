"""Waivers beside deviations: none of them changes an outcome, and each says what it is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.audit.waived import Standing, waived, waived_count
from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.program.waivers.granted import Granted
from reperform.testing.outcome import Conclusion, Item, Outcome
from reperform.testing.procedure import Procedure
from reperform.testing.runner import ProcedureRun

PERIOD = Period(date(2026, 1, 1), date(2026, 6, 30))
GRANTED = Granted(
    number=3,
    test="AC-01.T1",
    test_sha256="1" * 64,
    items=("old-server",),
    reason="The vendor ships the update in May.",
    compensating_control="LOG-02",
    compensating="Its sign-ins are read daily",
    first=date(2026, 3, 1),
    last=date(2026, 5, 31),
    asked_by="ada@larkspur.example",
    asked_on=date(2026, 2, 20),
    approved_by="grace@larkspur.example",
    approved_on=date(2026, 2, 25),
)


def item(name: str, day: str = "", outcome: Outcome = Outcome.DEVIATION) -> Item:
    at = datetime.fromisoformat(f"{day}T12:00:00") if day else None
    return Item(name, outcome, "has no second factor", at)


def run(*items: Item) -> dict[str, ProcedureRun]:
    procedure = Procedure(
        id="AC-01.T1",
        title="Accounts have a second factor",
        control="AC-01",
        nature="inspection",
        population="accounts",
        tables={},
        over_period=(),
        parameters={},
        occurrences="",
        passes="p",
        deviates="d",
        unable="u",
        blind="b",
        sql="SELECT 1",
        sha256="1" * 64,
        path="x",
    )
    deviations = sum(each.outcome is Outcome.DEVIATION for each in items)
    ran = ProcedureRun(
        procedure=procedure,
        parameters={},
        inputs={},
        population=10,
        passed=10 - len(items),
        deviations=deviations,
        unable=len(items) - deviations,
        exceptions=items,
        items_sha256="",
        gaps=(),
        conclusion=Conclusion.EXCEPTIONS if deviations else Conclusion.NO_EXCEPTIONS,
        reason="",
    )
    return {procedure.id: ran}


DATED = {
    "on its first day": ("2026-03-01", Standing.WAIVED, False),
    "on its last day": ("2026-05-31", Standing.WAIVED, False),
    "the day before": ("2026-02-28", Standing.NOT_YET, False),
    "the day after": ("2026-06-01", Standing.EXPIRED, False),
    "before it was given": ("2026-02-24", Standing.NOT_YET, True),
}


@pytest.mark.parametrize("case", DATED)
def test_a_deviation_with_a_time_is_waived_on_the_days_of_the_waiver_only(case: str) -> None:
    """Both its days count; whether it was given before is said beside it."""
    day, standing, is_afterwards = DATED[case]
    (use,) = waived([GRANTED], run(item("old-server", day)), PERIOD)
    (found,) = use.deviations
    assert (found.standing, found.is_afterwards) == (standing, is_afterwards)


def test_what_is_waived_says_by_whom_until_when_why_and_what_makes_up_for_it() -> None:
    (use,) = waived([GRANTED], run(item("old-server", "2026-04-01")), PERIOD)
    assert use.deviations[0].said == (
        "waived by grace@larkspur.example until 2026-05-31 because The vendor ships the update in "
        "May; made up for by LOG-02: Its sign-ins are read daily"
    )


def test_a_waiver_given_after_the_deviation_happened_says_so() -> None:
    late = replace(GRANTED, approved_on=date(2026, 4, 2), compensating_control="", compensating="")
    (use,) = waived([late], run(item("old-server", "2026-04-01")), PERIOD)
    assert use.deviations[0].is_afterwards is True
    said = use.deviations[0].said
    assert said.endswith("given on 2026-04-02, after the deviation happened")
    assert "nothing makes up for it" in said


UNDATED = {
    "the whole period": (date(2026, 1, 1), date(2026, 6, 30), Standing.WAIVED),
    "some of its days": (date(2026, 3, 1), date(2026, 5, 31), Standing.IN_PART),
    "until before it": (date(2025, 3, 1), date(2025, 12, 31), Standing.EXPIRED),
    "from after it": (date(2026, 7, 1), date(2026, 12, 31), Standing.NOT_YET),
}


@pytest.mark.parametrize("case", UNDATED)
def test_a_deviation_without_a_time_is_waived_for_the_days_of_both(case: str) -> None:
    first, last, standing = UNDATED[case]
    waiver = replace(GRANTED, first=first, last=last)
    (use,) = waived([waiver], run(item("old-server")), PERIOD)
    assert use.deviations[0].standing is standing


@pytest.mark.parametrize(
    ("approved", "is_afterwards"),
    [("2025-12-31", False), ("2026-01-01", None), ("2026-06-30", None), ("2026-07-01", True)],
)
def test_whether_it_was_given_afterwards_is_unknown_when_the_item_has_no_time(
    approved: str, *, is_afterwards: bool | None
) -> None:
    """Unless it was given before the period began, or after it was over."""
    waiver = replace(GRANTED, approved_on=date.fromisoformat(approved))
    (use,) = waived([waiver], run(item("old-server")), PERIOD)
    assert use.deviations[0].is_afterwards is is_afterwards
    assert ("cannot be said" in use.deviations[0].said) is (is_afterwards is None)


def test_one_that_was_withdrawn_ends_on_that_day_and_says_who_did_it() -> None:
    gone = replace(
        GRANTED,
        withdrawn_on=date(2026, 4, 10),
        withdrawn_by="ada",
        withdrawn_because="The update is here.",
    )
    before, after = item("old-server", "2026-04-10"), item("old-server", "2026-04-11")
    (use,) = waived([gone], run(before, after), PERIOD)
    assert [each.standing for each in use.deviations] == [Standing.WAIVED, Standing.EXPIRED]
    assert "ada withdrew it: The update is here" in use.deviations[0].said


def test_a_waiver_of_another_text_of_the_test_waives_nothing() -> None:
    """The test demands something else by now."""
    other = replace(GRANTED, test_sha256="2" * 64)
    (use,) = waived([other], run(item("old-server", "2026-04-01")), PERIOD)
    assert (use.deviations[0].standing, use.count) == (Standing.OTHER_TEST, 0)


def test_evidence_that_is_missing_cannot_be_waived() -> None:
    """An item that could not be tested is no deviation: nobody knows what it would show."""
    (use,) = waived([GRANTED], run(item("old-server", outcome=Outcome.UNABLE)), PERIOD)
    assert use.deviations == ()


def test_a_waiver_names_its_items_or_all_and_counts_each_deviation_once() -> None:
    items = (item("old-server", "2026-04-01"), item("new-server", "2026-04-02"))
    every = replace(GRANTED, number=4, items=())
    uses = waived([every, GRANTED], run(*items), PERIOD)
    assert [(use.waiver.number, use.count) for use in uses] == [(3, 1), (4, 2)]
    assert waived_count(uses, "AC-01.T1") == 2
    assert waived_count(uses, "AC-01.T2") == 0


def test_a_waiver_of_a_test_that_was_not_run_says_that() -> None:
    (use,) = waived([GRANTED], {}, PERIOD)
    assert (use.is_run, use.deviations) == (False, ())


_DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@given(first=_DAYS, last=_DAYS, approved=_DAYS, withdrawn=st.none() | _DAYS, seen=st.none() | _DAYS)
def test_no_waiver_changes_what_a_test_says_and_each_deviation_has_one_standing(
    first: date, last: date, approved: date, withdrawn: date | None, seen: date | None
) -> None:
    """Whatever the days: the run is the same, and a waiver that is over waives nothing."""
    waiver = replace(
        GRANTED,
        first=min(first, last),
        last=max(first, last),
        approved_on=approved,
        withdrawn_on=withdrawn,
    )
    assert Granted.from_record(waiver.as_record()) == waiver
    at = datetime(seen.year, seen.month, seen.day, tzinfo=UTC) if seen else None
    runs = run(replace(item("old-server"), occurred_at=at))
    before = canonical_json(runs["AC-01.T1"].as_record())
    (use,) = waived([waiver], runs, PERIOD)
    assert canonical_json(runs["AC-01.T1"].as_record()) == before
    (found,) = use.deviations
    if seen:
        is_waived = waiver.first <= seen <= waiver.end
        assert (found.standing is Standing.WAIVED) is is_waived
        assert found.is_afterwards is (approved > seen)
    if waiver.end < PERIOD.first and not seen:
        assert found.standing is Standing.EXPIRED
