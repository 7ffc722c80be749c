"""Recording a change, in the transaction that makes it."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.ledger.key import KEY_NAME, installation_key
from reperform.ledger.models import Change, Head, Leaf
from reperform.ledger.statement import Statement, seal_statement

CHANGED = "urn:reperform:change:v1"
_SALT_BYTES = 32

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
    content = os.urandom(_SALT_BYTES) + canonical_json(said)
    statement = Statement(
        kind=CHANGED,
        predicate={"act": act, "at": at.isoformat(), "number": number},
        subjects={"change": sha256_hex(content)},
    )
    entry = seal_statement(statement, name=KEY_NAME, key=installation_key())
    leaf = Leaf.objects.create(log_id=log, number=number, entry=entry)
    return Change.objects.create(
        leaf=leaf, log=log, at=at, by=by, act=act, subject=subject, content=content
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
