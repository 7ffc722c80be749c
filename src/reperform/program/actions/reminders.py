"""Keeping who was reminded on which day, so that nobody is reminded twice."""

from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Membership
from reperform.ledger.actions import record
from reperform.program.models import SentReminder


def claim_reminder(*, member: Membership, on: date, items: int) -> bool:
    """Return whether the letter of a day is ours to send: of two that try at once, one's.

    What is claimed is confirmed by `keep_reminder`, or given back by `release_reminder`.
    """
    _, is_ours = SentReminder.objects.get_or_create(member=member, on=on, defaults={"items": items})
    return is_ours


def release_reminder(*, member: Membership, on: date) -> None:
    """Give a claim back: the mail server did not take the letter."""
    SentReminder.objects.filter(member=member, on=on, sent_at=None).delete()


@transaction.atomic
def keep_reminder(*, member: Membership, on: date, by: str, at: datetime) -> None:
    """Record that the mail server took the letter of a day."""
    kept = SentReminder.objects.select_for_update().get(member=member, on=on)
    if kept.sent_at is not None:
        return
    kept.sent_at = at
    kept.save(update_fields=["sent_at"])
    record(
        log=member.organization.log,
        act="reminder.sent",
        by=by,
        at=at,
        subject=f"member {member.pk}",
        after={"on": on.isoformat(), "things": kept.items},
    )
