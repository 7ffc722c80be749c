"""Questions about the calendar: what is due, what was done, and how each control stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Model, OuterRef, Q, QuerySet, Subquery, TextField, Value, When

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.program.calendar import Calendared, PlanFields, PlanVersion, Slot, expected
from reperform.program.calendar.entries import Entry, EntryFields, EntryKind, LinkedRegister
from reperform.program.calendar.standing import Standing, standing_of
from reperform.program.calendar.year import Year, in_period, year_of
from reperform.program.models import (
    AccessReview,
    AdoptedControl,
    Asset,
    ControlPlan,
    Incident,
    OccurrenceEntry,
    RemediationTask,
    Risk,
    Vendor,
)

LINKED: Mapping[LinkedRegister, type[Model]] = {
    LinkedRegister.TASK: RemediationTask,
    LinkedRegister.RISK: Risk,
    LinkedRegister.ASSET: Asset,
    LinkedRegister.ACCESS_REVIEW: AccessReview,
    LinkedRegister.VENDOR: Vendor,
    LinkedRegister.INCIDENT: Incident,
}
"""The registers whose rows can be a proof."""
_AROUND = timedelta(days=400)
_FIELDS = ("code", "title", "frequency", "kind", "adopted_on", "retired_on", "owner", "criteria")


@dataclass(frozen=True, slots=True)
class ControlStanding:
    """A control and how it stands in a period."""

    control: Calendared
    standing: Standing

    @property
    def owner(self) -> int | None:
        """Number of the member who does it next, as it is planned."""
        coming = self.standing.open[:1] or (self.standing.following,)
        return coming[0].slot.owner if coming[0] else self.control.owner


def standings(organization: Organization, period: Period, *, today: date) -> list[ControlStanding]:
    """Return how each control that was in force in the period stands, by code.

    Entries and plans are only ever added, each with the next number: so the answer is made once for
    what the latest numbers, the controls and the day are, and never kept longer than it is true.
    """
    controls = calendared(organization, period)
    # What is seen within a transaction may never come to be, and its numbers be given again.
    answer = _standings.__wrapped__ if connection.in_atomic_block else _standings
    found = answer(organization.pk, _latest(organization), tuple(controls), period, today)
    return [ControlStanding(*each) for each in zip(controls, found, strict=True)]


def calendared(organization: Organization, period: Period) -> list[Calendared]:
    """Return the controls in force on some day of the period, by code."""
    rows = AdoptedControl.objects.filter(organization=organization, adopted_on__lte=period.last)
    rows = rows.filter(Q(retired_on=None) | Q(retired_on__gt=period.first)).order_by("code")
    return [_calendared(row) for row in rows.values_list(*_FIELDS)]


def calendared_control(organization: Organization, code: str) -> Calendared | None:
    """Return one control, in force or retired; None when there is no such code."""
    rows = AdoptedControl.objects.filter(organization=organization, code=code.replace("\0", " "))
    row = rows.values_list(*_FIELDS).first()
    return _calendared(row) if row else None


def _calendared(row: tuple[Any, ...]) -> Calendared:
    return Calendared(**{**dict(zip(_FIELDS, row, strict=True)), "criteria": tuple(row[-1])})


def _latest(organization: Organization) -> tuple[int, int]:
    """Return the highest numbers of the entries and of the plans."""
    own = OuterRef("pk")
    entries = OccurrenceEntry.objects.filter(organization=own).order_by("-number")
    plans = ControlPlan.objects.filter(organization=own).order_by("-number")
    rows = Organization.objects.filter(pk=organization.pk).values_list(
        Subquery(entries.values("number")[:1]), Subquery(plans.values("number")[:1])
    )
    entry, plan = rows.get()
    return entry or 0, plan or 0


@lru_cache(maxsize=64)
def _standings(
    organization: UUID,
    latest: tuple[int, int],
    controls: tuple[Calendared, ...],
    period: Period,
    today: date,
) -> tuple[Standing, ...]:
    """Return the standing of each control, given all that the answer rests on."""
    entry, plan = latest
    entries = OccurrenceEntry.objects.filter(organization=organization, number__lte=entry)
    plans = ControlPlan.objects.filter(organization=organization, number__lte=plan)
    found = _years(controls, entries, plans, period, today)
    return tuple(standing_of(year, period) for _, year in found)


def years(
    organization: Organization, period: Period, *, today: date
) -> Iterator[tuple[Calendared, Year]]:
    """Yield the whole year of each control, by code: what goes out as a file."""
    entries = OccurrenceEntry.objects.filter(organization=organization)
    plans = ControlPlan.objects.filter(organization=organization)
    yield from _years(calendared(organization, period), entries, plans, period, today)


def _years(
    controls: Iterable[Calendared],
    entries: QuerySet[OccurrenceEntry],
    plans: QuerySet[ControlPlan],
    period: Period,
    today: date,
) -> Iterator[tuple[Calendared, Year]]:
    said, planned = _entries(entries, period), _versions(plans)
    for control in controls:
        slots = expected(control, planned.get(control.code, ()), period)
        year = year_of(slots, said.get(control.code, ()), today=today)
        yield control, in_period(year, period)


def year_of_control(
    organization: Organization, control: Calendared, period: Period, *, today: date
) -> Year:
    """Return every time that one control was due in the period, and what became of it."""
    rows = OccurrenceEntry.objects.filter(organization=organization, control__code=control.code)
    entries = _entries(rows, period).get(control.code, ())
    return in_period(year_of(slots_of(organization, control, period), entries, today=today), period)


def slots_of(organization: Organization, control: Calendared, period: Period) -> tuple[Slot, ...]:
    """Return each time that one control is due in the period."""
    return expected(control, plan_versions(organization, control.code), period)


def plan_versions(organization: Organization, code: str) -> list[PlanVersion]:
    """Return the versions of a control's plan, in order; none while nobody planned it."""
    rows = ControlPlan.objects.filter(organization=organization, control__code=code)
    return _versions(rows).get(code, [])


