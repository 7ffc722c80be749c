"""Writing the system description."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.models import DescriptionVersion


@transaction.atomic
def write_field(
    *, organization: Organization, field: str, text: str, seen: int, by: str, at: datetime
) -> DescriptionVersion | None:
    """Write one field of the description anew; what it was stays as a version.

    Args:
        organization: whose description it is.
        field: a field of the library, as in `dc3.people`.
        text: the whole text, read without problems; empty takes it back.
        seen: number of the version that was changed; 0 when there was none.
        by: who writes.
        at: when.

    Returns:
        The version that stands; None when nothing was written and nothing is.

    Raises:
        StaleVersionError: somebody wrote in the meantime.
    """
    # The organization's row is the lock: two that save at once come one after the other.
    Organization.objects.select_for_update().get(pk=organization.pk)
    versions = DescriptionVersion.objects.filter(organization=organization, field=field)
    current = versions.order_by("-number").first()
    number = current.number if current else 0
    if number != seen:
        raise StaleVersionError(
            f"the field {field}",
            seen=seen,
            current=number,
            by=current.by if current else "",
            content={"text": current.text} if current else None,
        )
    before = current.text if current else ""
    if before == text:
        return current
    version = DescriptionVersion.objects.create(
        organization=organization, field=field, number=number + 1, text=text, by=by, at=at
    )
    record(
        log=organization.log,
        act="description.written",
        by=by,
        at=at,
        subject=f"description {field}",
        before={"text": before} if current else None,
        after={"version": version.number, "text": text},
    )
    return version
