"""The calendar: when each control is due, as management plans it, and who does it.

Pure.  What is due follows from the plan alone, so none of it is stored: see docs/adr.  A plan is a
row of versions, each from a day on.  A version decides what is due on its days and no others, so a
later one never changes what was expected before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from reperform.base.occurrences import FREQUENCIES, Occurrence, expected_occurrences
from reperform.base.period import Period
from reperform.base.reader import LONGEST_TEXT, Reader

_DAY = timedelta(days=1)
MOST_GRACE = 90
MOST_OPEN = 366
_SATURDAY = 5
_AUTOMATED = "automated"


@dataclass(frozen=True, slots=True)
class PlanFields:
    """When a control is due, and who does it.

    Attributes:
        first_due_on: the day on which its first window ends, from which all others follow; None:
            as the calendar has its weeks, months, quarters and years.
        opens_days: how many days before the due day it may be done; None: since the last window.
        grace_days: how many days after the due day it is still in time.
        on_workdays: a daily control is due from Monday to Friday only.
        owner: number of the member who does it; None: the control's own owner.
        is_paused: nothing is expected.
        reason: why it is paused, or why the plan is as it is.
    """

    first_due_on: date | None = None
    opens_days: int | None = None
    grace_days: int = 0
    on_workdays: bool = False
    owner: int | None = None
    is_paused: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan from a day on.

    Attributes:
        effective_on: the first day whose windows it decides.
        frequency: how often the control was to be done, as management stated it then.
        fields: the plan.
        number: of the version; 0 for the one that nobody wrote.
    """

    effective_on: date
    frequency: str
    fields: PlanFields = PlanFields()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Calendared:
    """A control, as far as the calendar reads it.

    Attributes:
        code: management's code.
        title: a few words.
        frequency: see `catalog.controls.FREQUENCIES`.
        kind: see `catalog.controls.KINDS`.
        adopted_on: nothing is expected before it.
        retired_on: the first day on which it is no more; None while it is in force.
        owner: number of the member who answers for it; None for nobody.
        criteria: that it serves.
    """

    code: str
    title: str
    frequency: str
    kind: str
    adopted_on: date
    retired_on: date | None = None
    owner: int | None = None
    criteria: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Why the calendar expects nothing of it; empty when it does."""
        if self.frequency == "per event":
            return "It operates at each event: what happened decides when, and no calendar."
        if self.frequency not in FREQUENCIES:
            return "It lasts: its state is looked at on every day, and nobody does it on a day."
        if self.kind == _AUTOMATED:
            return "It works by itself: its evidence is collected, and nobody proves it by hand."
        return ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that a control is due, as the plan of that day says it.

    Attributes:
        first_on: the first day on which it counts.
        due_on: the last day on which it is in time, without grace.
        grace_days: see `PlanFields`.
        owner: number of the member who does it; None for nobody.
        paused: why nothing is expected; empty when it is.
    """

    first_on: date
    due_on: date
    grace_days: int = 0
    owner: int | None = None
    paused: str = ""


def expected(
    control: Calendared, versions: Sequence[PlanVersion], period: Period
) -> tuple[Slot, ...]:
    """Return each time that a control is due in the period, in order and apart from each other.

    Nothing is due before the control was adopted or after it was retired: a window which that cuts
    counts when half of it is left, as at the ends of the period.

    Args:
        control: the control.
        versions: of its plan, in order; none while nobody planned it.
        period: the days that are looked at.
    """
    first = max(period.first, control.adopted_on)
    last = min(period.last, control.retired_on - _DAY) if control.retired_on else period.last
    if control.said or last < first:
        return ()
    return tuple(_slots(control, versions, Period(first, last)))


def _slots(control: Calendared, versions: Sequence[PlanVersion], period: Period) -> Iterator[Slot]:
    planned = versions or (PlanVersion(date.min, control.frequency),)
    before = period.first - _DAY
    for place, version in enumerate(planned):
        begins = version.effective_on if place else date.min
        ends = planned[place + 1].effective_on - _DAY if place + 1 < len(planned) else date.max
        said = version.fields
        if version.frequency not in FREQUENCIES:
            continue
        for each in _windows(version.frequency, period, said.first_due_on):
            is_off = said.on_workdays and each.first_on == each.due_on
            if not begins <= each.due_on <= ends or (is_off and each.due_on.weekday() >= _SATURDAY):
                continue
            opens = each.first_on
            if said.opens_days is not None:
                opens = max(opens, each.due_on - timedelta(days=said.opens_days))
            yield Slot(
                first_on=max(opens, before + _DAY),
                due_on=each.due_on,
                grace_days=said.grace_days,
                owner=said.owner or control.owner,
                paused=(said.reason or "no reason is given") if said.is_paused else "",
            )
            before = each.due_on


@lru_cache(maxsize=2_048)
def _windows(frequency: str, period: Period, first_due_on: date | None) -> tuple[Occurrence, ...]:
    """Return windows; those of many controls are the same."""
    return expected_occurrences(frequency, period, first_due_on=first_due_on)


def read_plan(content: Mapping[str, Any]) -> tuple[PlanFields, list[Any]]:
    """Return the plan that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `PlanFields`; values as a form sends them, or as JSON has them.
    """
    reader = Reader(content, "calendar-field")
    fields = PlanFields(
        first_due_on=reader.day("first_due_on"),
        opens_days=reader.number("opens_days", least=0, most=MOST_OPEN),
        grace_days=reader.number("grace_days", least=0, most=MOST_GRACE) or 0,
        on_workdays=reader.flag("on_workdays") or False,
        owner=reader.number("owner"),
        is_paused=reader.flag("is_paused") or False,
        reason=reader.text("reason", longest=LONGEST_TEXT),
    )
    if fields.is_paused and not fields.reason:
        reader.problem("reason", "is empty", "say why nothing is expected: an auditor will ask")
    if fields.first_due_on and not date(1990, 1, 1) <= fields.first_due_on <= date(2200, 1, 1):
        reader.problem("first_due_on", "is no day that anybody plans", "write a day of these years")
    reader.refuse_others(PlanFields.__dataclass_fields__, "a plan of a control")
    return fields, reader.problems


def plan_content(fields: PlanFields) -> dict[str, Any]:
    """Return the JSON object of a plan, which `read_plan` reads."""
    return {
        "first_due_on": fields.first_due_on.isoformat() if fields.first_due_on else None,
        "opens_days": fields.opens_days,
        "grace_days": fields.grace_days,
        "on_workdays": fields.on_workdays,
        "owner": fields.owner,
        "is_paused": fields.is_paused,
        "reason": fields.reason,
    }
