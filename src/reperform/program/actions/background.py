"""Background checks: ordered, and what came of them; never what was found."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.program.actions.person_rows import found_person, refuse
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.models import BackgroundCheck
from reperform.program.queries.training import check_fields
from reperform.program.training import CheckFields, Outcome, check_content


@transaction.atomic
def order_check(
    *, organization: Organization, person: int, fields: CheckFields, by: str, at: datetime
) -> BackgroundCheck:
    """Record a background check that was ordered, or that is complete already.

    Raises:
        PersonRefusedError: the number is nobody's, or the same check is there.
    """
    lock(organization)
    who = found_person(organization, person)
    if who.checks.filter(kind__iexact=fields.kind, ordered_on=fields.ordered_on).exists():
        raise refuse("kind", "is recorded for that day", "change that record")
    row = BackgroundCheck(
        organization=organization,
        number=next_number(BackgroundCheck, organization),
        person=who,
        version=0,
    )
    _write(row, fields, by=by, at=at)
    record(
        log=organization.log,
        act="check.ordered",
        by=by,
        at=at,
        subject=f"person {person}",
        after=check_content(fields) | {"check": row.number},
    )
    return row


@transaction.atomic
def change_check(
    *,
    organization: Organization,
    number: int,
    fields: CheckFields,
    seen: int,
    by: str,
    at: datetime,
) -> BackgroundCheck:
    """Record what came of a background check, or correct it.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PersonRefusedError: there is none of that number.
    """
    lock(organization)
    rows = BackgroundCheck.objects.filter(organization=organization, number=number)
    row = rows.select_related("person").first()
    if row is None:
        raise refuse("check", f"there is no check {number}", "choose one of the list")
    refuse_stale(row, f"check {number}", seen=seen)
    before, after = difference(check_content(check_fields(row)), check_content(fields))
    if not after:
        return row
    _write(row, fields, by=by, at=at)
    record(
        log=organization.log,
        act="check.changed",
        by=by,
        at=at,
        subject=f"person {row.person.number}",
        before=before,
        after=after | {"check": number},
    )
    return row


def _write(row: BackgroundCheck, fields: CheckFields, *, by: str, at: datetime) -> None:
    row.kind, row.ordered_on, row.completed_on = (
        fields.kind,
        fields.ordered_on,
        fields.completed_on,
    )
    row.outcome = "" if fields.outcome is Outcome.PENDING else fields.outcome.value
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
