"""Keeping a file between its dry run and its import."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership
from reperform.base.canonical import sha256_hex
from reperform.program.models import PendingUpload
from reperform.program.queries.uploads import UPLOAD_KEPT


@transaction.atomic
def keep_upload(
    *, member: Membership, purpose: str, file_name: str, content: bytes, at: datetime
) -> None:
    """Keep a file between its dry run and its import, for the member who brought it.

    It replaces the one that they brought for the same purpose before, and files that are older
    than an hour go.  It is no part of the program yet, so the ledger says nothing of it.
    """
    PendingUpload.objects.filter(at__lte=at - UPLOAD_KEPT).delete()
    PendingUpload.objects.update_or_create(
        member=member,
        purpose=purpose,
        defaults={
            "file_name": file_name,
            "sha256": sha256_hex(content),
            "content": content,
            "at": at,
        },
    )


def forget_upload(*, member: Membership, purpose: str) -> None:
    """Forget the file, as a part of the action that imported it."""
    PendingUpload.objects.filter(member=member, purpose=purpose).delete()
