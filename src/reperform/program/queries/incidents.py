"""Incidents: lists, one of them, those of a period, and what they say to the description."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, QuerySet

from reperform.accounts.models import Membership, Organization
from reperform.base.period import Period
from reperform.program.description.registers import RegisteredIncident
from reperform.program.incidents import IncidentFields, Kind, State, reference
from reperform.program.incidents.disclosure import Known
from reperform.program.incidents.population import InPopulation
from reperform.program.models import Incident, IncidentEntry, NoIncidents

FINAL = tuple(state.value for state in State if state.is_final)
_PLACES = ("began_at", "noticed_at", "resolved_at")


def incident_fields(row: Incident) -> IncidentFields:
    """Return what the register says of an incident."""
    return IncidentFields(
        title=row.title,
        what=row.what,
        kind=Kind(row.kind),
        severity=row.severity,
        state=State(row.state),
        is_exercise=row.is_exercise,
        reason=row.reason,
        began_at=row.began_at,
        noticed_at=row.noticed_at,
        reported_at=row.reported_at,
        confirmed_at=row.confirmed_at,
        contained_at=row.contained_at,
        resolved_at=row.resolved_at,
        affected=row.affected,
        assets=tuple(row.assets),
        customers=tuple(row.customers),
        criteria=tuple(row.criteria),
        controls=tuple(row.controls),
        personal_data=row.personal_data,
        handler=row.handler_id,
        cause=row.cause,
        control_failed=row.control_failed,
        failed_controls=tuple(row.failed_controls),
        commitment_missed=row.commitment_missed,
        is_reportable=row.is_reportable,
        reportable_because=row.reportable_because,
        extent=row.extent,
        disposition=row.disposition,
        lessons=row.lessons,
        reviewed_on=row.reviewed_on,
    )


def incidents_like(
    organization: Organization,
    *,
    state: str = "",
    severity: str = "",
    exercise: bool | None = None,
    first: date | None = None,
    last: date | None = None,
    words: str = "",
) -> QuerySet[Incident]:
    """Return incidents, the latest first.

    Args:
        organization: whose they are.
        state: of `State`, or `open` for all that are not final; empty for any.
        severity: id of a level; `none` for those that nobody graded; empty for any.
        exercise: only exercises, or none; None for both.
        first: none that began before it.
        last: none that began after it.
        words: part of the title, or a reference as `INC-7`.
    """
    found = Incident.objects.filter(organization=organization)
    if state == "open":
        found = found.exclude(state__in=FINAL)
    elif state:
        found = found.filter(state=state)
    if severity:
        found = found.filter(severity="" if severity == "none" else severity)
    if exercise is not None:
        found = found.filter(is_exercise=exercise)
    if first is not None:
        found = found.filter(on__gte=first)
    if last is not None:
        found = found.filter(on__lte=last)
    if words:
        number = words.upper().removeprefix("INC-")
        is_number = number.isascii() and number.isdecimal() and len(number) < 9  # noqa: PLR2004 - a number
        like = Q(title__icontains=words) | Q(what__icontains=words)
        found = found.filter(like | Q(number=int(number)) if is_number else like)
    return found.select_related("handler__user").order_by("-on", "-number")


def incident_row(organization: Organization, number: int) -> Incident | None:
    """Return one incident; None when there is no such number."""
    rows = Incident.objects.filter(organization=organization, number=number)
    return rows.select_related("handler__user", "reporter__user", "organization").first()


def timeline(row: Incident) -> list[IncidentEntry]:
    """Return what was written of an incident, in the order in which it happened."""
    entries = row.entries.select_related("corrects", "proof")
    return list(entries.order_by("happened_at", "number"))


def own_reports(member: Membership) -> QuerySet[Incident]:
    """Return what a member reported, the latest first."""
    rows = Incident.objects.filter(organization=member.organization, reporter=member)
    return rows.select_related("handler__user").order_by("-number")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many incidents ask for something."""

    all: int
    open: int
    ungraded: int
    untold: int
    """Of those that happened: nobody decided whether DC 4 tells of them."""
    exercises: int


