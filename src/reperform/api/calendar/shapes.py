"""Shapes of what the calendar's operations take and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from reperform.base.period import Period
from reperform.program.calendar import Calendared, PlanFields, plan_content
from reperform.program.calendar.year import Spare, Window, Year
from reperform.program.models import OccurrenceEntry
from reperform.program.queries.occurrences import ControlStanding


class StandingOut(Schema):
    """How a control stands in the calendar's period; `said` is why nothing is expected of it.

    `state` is the gravest of its windows' states, null when there is none; `so_far` counts what was
    due until now, and `done` what of it was done, late too.
    """

    control: str
    title: str
    frequency: str
    owner: int | None
    said: str
    state: str | None
    so_far: int
    done: int
    counts: dict[str, int]
    missed: list[date]
    next_due_on: date | None

    @staticmethod
    def of(found: ControlStanding) -> "StandingOut":
        """Return a standing as an answer."""
        control, standing = found.control, found.standing
        coming = [*standing.open, *([standing.following] if standing.following else [])]
        return StandingOut(
            control=control.code,
            title=control.title,
            frequency=control.frequency,
            owner=found.owner,
            said=control.said,
            state=standing.state.value if standing.state else None,
            so_far=standing.so_far,
            done=standing.done,
            counts={state.value: count for state, count in standing.counts.items()},
            missed=list(standing.missed),
            next_due_on=coming[0].slot.due_on if coming else None,
        )


class CalendarOut(Schema):
    """The standing of each control; `is_decided` says whether the scope decided the period."""

    first: date
    last: date
    is_decided: bool
    items: list[StandingOut]
    total: int
    offset: int


class WindowOut(Schema):
    """One time that a control was due; `entry` is the number of what was said of it."""

    first_on: date
    due_on: date
    grace_days: int
    owner: int | None
    state: str
    why: str
    entry: int | None
    done_on: date | None
    entered_on: date | None
    days_late: int

    @staticmethod
    def of(window: Window) -> "WindowOut":
        """Return a window as an answer."""
        entry = window.entry
        return WindowOut(
            first_on=window.slot.first_on,
            due_on=window.slot.due_on,
            grace_days=window.slot.grace_days,
            owner=window.slot.owner,
            state=window.state.value,
            why=window.why,
            entry=entry.number if entry else None,
            done_on=entry.on if entry and not window.why else None,
            entered_on=entry.entered_on if entry else None,
            days_late=window.days_late,
        )


class SpareOut(Schema):
    """An entry that fills no window, and why."""

    entry: int
    on: date
    why: str

    @staticmethod
    def of(spare: Spare) -> "SpareOut":
        """Return it as an answer."""
        return SpareOut(entry=spare.entry.number, on=spare.entry.on, why=spare.why)


class YearOut(Schema):
    """Every time that a control is due in the period, its plan, and the plan's version."""

    control: str
    said: str
    first: date
    last: date
    windows: list[WindowOut]
    spare: list[SpareOut]
    plan: dict[str, Any]
    plan_version: int

    @staticmethod
    def of(
        control: Calendared, period: Period, year: Year, plan: PlanFields, version: int
    ) -> "YearOut":
        """Return a control's year as an answer."""
        return YearOut(
            control=control.code,
            said=control.said,
            first=period.first,
            last=period.last,
            windows=[WindowOut.of(each) for each in year.windows],
            spare=[SpareOut.of(each) for each in year.spare],
            plan=plan_content(plan),
            plan_version=version,
        )


class PlanIn(Schema):
    """The whole plan anew from a day on; `seen` is the version that it replaces, 0 for none."""

    content: dict[str, Any]
    effective_on: date
    seen: int


class OccurrenceEntryOut(Schema):
    """What somebody said of one time; `at` is when it was entered, `on` the day that it is of."""

    number: int
    control: str
    kind: str
    on: date
    done_by: int
    note: str
    linked: str
    linked_number: int | None
    files: list[int]
    corrects: int | None
    corrected_by: int | None
    by: str
    at: datetime

    @staticmethod
    def of(row: OccurrenceEntry) -> "OccurrenceEntryOut":
        """Return an entry as an answer."""
        newer = getattr(row, "corrected_by", None)
        return OccurrenceEntryOut(
            number=row.number,
            control=row.control.code,
            kind=row.kind,
            on=row.on,
            done_by=row.done_by_id,
            note=row.note,
            linked=row.linked,
            linked_number=row.linked_number,
            files=[each.number for each in row.files.all()],
            corrects=row.corrects.number if row.corrects else None,
            corrected_by=newer.number if newer else None,
            by=row.by,
            at=row.at,
        )
