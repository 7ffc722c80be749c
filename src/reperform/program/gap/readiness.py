"""Readiness over time: what is kept of a day, and the chart that is drawn of the days.

Only days that somebody recorded are there.  Nothing is drawn between them: nobody knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reperform.program.gap import Status
from reperform.program.plan.state import ProgramState

WIDTH, HEIGHT = 720, 220
"""Of the chart, in its own units."""
_LEFT, _TOP, _FOOT = 40, 10, 30
_WIDEST, _NARROWEST = 24.0, 2.0
_CLASSES = ((Status.MET, "met"), (Status.PARTLY, "partly"), (Status.NOT_MET, "not-met"))


@dataclass(frozen=True, slots=True)
class ReadinessDay:
    """How far the program was on a day that was recorded.

    Attributes:
        on: the day.
        counts: criteria in scope by status.
        open_tasks: how many tasks were open.
        late_tasks: how many of these were late.
        scope_version: of the scope that was looked at.
        examination: number of the examination that it rested on; None for none.
        days_before: days without a record between the one before and this one.
    """

    on: date
    counts: Mapping[Status, int]
    open_tasks: int
    late_tasks: int
    scope_version: int
    examination: int | None
    days_before: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle of the chart; `kind` names its color."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One number or day beside the chart."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The chart of the days, ready to be written as SVG."""

    bars: tuple[Bar, ...]
    days: tuple[Mark, ...]
    numbers: tuple[Mark, ...]
    baseline: float


def snapshot_content(state: ProgramState) -> dict[str, Any]:
    """Return what is kept of a day."""
    analysis, today = state.analysis, state.at.date()
    return {
        "scope_version": analysis.scope_number,
        "examination": analysis.seen.number if analysis.seen else None,
        "adopted_controls": len(analysis.adopted),
        "counts": {status.value: count for status, count in analysis.counts().items()},
        "criteria": {each.criterion.id: each.gap.status.value for each in analysis.criteria},
        "open_tasks": sum(task.is_open for task in state.tasks),
        "late_tasks": sum(task.is_late(today) for task in state.tasks),
        "earliest_start": state.start.day.isoformat() if state.start.day else None,
    }


def readiness_days(rows: Sequence[tuple[date, Mapping[str, Any]]]) -> list[ReadinessDay]:
    """Return the recorded days, the first one first, each with the hole before it.

    Args:
        rows: day and content, in any order.
    """
    found: list[ReadinessDay] = []
    for on, content in sorted(rows, key=lambda row: row[0]):
        hole = (on - found[-1].on).days - 1 if found else 0
        found.append(
            ReadinessDay(
                on=on,
                counts={status: content["counts"].get(status.value, 0) for status in Status},
                open_tasks=content["open_tasks"],
                late_tasks=content["late_tasks"],
                scope_version=content["scope_version"],
                examination=content["examination"],
                days_before=hole,
            )
        )
    return found


def chart_of(days: Sequence[ReadinessDay]) -> Chart | None:
    """Return the chart: a bar for each day, at its place in time; None when there is no day.

    A bar is as high as there were criteria in scope that apply: met below, then partly, not met.
    """
    if not days:
        return None
    first, last = days[0].on, days[-1].on
    span = (last - first).days + 1
    width = max(_NARROWEST, min(_WIDEST, (WIDTH - _LEFT) / span * 0.8))
    room = WIDTH - _LEFT - width
    most = max(sum(_stack(day)) for day in days) or 1
    scale = (HEIGHT - _TOP - _FOOT) / most
    baseline = float(HEIGHT - _FOOT)
    bars: list[Bar] = []
    for day in days:
        x = _LEFT + (room * (day.on - first).days / (span - 1) if span > 1 else 0)
        y = baseline
        for count, (_, kind) in zip(_stack(day), _CLASSES, strict=True):
            y -= count * scale
            if count:
                bars.append(
                    Bar(round(x, 1), round(y, 1), round(width, 1), round(count * scale, 1), kind)
                )
    marks = [Mark(_LEFT, HEIGHT - 8, str(first))]
    if span > 1:
        marks.append(Mark(WIDTH, HEIGHT - 8, str(last)))
    numbers = (Mark(_LEFT - 6, baseline, "0"), Mark(_LEFT - 6, _TOP + 8, str(most)))
    return Chart(tuple(bars), tuple(marks), numbers, baseline)


def _stack(day: ReadinessDay) -> list[int]:
    return [day.counts[status] for status, _ in _CLASSES]
