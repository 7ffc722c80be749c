"""What the ledger says of an examination, and how the scope is kept in the bundle."""

import json
from datetime import date
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.program.scope import Scope, parse_categories

SCOPE_FIXED = "urn:reperform:scope-fixed:v1"
TABLES_SHAPED = "urn:reperform:tables-shaped:v1"
TESTS_RUN = "urn:reperform:tests-run:v1"
REPORT_RENDERED = "urn:reperform:report-rendered:v1"


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
