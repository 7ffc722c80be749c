"""The earliest period start: never before what it needs, and not said when something is unknown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.period import Period
from reperform.catalog.installed import catalog
from reperform.program.gap import Facet
from reperform.program.gap.analysis import GapAnalysis, analyze_gaps
from reperform.program.gap.controls import Adopted
from reperform.program.gap.seen import Seen, SeenControl
from reperform.program.plan import PlannedTask, TaskFields, TaskState
from reperform.program.plan.proposals import propose
from reperform.program.plan.schedule import schedule
from reperform.program.plan.start import EarliestStart, earliest_start
from reperform.program.scope.document import ScopeDocument

TODAY = date(2026, 8, 3)
YEAR = Period(date(2025, 8, 1), date(2026, 7, 31))
LIBRARY = catalog()
CHANGE = next(each for each in LIBRARY.criteria if each.id == "CC8.1")
REVIEW = replace(
    next(each for each in LIBRARY.controls if each.id == "CHG-01"), criteria=("CC8.1",)
)
ADOPTED = Adopted(
    control=REVIEW,
    library_id="CHG-01",
    is_as_library=True,
    owner="Ada",
    owner_number=1,
    adopted_on=date(2025, 1, 1),
    implemented_on=date(2025, 3, 1),
)


def analyze(*adopted: Adopted, facets: Sequence[Facet] = ()) -> GapAnalysis:
    seen = Seen(
        1,
        date(2026, 8, 1),
        2,
        YEAR,
        ("security",),
        "L",
        {"CHG-01": SeenControl(facets[0], facets[1], facets[2], ())} if facets else {},
    )
    return analyze_gaps(
        criteria=[CHANGE],
        library=[REVIEW],
        library_digest="L",
        scope=ScopeDocument(type=2, first=YEAR.first, last=YEAR.last),
        scope_number=1,
        adopted=adopted,
        seen=seen if facets else None,
    )


def start(analysis: GapAnalysis, *tasks: PlannedTask) -> EarliestStart:
    return earliest_start(analysis, tasks, schedule(tasks, today=TODAY))


def task(number: int, **more: object) -> PlannedTask:
    said = {"title": f"Task {number}", "effort_days": 5, "control": "CHG-01"} | more
    return PlannedTask(number, TaskFields(**said))  # type: ignore[arg-type]


def test_what_is_evidenced_can_begin_in_the_past() -> None:
    """In place since March and evidenced for every day of the scope: from its first day."""
    found = start(analyze(ADOPTED, facets=[Facet.YES] * 3))

    assert found.day == YEAR.first
    assert found.ends == (
        (3, date(2025, 10, 31)),
        (6, date(2026, 1, 31)),
        (12, date(2026, 7, 31)),
    )


@pytest.mark.parametrize(
    ("adopted", "facets", "tasks", "said"),
    [
        ([], [], [], "neither a control nor an open task is there for CC8.1"),
        ([ADOPTED], [], [], "says when there will be any: CHG-01"),
        (
            [replace(ADOPTED, implemented_on=None)],
            [],
            [],
            "nobody has said since when it is in place, and no open task will tell: CHG-01",
        ),
        (
            [ADOPTED],
            [Facet.NO] * 3,
            [],
            "seen not to be in place, and no open task says when it will be: CHG-01",
        ),
        ([ADOPTED], [], [task(1, effort_days=None)], "task 1 (Task 1): its effort is not est"),
        (
            [ADOPTED],
            [],
            [task(1, depends_on=(2,)), task(2, control="", effort_days=None)],
            "task 2 (Task 2): its effort is not est",
        ),
    ],
)
def test_what_nobody_knows_keeps_the_day_from_being_said(
    adopted: Sequence[Adopted], facets: Sequence[Facet], tasks: Sequence[PlannedTask], said: str
) -> None:
    """And the obstacle names it."""
    found = start(analyze(*adopted, facets=facets), *tasks)

    assert found.day is None
    assert not found.ends
    assert any(said in each for each in found.obstacles), found.obstacles


def test_the_tasks_decide_and_their_chain_is_named() -> None:
    """Two tasks of a week each, one after the other: the day after the second."""
    found = start(analyze(ADOPTED), task(1), task(2, depends_on=(1,)), task(3, control="XX-1"))

    assert found.day == date(2026, 8, 15)
    assert [each.task.number for each in found.chain] == [1, 2]


def test_a_task_that_is_said_to_be_done_is_a_claim_and_says_so() -> None:
    """The day after it, with the words that no examination has seen it."""
    done = task(1, state=TaskState.DONE, closed_on=date(2026, 7, 31))

    found = start(analyze(ADOPTED), done)

    assert found.day == date(2026, 8, 1)
    assert "no examination has seen it" in found.bounds[0].because


@given(st.integers(1, 200), st.integers(0, 50))
def test_more_effort_never_lets_it_begin_earlier(effort: int, more: int) -> None:
    """Monotone, and always after the last task."""
    analysis = analyze(ADOPTED)
    less, greater = (
        start(analysis, task(1, effort_days=days), task(2, owner=1, effort_days=3))
        for days in (effort, effort + min(more, 250 - effort))
    )

    assert less.day
    assert greater.day
    assert less.day <= greater.day
    plan = schedule([task(1, effort_days=effort)], today=TODAY)
    assert plan.ends
    assert less.day >= plan.ends + timedelta(days=1)


def test_making_what_is_proposed_leaves_only_estimates_unknown() -> None:
    """Proposals close every hole of the plan: after them, only efforts are missing."""
    analysis = analyze(
        replace(ADOPTED, implemented_on=None), replace(ADOPTED, library_id="", owner="")
    )
    proposals = propose(analysis, {}).new
    tasks = [PlannedTask(number, each.fields) for number, each in enumerate(proposals, start=1)]

    found = start(analysis, *tasks)

    assert proposals
    assert all("its effort is not estimated" in each for each in found.obstacles)


def test_a_gap_is_proposed_once_and_not_after_it_was_dropped() -> None:
    """Open: in the plan.  Dropped: not again.  Done, and still a gap: again, said so."""
    analysis = analyze()
    gap = "CC8.1/control"

    assert [each.gap for each in propose(analysis, {}).new] == [gap]
    for state, kind in (("open", "has_task"), ("dropped", "dropped"), ("done", "again")):
        found = propose(analysis, {gap: [TaskState(state)]})
        assert [each.gap for each in getattr(found, kind)] == [gap]
        assert not found.new