def latest_plan(organization: Organization, code: str) -> PlanVersion | None:
    """Return the version of a control's plan that was made last; None while nobody planned it."""
    versions = plan_versions(organization, code)
    return max(versions, key=lambda each: each.number, default=None)


def _versions(rows: QuerySet[ControlPlan]) -> dict[str, list[PlanVersion]]:
    found: dict[str, list[PlanVersion]] = defaultdict(list)
    # Of two versions from the same day on, the later one counts.
    for row in rows.select_related("control").order_by("effective_on", "number"):
        version = PlanVersion(row.effective_on, row.frequency, _fields(row), row.number)
        own = found[row.control.code]
        if own and own[-1].effective_on == version.effective_on:
            own.pop()
        own.append(version)
    return dict(found)


def _fields(row: ControlPlan) -> PlanFields:
    return PlanFields(
        first_due_on=row.first_due_on,
        opens_days=row.opens_days,
        grace_days=row.grace_days,
        on_workdays=row.on_workdays,
        owner=row.owner_id,
        is_paused=row.is_paused,
        reason=row.reason,
    )


def _entries(rows: QuerySet[OccurrenceEntry], period: Period) -> dict[str, list[Entry]]:
    """Return the entries that stand and can fill a window of the period, by control."""
    near = rows.filter(is_current=True, on__gte=period.first, on__lte=period.last + _AROUND)
    found: dict[str, list[Entry]] = defaultdict(list)
    # Only why something was not done is part of the answer, and notes are long.
    why = Case(
        When(kind=EntryKind.NOT_DONE.value, then="note"),
        default=Value(""),
        output_field=TextField(),
    )
    columns = near.values_list("control__code", "number", "kind", "on", "at", why)
    for code, number, kind, on, at, note in columns:
        found[code].append(Entry(number, EntryKind(kind), on, at.date(), note))
    return dict(found)


def entry_rows(organization: Organization, *, control: str = "") -> QuerySet[OccurrenceEntry]:
    """Return the entries, newest first, of all controls or of one; corrected ones too."""
    rows = OccurrenceEntry.objects.filter(organization=organization)
    if control:
        rows = rows.filter(control__code=control.replace("\0", " "))
    return rows.select_related("control", "done_by__user", "corrects", "corrected_by").order_by(
        "-number"
    )


def entry_row(organization: Organization, number: int) -> OccurrenceEntry | None:
    """Return one entry; None when the organization has none of that number."""
    return entry_rows(organization).filter(number=number).first()


def entry_fields(row: OccurrenceEntry) -> EntryFields:
    """Return what an entry says."""
    return EntryFields(
        kind=EntryKind(row.kind),
        on=row.on,
        done_by=row.done_by_id,
        note=row.note,
        linked=LinkedRegister(row.linked) if row.linked else None,
        linked_number=row.linked_number,
    )


def owner_on(control: AdoptedControl, day: date) -> int | None:
    """Return the number of the member who does a control on a day; None for nobody."""
    version = None
    for each in plan_versions(control.organization, control.code):
        if each.effective_on <= day:
            version = each
    return (version.fields.owner if version else None) or control.owner_id
