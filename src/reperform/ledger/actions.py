"""Recording a change, in the transaction that makes it."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.ledger.checkpoint import Checkpoint, parse_checkpoint
from reperform.ledger.durable import write_whole
from reperform.ledger.home import home
from reperform.ledger.key import KEY_NAME, installation_key
from reperform.ledger.log import CHECKPOINT, HistoryLostError
from reperform.ledger.models import Change, Head, Leaf, TrailVerification
from reperform.ledger.note import sign_note
from reperform.ledger.queries import installation_verifier, leaf_rows, size, tree
from reperform.ledger.statement import Statement, seal_statement
from reperform.ledger.trail_check import SALT_BYTES, TrailCheck, check_trail

_MOST_NOTED = 100
CHANGED = "urn:reperform:change:v1"

Fields = Mapping[str, Any]
"""JSON values by field name."""


def record(
    *,
    log: str,
    act: str,
    by: str,
    at: datetime,
    subject: str,
    before: Fields | None = None,
    after: Fields | None = None,
) -> Change:
    """Append what an act changes to a log; it is there if, and only if, the change is.

    Args:
        log: the log's name, of letters and digits.
        act: what was done, as in `scope.changed`; it is readable in the leaf.
        by: who did it; only in the change, never in the leaf.
        at: when.
        subject: what it was done to, as in `control CHG-01`; only in the change.
        before: the fields that changed, as they were; None for what is new.
        after: the same fields, as they are; None for what is gone.

    Raises:
        RuntimeError: there is no transaction, so the two could come apart.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{act} was recorded outside the transaction that makes it")
    number = _next_number(log)
    said = {
        "act": act,
        "at": at.isoformat(),
        "by": by,
        "subject": subject,
        "before": _plain(before),
        "after": _plain(after),
    }
    content = os.urandom(SALT_BYTES) + canonical_json(said)
    statement = Statement(
        kind=CHANGED,
        predicate={"act": act, "at": at.isoformat(), "log": log, "number": number},
        subjects={"change": sha256_hex(content)},
    )
    entry = seal_statement(statement, name=KEY_NAME, key=installation_key())
    leaf = Leaf.objects.create(log_id=log, number=number, entry=entry)
    return Change.objects.create(
        leaf=leaf, log=log, at=at, by=by, act=act, subject=subject, content=content
    )


def origin(log: str) -> str:
    """Return the name of a database's log in its checkpoints.  Source: C2SP tlog-checkpoint."""
    return f"{KEY_NAME}/{log}"


def sign_checkpoint(*, log: str) -> bytes:
    """Sign a checkpoint over every entry of a log; keep it beside the key, not in the database.

    Raises:
        HistoryLostError: the one that was kept covers what the log no longer holds.
    """
    grown = tree(log)
    kept = kept_checkpoint(log)
    if kept:
        covered, note = parse_checkpoint(kept)
        is_ours = covered.origin == origin(log) and note.signed_by(installation_verifier())
        if not is_ours or covered.size > len(grown) or grown.root(covered.size) != covered.root:
            raise _history_lost(log, covered.size)
        if covered.size == len(grown):
            return kept
    checkpoint = Checkpoint(origin(log), len(grown), grown.root())
    content = sign_note(checkpoint.text, name=KEY_NAME, key=installation_key())
    write_whole(_kept_at(log), content)
    return content


def kept_checkpoint(log: str) -> bytes | None:
    """Return the checkpoint that was signed last; None when there is none."""
    path = _kept_at(log)
    return path.read_bytes() if path.exists() else None


def check_log(*, log: str, by: str, at: datetime, earlier: bytes | None = None) -> TrailCheck:
    """Check a log against its key, its changes and its checkpoints; note what was found.

    When it is whole, a checkpoint over all of it is signed and kept.

    Args:
        log: the log's name.
        by: who asks.
        at: when.
        earlier: a checkpoint that the reader kept.
    """
    checkpoints = (kept_checkpoint(log), earlier)
    with transaction.atomic():
        found = check_trail(
            leaf_rows(log),
            log=log,
            origin=origin(log),
            size=size(log),
            verifier=installation_verifier(),
            kept=[each for each in checkpoints if each is not None],
        )
        TrailVerification.objects.create(
            log=log,
            at=at,
            by=by,
            size=found.size,
            root=found.root.hex() if found.root else "",
            differences=[str(each) for each in found.problems[:_MOST_NOTED]],
            count=len(found.problems),
        )
    if not found.problems:
        sign_checkpoint(log=log)
    return found


def _kept_at(log: str) -> Path:
    return home() / "ledger" / log / CHECKPOINT


def _history_lost(log: str, size: int) -> HistoryLostError:
    return HistoryLostError(
        f"no checkpoint was signed: the first {size:,} entries are not those that the last covers",
        why="Somebody changed the database behind the program; signing now would hide that.",
        todo=f"see what differs with `reperform ledger verify` (log {log})",
    )


def _next_number(log: str) -> int:
    Head.objects.get_or_create(log=log)
    head = Head.objects.select_for_update().get(log=log)
    head.size += 1
    head.save(update_fields=["size"])
    return head.size - 1


def _plain(fields: Fields | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: _json(value) for name, value in fields.items()}


def _json(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return {str(name): _json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
