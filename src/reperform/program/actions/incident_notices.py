"""Deciding whom to notify of an incident, and which duties concern the organization."""

from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.reader import Reader
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.incident_rows import IncidentRefusedError, refused, subject
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.incidents import REFUSED
from reperform.program.incidents.duties import (
    Duty,
    DutyFields,
    TermFields,
    deadline,
    duty_content,
    term_content,
)
from reperform.program.incidents.library import incident_library
from reperform.program.models import Incident, IncidentDuty, KeptFile, NotificationTerm
from reperform.program.queries.incident_notices import (
    asked_duties,
    duty_fields,
    term_fields,
)

_TERM = tuple(TermFields.__dataclass_fields__)


@transaction.atomic
def decide_duty(
    *,
    organization: Organization,
    number: int,
    duty: str,
    fields: DutyFields,
    seen: int,
    by: str,
    at: datetime,
) -> IncidentDuty:
    """Decide whether a duty to notify applies to an incident, or say that it was done.

    Args:
        organization: whose incident it is.
        number: of the incident, which exists.
        duty: its key.
        fields: all of the decision anew, read without problems.
        seen: version of the decision that is changed; 0 for none.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody decided in the meantime.
        IncidentRefusedError: there is no such duty, no such proof, or the incident is an exercise.
    """
    lock(organization)
    incident = Incident.objects.get(organization=organization, number=number)
    row = IncidentDuty.objects.filter(incident=incident, duty=duty).select_related("proof").first()
    what = f"the notice {duty} of {subject(number)}"
    if row is None:
        if seen != 0:
            raise StaleVersionError(what, seen=seen, current=0, by="")
        row = _undecided(incident, duty)
    refuse_stale(row, what, seen=seen)
    before = duty_fields(row)
    if before == fields:
        return row
    _write(row, fields, by=by, at=at)
    was, is_ = difference(duty_content(before), duty_content(fields))
    record(
        log=organization.log,
        act="incident.notice_done"
        if fields.done_at != before.done_at
        else "incident.notice_decided",
        by=by,
        at=at,
        subject=subject(number),
        before=was,
        after={"duty": duty, **is_},
    )
    return row


def _undecided(incident: Incident, duty: str) -> IncidentDuty:
    if incident.is_exercise:
        todo = "write it into the timeline: nobody is really notified in an exercise"
        raise IncidentRefusedError([refused("duty", "is asked of no exercise", todo)])
    asked = asked_duties(incident.organization, incident_library().duties)
    found = next((each for each in asked if each.key == duty), None)
    if found is None:
        raise IncidentRefusedError([refused("duty", "there is no such duty")])
    return _new(incident, found)


def _new(incident: Incident, duty: Duty) -> IncidentDuty:
    return IncidentDuty(
        incident=incident, duty=duty.key, title=duty.title, hours=duty.hours, version=0
    )


def _write(row: IncidentDuty, fields: DutyFields, *, by: str, at: datetime) -> None:
    proof = None
    if fields.proof is not None:
        proof = KeptFile.objects.filter(
            organization=row.incident.organization,
            number=fields.proof,
            readable_with="incidents.view",
        ).first()
        if proof is None:
            todo = "keep it with an entry of the timeline, and choose it here"
            raise IncidentRefusedError([refused("proof", "there is no such file", todo)])
    for name in ("applies", "reason", "counted_from", "due_by", "done_at", "how"):
        setattr(row, name, getattr(fields, name))
    row.proof = proof
    row.due_at = deadline(fields, hours=row.hours, noticed_at=row.incident.noticed_at)
    is_late = bool(row.done_at and row.due_at and row.done_at > row.due_at)
    row.was_late = row.was_late or is_late
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


@transaction.atomic
def dismiss_duties(
    *, organization: Organization, number: int, reason: str, by: str, at: datetime
) -> list[str]:
    """Decide that every duty that nobody decided does not apply, for one reason; return their keys.

    Raises:
        IncidentRefusedError: there is no reason, or it is too long.
    """
    lock(organization)
    incident = Incident.objects.get(organization=organization, number=number)
    reader = Reader({"reason": reason}, REFUSED)
    reason = reader.text("reason", needed="say why none of them applies")
    if reader.problems:
        raise IncidentRefusedError(reader.problems)
    if incident.is_exercise:
        return []
    decided = set(incident.duties.exclude(applies=None).values_list("duty", flat=True))
    asked = asked_duties(organization, incident_library().duties)
    open_ = {each.key: each for each in asked if each.key not in decided}
    there = {row.duty: row for row in incident.duties.filter(duty__in=open_)}
    for key, duty in open_.items():
        row = there.get(key) or _new(incident, duty)
        _write(row, DutyFields(applies=False, reason=reason), by=by, at=at)
    if open_:
        record(
            log=organization.log,
            act="incident.notices_dismissed",
            by=by,
            at=at,
            subject=subject(number),
            after={"duties": list(open_), "applies": False, "reason": reason},
        )
    return list(open_)


@transaction.atomic
def make_term(
    *,
    organization: Organization,
    fields: TermFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> NotificationTerm:
    """Enter a term of one's own, or decide on one of the table: whether it concerns us, by when.

    Raises:
        IncidentRefusedError: the table has no such duty, or it was decided on before.
    """
    lock(organization)
    _refuse_duty(organization, fields)
    row = NotificationTerm(
        organization=organization,
        number=number or next_number(NotificationTerm, organization),
        version=0,
    )
    _write_term(row, fields, by=by, at=at)
    _record_term(row, {}, term_content(fields), "notification_term.made", by=by, at=at)
    return row


def _refuse_duty(organization: Organization, fields: TermFields) -> None:
    if not fields.duty:
        return
    if fields.duty not in {each.key for each in incident_library().duties}:
        raise IncidentRefusedError([refused("duty", "the table has no such duty")])
    if NotificationTerm.objects.filter(organization=organization, duty=fields.duty).exists():
        todo = "change that term"
        raise IncidentRefusedError([refused("duty", "was decided on before", todo)])


@transaction.atomic
def change_term(
    *,
    organization: Organization,
    number: int,
    fields: TermFields,
    seen: int,
    by: str,
    at: datetime,
) -> NotificationTerm:
    """Change a term; incidents keep what was decided of them.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        IncidentRefusedError: it would become a term about another duty.
    """
    lock(organization)
    row = NotificationTerm.objects.get(organization=organization, number=number)
    refuse_stale(row, f"term {number}", seen=seen)
    before = term_fields(row)
    if before == fields:
        return row
    if before.duty != fields.duty:
        todo = "leave it as it is, and make another term"
        raise IncidentRefusedError([refused("duty", "cannot be changed", todo)])
    _write_term(row, fields, by=by, at=at)
    was, is_ = difference(term_content(before), term_content(fields))
    _record_term(row, was, is_, "notification_term.changed", by=by, at=at)
    return row


def _write_term(row: NotificationTerm, fields: TermFields, *, by: str, at: datetime) -> None:
    for name in _TERM:
        setattr(row, name, getattr(fields, name))
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _record_term(
    row: NotificationTerm,
    before: dict[str, Any],
    after: dict[str, Any],
    act: str,
    *,
    by: str,
    at: datetime,
) -> None:
    record(
        log=row.organization.log,
        act=act,
        by=by,
        at=at,
        subject=f"notification term {row.number}",
        before=before or None,
        after=after,
    )
