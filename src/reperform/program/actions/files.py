"""Keeping a file that somebody brings, as part of the action that needs it."""

import os
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.canonical import sha256_hex
from reperform.ledger.durable import write_whole
from reperform.program.actions.rows import lock, next_number
from reperform.program.files import judge_file
from reperform.program.models import KeptFile
from reperform.program.queries.files import SALT_BYTES, file_path


def keep_file(
    *,
    organization: Organization,
    name: str,
    content: bytes,
    readable_with: str,
    by: str,
    at: datetime,
) -> KeptFile:
    """Keep a file byte for byte, durable before this returns.

    It is a part of the action that calls it, inside that action's transaction, and that action's
    ledger entry names the digests: `describe_file`.

    Args:
        organization: whose file it is.
        name: as the user knows it, already fit to be shown.
        content: the whole file.
        readable_with: the permission that lets somebody read it.
        by: who brings it.
        at: when.

    Raises:
        UploadRefusedError: it is empty, too large, or of no kind that serves as proof.
        RuntimeError: there is no transaction, so the file could be kept without its entry.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a file was kept outside the action that needs it")
    judged = judge_file(content, name=name)
    lock(organization)
    salted = os.urandom(SALT_BYTES) + content
    kept = KeptFile(
        organization=organization,
        number=next_number(KeptFile, organization),
        name=judged.name,
        kind=judged.kind,
        size=len(content),
        sha256=sha256_hex(content),
        blob=sha256_hex(salted),
        readable_with=readable_with,
        by=by,
        at=at,
    )
    write_whole(file_path(kept), salted)
    kept.save()
    return kept


def describe_file(file: KeptFile) -> dict[str, str | int]:
    """Return what the ledger says of a file: its number, name, size and digests."""
    return {
        "file": file.number,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "blob": file.blob,
    }