def count_incidents(organization: Organization) -> Counts:
    """Return what matters first, in one query."""
    is_open, is_real = ~Q(state__in=FINAL), Q(is_exercise=False) & ~Q(state="false alarm")
    found = Incident.objects.filter(organization=organization).aggregate(
        all=Count("pk"),
        open=Count("pk", filter=is_open),
        ungraded=Count("pk", filter=Q(severity="") & is_real),
        untold=Count("pk", filter=is_real & Q(is_reportable=None)),
        exercises=Count("pk", filter=Q(is_exercise=True)),
    )
    return Counts(**found)


def of_period(organization: Organization, period: Period | None) -> QuerySet[Incident]:
    """Return the incidents that touch a period, by day: one of their times lies in it.

    One that began before it and is not resolved is among them.  Without a period, all of them.
    """
    found = Incident.objects.filter(organization=organization).order_by("on", "number")
    if period is None:
        return found
    first = datetime.combine(period.first, time(), UTC)
    after = datetime.combine(period.last, time(), UTC) + timedelta(days=1)
    within = [Q(**{f"{name}__gte": first, f"{name}__lt": after}) for name in _PLACES]
    is_running = Q(on__lt=period.first, resolved_at=None) & ~Q(state__in=FINAL)
    by_day = Q(on__gte=period.first, on__lte=period.last)
    return found.filter(reduce(or_, within, by_day | is_running))


def population(organization: Organization, period: Period | None) -> list[InPopulation]:
    """Return the incidents of a period as an auditor takes them."""
    return [
        InPopulation(
            row.number, incident_fields(row), row.handler.user.email if row.handler else ""
        )
        for row in of_period(organization, period).select_related("handler__user")
    ]


def known_incidents(organization: Organization, period: Period | None) -> list[Known]:
    """Return the incidents of a period as values."""
    return [Known(row.number, incident_fields(row)) for row in of_period(organization, period)]


def registered_incidents(
    organization: Organization, period: Period | None
) -> tuple[RegisteredIncident, ...] | None:
    """Return the incidents of a period that happened; None when the register was never used.

    False alarms and exercises are left out.  A register is in use when somebody entered anything
    but an exercise, or stated that there was nothing.
    """
    rows = of_period(organization, period).filter(is_exercise=False).exclude(state="false alarm")
    found = tuple(
        RegisteredIncident(
            reference=reference(number), title=title, on=on, is_reportable=is_reportable
        )
        for number, title, on, is_reportable in rows.values_list(
            "number", "title", "on", "is_reportable"
        )
    )
    if found or Incident.objects.filter(organization=organization, is_exercise=False).exists():
        return found
    return () if is_stated_none(organization, period) else None


def is_stated_none(organization: Organization, period: Period | None) -> bool:
    """Return whether somebody stated that there was no incident on any day of a period."""
    return any(_covers(each, period) for each in statements(organization))


def _covers(stated: NoIncidents, period: Period | None) -> bool:
    """Return whether a statement is about every day of a period that was past when it was made."""
    if period is None:
        return True
    last = min(period.last, stated.at.date())
    return stated.first_day <= period.first and last <= stated.last_day


def statements(organization: Organization) -> QuerySet[NoIncidents]:
    """Return the statements that there was no incident, the latest first."""
    return NoIncidents.objects.filter(organization=organization).order_by("-number")


def contradicting(
    organization: Organization, stated: list[NoIncidents]
) -> Mapping[int, tuple[str, ...]]:
    """Return the incidents by which each statement is wrong by now, by its number."""
    if not stated:
        return {}
    first, last = min(s.first_day for s in stated), max(s.last_day for s in stated)
    rows = of_period(organization, Period(first, last)).filter(is_exercise=False)
    real = list(rows.exclude(state="false alarm").values_list("number", "on"))
    return {
        each.number: tuple(
            reference(number) for number, on in real if each.first_day <= on <= each.last_day
        )
        for each in stated
    }


def handled_by(member: Membership) -> QuerySet[Incident]:
    """Return the open incidents that a member handles, the oldest first."""
    rows = Incident.objects.filter(organization=member.organization, handler=member)
    return rows.exclude(state__in=FINAL).order_by(F("on"), "number")
