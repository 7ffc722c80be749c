"""Files between their dry run and their import."""

from datetime import datetime, timedelta

from reperform.accounts.models import Membership
from reperform.program.models import PendingUpload

UPLOAD_KEPT = timedelta(hours=1)
"""How long a file waits for its import."""


def kept_upload(member: Membership, purpose: str, *, at: datetime) -> PendingUpload | None:
    """Return the file that a member brought for `purpose`; None when there is none any more."""
    since = at - UPLOAD_KEPT
    return PendingUpload.objects.filter(member=member, purpose=purpose, at__gt=since).first()
