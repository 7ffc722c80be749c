"""Reporting incidents, handling them, and stating that there was none."""

from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.period import Period
from reperform.ledger.actions import record
from reperform.program.actions.incident_rows import (
    IncidentRefusedError,
    move_deadlines,
    refused,
    subject,
    write_incident,
)
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.incidents import IncidentFields, State, incident_content, reference
from reperform.program.incidents.closing import lacking_to_close
from reperform.program.incidents.library import incident_library
from reperform.program.incidents.reports import Report
from reperform.program.models import Incident, NoIncidents
from reperform.program.queries.incident_notices import duty_lines
from reperform.program.queries.incidents import incident_fields, of_period


@transaction.atomic
def report_incident(*, member: Membership, report: Report, by: str, at: datetime) -> Incident:
    """Report an incident, as anybody of the organization may; it waits to be looked at.

    Args:
        member: who reports; they see what becomes of it.
        report: what they noticed, read without problems.
        by: what the ledger calls them.
        at: when.
    """
    lock(member.organization)
    row = _new(member.organization, None)
    row.reporter = member
    fields = report.incident(at=at)
    write_incident(row, fields, by=by, at=at)
    record(
        log=member.organization.log,
        act="incident.reported",
        by=by,
        at=at,
        subject=subject(row.number),
        after=incident_content(fields),
    )
    return row


@transaction.atomic
def make_incident(
    *,
    organization: Organization,
    fields: IncidentFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> Incident:
    """Enter an incident or an exercise into the register.

    Args:
        organization: whose it is.
        fields: read without problems.
        by: who enters it.
        at: when.
        number: None for the next.

    Raises:
        IncidentRefusedError: it names what is not the organization's, or is closed already.
    """
    lock(organization)
    row = _new(organization, number)
    if fields.state is State.CLOSED:
        todo = "enter it first: its notices must be decided before it is closed"
        raise IncidentRefusedError([refused("state", "is closed from the beginning", todo)])
    write_incident(row, fields, by=by, at=at)
    record(
        log=organization.log,
        act="incident.made",
        by=by,
        at=at,
        subject=subject(row.number),
        after=incident_content(fields),
    )
    return row


def _new(organization: Organization, number: int | None) -> Incident:
    return Incident(
        organization=organization,
        number=number or next_number(Incident, organization),
        version=0,
    )


@transaction.atomic
def change_incident(
    *,
    organization: Organization,
    number: int,
    fields: IncidentFields,
    seen: int,
    by: str,
    at: datetime,
) -> Incident:
    """Change what the register says of an incident: its state too.

    Args:
        organization: whose it is.
        number: of the incident, which exists.
        fields: all of it anew, read without problems.
        seen: the version that is changed.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        IncidentRefusedError: it names what is not the organization's, cannot be closed yet, or
            would become an exercise.
    """
    lock(organization)
    row = Incident.objects.select_related("organization").get(
        organization=organization, number=number
    )
    refuse_stale(row, subject(number), seen=seen)
    before = incident_fields(row)
    if before == fields:
        return row
    if fields.is_exercise != before.is_exercise:
        todo = "call it a false alarm with the reason, and enter it anew"
        raise IncidentRefusedError([refused("is_exercise", "cannot be changed", todo)])
    if fields.state is State.CLOSED:
        lines = duty_lines(row, incident_library().duties, now=at)
        lacking = lacking_to_close(fields, [each.standing for each in lines])
        if lacking:
            raise IncidentRefusedError(lacking)
    write_incident(row, fields, by=by, at=at)
    if fields.noticed_at != before.noticed_at:
        move_deadlines(row)
    was, is_ = difference(incident_content(before), incident_content(fields))
    record(
        log=organization.log,
        act=_act(before.state, fields.state),
        by=by,
        at=at,
        subject=subject(number),
        before=was,
        after=is_,
    )
    return row


def _act(before: State, after: State) -> str:
    if before is after:
        return "incident.changed"
    if before.is_final and not after.is_final:
        return "incident.reopened"
    return {
        State.CLOSED: "incident.closed",
        State.FALSE_ALARM: "incident.called_false_alarm",
    }.get(after, "incident.moved")


@transaction.atomic
def state_no_incidents(
    *, organization: Organization, first: date, last: date, basis: str, by: str, at: datetime
) -> NoIncidents:
    """State that there was no incident from `first` to `last`: an empty register that says so.

    Args:
        organization: whose statement it is.
        first: the first day.
        last: the last day, not after `at`.
        basis: what it rests on.
        by: who states it.
        at: when.

    Raises:
        IncidentRefusedError: the register has an incident of these days, or they are not past.
    """
    lock(organization)
    if last > at.date() or last < first:
        todo = f"name days up to {at.date()}, the first one first"
        raise IncidentRefusedError([refused("last", "is before the first day or to come", todo)])
    if not basis:
        todo = "say where you looked: alerts, tickets, reports of the workforce"
        raise IncidentRefusedError([refused("basis", "is empty", todo)])
    rows = of_period(organization, Period(first, last)).filter(is_exercise=False)
    there = rows.exclude(state=State.FALSE_ALARM.value).first()
    if there:
        what = f"{reference(there.number)} of {there.on} is in the register"
        todo = "call it a false alarm if it was one, or state other days"
        raise IncidentRefusedError([refused("first", what, todo)])
    same = NoIncidents.objects.filter(
        organization=organization, first_day=first, last_day=last, basis=basis
    ).first()
    if same:
        return same
    made = NoIncidents.objects.create(
        organization=organization,
        number=next_number(NoIncidents, organization),
        first_day=first,
        last_day=last,
        basis=basis,
        by=by,
        at=at,
    )
    record(
        log=organization.log,
        act="incidents.none_stated",
        by=by,
        at=at,
        subject=f"no incidents {made.number}",
        after={"first": first, "last": last, "basis": basis},
    )
    return made
