"""What the ledger says of an examination, and how the scope is kept in the bundle."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reperform.audit.populations import Closing
from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.evidence.collection import Collection
from reperform.evidence.lacking import Lacking
from reperform.program.scope import Scope, parse_categories

SCOPE_FIXED = "urn:reperform:scope-fixed:v1"
TABLES_SHAPED = "urn:reperform:tables-shaped:v1"
TESTS_RUN = "urn:reperform:tests-run:v1"
REPORT_RENDERED = "urn:reperform:report-rendered:v1"

BEGUN = "examination.begun"
TESTED = "examination.tested"
RENDERED = "examination.rendered"
FROZEN = "populations.frozen"
RELEASED = "population.released"
"""The same in the trail of an organization, whose collections were recorded when they were made."""


def scope_json(scope: Scope) -> bytes:
    """Return the scope as canonical JSON."""
    return canonical_json(
        {
            "type": scope.type,
            "first": scope.period.first.isoformat(),
            "last": scope.period.last.isoformat(),
            "categories": list(scope.categories),
        }
    )


def parse_scope(content: bytes) -> Scope:
    """Return the scope that `scope_json` wrote.

    Raises:
        ValueError, KeyError, TypeError, RefusalError: it is not one.
    """
    fields: dict[str, Any] = json.loads(content)
    if fields["type"] not in (1, 2):
        raise ValueError(f"there is no report of type {fields['type']!r}")
    return Scope(
        type=fields["type"],
        period=Period(date.fromisoformat(fields["first"]), date.fromisoformat(fields["last"])),
        categories=parse_categories(",".join(fields["categories"])),
    )


def evidence_json(
    collections: Iterable[tuple[Collection, str]],
    *,
    lacking: Iterable[Lacking],
    cursors: Mapping[str, bool],
    closing: Closing | None,
) -> bytes:
    """Return which collections are examined, and what lacks beside them, as canonical JSON.

    Args:
        collections: each with the digest of its record, in order.
        lacking: what connections in use did not bring.
        cursors: stream -> whether it moves a cursor: by that they were chosen.
        closing: the decided period and what was frozen for it; None when none was decided.
    """
    chosen = list(collections)
    return canonical_json(
        {
            "collections": [
                {"stream": each.stream, "sequence": each.sequence, "record": record}
                for each, record in chosen
            ],
            "cursors": dict(sorted(cursors.items())),
            "lacking": [each.as_record() for each in lacking],
            "closing": closing.as_record() if closing else None,
        }
    )
