"""Deciding how one is told."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership
from reperform.ledger.actions import record
from reperform.noticing.models import BeingTold, Telling
from reperform.noticing.preferences import Preferences, preferences_content
from reperform.noticing.queries.telling import being_told_row, preferences_of
from reperform.program.actions.rows import difference, lock, refuse_stale


@transaction.atomic
def set_being_told(
    *, member: Membership, preferences: Preferences, seen: int, by: str, at: datetime
) -> BeingTold:
    """Keep how a member wants to be told; what waits for them is seen to at once, by that.

    Args:
        member: whose decision it is.
        preferences: from now on.
        seen: the version that is changed; 0 for none.
        by: who decides: they themselves.
        at: when.

    Raises:
        StaleVersionError: they changed it elsewhere in the meantime.
    """
    lock(member.organization)
    was = preferences_content(preferences_of(member))
    row = being_told_row(member) or BeingTold(
        member=member, version=0, content=was, changed_by=by, changed_at=at
    )
    refuse_stale(row, "how you are told", seen=seen)
    before, after = difference(was, preferences_content(preferences))
    if not after:
        return row
    row.content = preferences_content(preferences)
    row.version, row.changed_by, row.changed_at = row.version + 1, by, at
    row.save()
    Telling.objects.update_or_create(member=member, defaults={"next_at": at})
    record(
        log=member.organization.log,
        act="being_told.set",
        by=by,
        at=at,
        subject=f"member {member.pk}",
        before=before,
        after=after,
    )
    return row
