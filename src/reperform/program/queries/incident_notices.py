"""Duties to notify: those that concern an organization, and what was decided of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from reperform.accounts.models import Membership, Organization
from reperform.program.incidents.duties import Duty, DutyFields, Standing, TermFields, standing
from reperform.program.models import Incident, IncidentDuty, NotificationTerm
from reperform.program.queries.incidents import FINAL

_OWN = "own-"


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty that is asked of an incident, and what was decided.

    Attributes:
        duty: as the table and the organization have it now.
        fields: what was decided.
        due_at: the deadline; None when it does not apply or cannot be computed.
        standing: whether it was kept.
        version: of the decision; 0 while there is none.
        by: who decided last; empty while nobody has.
    """

    duty: Duty
    fields: DutyFields
    due_at: datetime | None
    standing: Standing
    version: int
    by: str = ""


def terms(organization: Organization) -> QuerySet[NotificationTerm]:
    """Return what the organization decided of the table, and its own terms, by number."""
    return NotificationTerm.objects.filter(organization=organization).order_by("number")


def term_row(organization: Organization, number: int) -> NotificationTerm | None:
    """Return one term; None when there is no such number."""
    return terms(organization).filter(number=number).first()


def term_fields(row: NotificationTerm) -> TermFields:
    """Return what a term says."""
    return TermFields(
        title=row.title,
        duty=row.duty,
        source=row.source,
        whom=row.whom,
        when=row.when,
        term=row.term,
        hours=row.hours,
        concerns=row.concerns,
        reason=row.reason,
    )


def asked_duties(organization: Organization, table: Iterable[Duty]) -> tuple[Duty, ...]:
    """Return the duties that are asked of each incident: those that nobody said do not concern it.

    Args:
        organization: whose incidents they are.
        table: duties of the library.
    """
    rows = list(terms(organization))
    decided = {row.duty: row for row in rows if row.duty}
    found = []
    for duty in table:
        row = decided.get(duty.key)
        if row is None:
            found.append(duty)
        elif row.concerns:
            found.append(_duty(row, duty.key, is_about_personal_data=duty.is_about_personal_data))
    return (*found, *(_duty(r, f"{_OWN}{r.number}") for r in rows if not r.duty and r.concerns))


def _duty(row: NotificationTerm, key: str, *, is_about_personal_data: bool = False) -> Duty:
    return Duty(
        key=key,
        title=row.title,
        source=row.source,
        whom=row.whom,
        when=row.when,
        term=row.term,
        hours=row.hours,
        is_about_personal_data=is_about_personal_data,
    )


def duty_fields(row: IncidentDuty) -> DutyFields:
    """Return what was decided."""
    return DutyFields(
        applies=row.applies,
        reason=row.reason,
        counted_from=row.counted_from,
        due_by=row.due_by,
        done_at=row.done_at,
        how=row.how,
        proof=row.proof.number if row.proof else None,
    )


def duty_lines(incident: Incident, table: Iterable[Duty], *, now: datetime) -> list[DutyLine]:
    """Return every duty that is asked of an incident, and those that were decided before.

    An exercise notifies nobody: it has none.
    """
    if incident.is_exercise:
        return []
    rows = {row.duty: row for row in incident.duties.select_related("proof").order_by("duty")}
    asked = {duty.key: duty for duty in asked_duties(incident.organization, table)}
    for key, row in rows.items():
        asked.setdefault(key, Duty(key, row.title, hours=row.hours))
    return [_line(duty, rows.get(key), now) for key, duty in asked.items()]


def _line(duty: Duty, row: IncidentDuty | None, now: datetime) -> DutyLine:
    if row is None:
        return DutyLine(duty, DutyFields(), None, Standing.NOT_DECIDED, 0)
    fields = duty_fields(row)
    state = standing(fields, due_at=row.due_at, was_late=row.was_late, now=now)
    return DutyLine(duty, fields, row.due_at, state, row.version, row.changed_by)


def late_notices(organization: Organization, *, now: datetime) -> QuerySet[IncidentDuty]:
    """Return the notices that were late or are, of every incident, the latest deadline first."""
    rows = IncidentDuty.objects.filter(incident__organization=organization, applies=True)
    found = rows.filter(was_late=True) | rows.filter(done_at=None, due_at__lt=now)
    return found.select_related("incident").order_by("-due_at", "-pk")


def deadlines(member: Membership) -> Mapping[int, datetime | None]:
    """Return the next deadline of a notice, by number of each open incident a member handles."""
    rows = IncidentDuty.objects.filter(
        incident__organization=member.organization,
        incident__handler=member,
        applies=True,
        done_at=None,
        due_at__isnull=False,
    ).exclude(incident__state__in=FINAL)
    found: dict[int, datetime | None] = {}
    for number, due in rows.order_by("due_at").values_list("incident__number", "due_at"):
        found.setdefault(number, due)
    return found
