"""Recording how far the program is on a day."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.program.gap.readiness import snapshot_content
from reperform.program.models import ReadinessSnapshot
from reperform.program.plan.state import ProgramState


@transaction.atomic
def record_readiness(
    *, organization: Organization, state: ProgramState, by: str, at: datetime
) -> ReadinessSnapshot:
    """Keep how far the program is today; the last that is recorded on a day stands for it.

    Recording the same once more changes nothing.  No other day than that of `at` is ever written.

    Args:
        organization: whose program it is.
        state: the program at this moment.
        by: who records it.
        at: when.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    content = snapshot_content(state)
    kept = ReadinessSnapshot.objects.filter(organization=organization, on=at.date()).first()
    if kept and kept.content == content:
        return kept
    before = kept.content if kept else None
    made = kept or ReadinessSnapshot(organization=organization, on=at.date())
    made.content, made.by, made.at = content, by, at
    made.save()
    record(
        log=organization.log,
        act="readiness.recorded",
        by=by,
        at=at,
        subject=f"readiness on {made.on}",
        before=before,
        after=content,
    )
    return made
