"""Saying which systems are the systems of record."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock
from reperform.program.models import SystemsVersion
from reperform.program.queries.systems import latest_systems
from reperform.program.systems import Systems, systems_content

STATED = "systems.stated"


@transaction.atomic
def state_systems(
    *, organization: Organization, systems: Systems, seen: int, by: str, at: datetime
) -> int:
    """Say which systems have which role, whole; nothing is recorded for the same.

    Args:
        organization: whose systems.
        systems: by role; one that is left out is not decided.
        seen: number of the version that was changed; 0 where there is none.
        by: who says it.
        at: when.

    Returns:
        The number of the version that stands.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
    """
    lock(organization)
    row = latest_systems(organization)
    number = row.number if row else 0
    before = row.content if row else systems_content({})
    if number != seen:
        raise StaleVersionError(
            "the systems of record",
            seen=seen,
            current=number,
            by=row.by if row else "",
            content=before,
        )
    after = systems_content(systems)
    if after == before:
        return number
    SystemsVersion.objects.create(
        organization=organization, number=number + 1, content=after, by=by, at=at
    )
    record(
        log=organization.log,
        act=STATED,
        by=by,
        at=at,
        subject="systems of record",
        before=before,
        after=after,
    )
    return number + 1
