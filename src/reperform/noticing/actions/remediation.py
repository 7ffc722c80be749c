"""Deciding by when what was found must be put right."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.noticing.models import Look, RemediationDays
from reperform.noticing.queries.late import days_of, remediation_row
from reperform.noticing.remediation import Days, days_content
from reperform.program.actions.rows import difference, lock, refuse_stale


@transaction.atomic
def set_remediation_days(
    *, organization: Organization, days: Days, seen: int, by: str, at: datetime
) -> RemediationDays:
    """Set the days by severity; what is late by them is looked for at once.

    Args:
        organization: whose they are.
        days: None where nothing is decided.
        seen: the version that is changed; 0 for none.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
    """
    lock(organization)
    row = remediation_row(organization) or RemediationDays(
        organization=organization, version=0, changed_by="", changed_at=at
    )
    refuse_stale(row, "the days for remediation", seen=seen)
    before, after = difference(days_content(days_of(row)), days_content(days))
    if not after:
        return row
    for name, value in days_content(days).items():
        setattr(row, name, value)
    row.version, row.changed_by, row.changed_at = row.version + 1, by, at
    row.save()
    Look.objects.filter(organization=organization).update(next_at=at)
    record(
        log=organization.log,
        act="remediation_days.set",
        by=by,
        at=at,
        subject="days for remediation",
        before=before,
        after=after,
    )
    return row
