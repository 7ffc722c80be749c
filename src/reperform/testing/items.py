"""Items: one outcome for each item of a population, proved to be that, in one order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb

from reperform.base.canonical import canonical_json
from reperform.testing.engine import Watchdog
from reperform.testing.failure import failed
from reperform.testing.outcome import Item, Outcome
from reperform.testing.procedure import Procedure

COLUMNS = {"item": "VARCHAR", "outcome": "VARCHAR", "reason": "VARCHAR"}
"""What every test gives, and of which type."""

OCCURRED = {"occurred_at": "TIMESTAMP"}
"""What it may give besides."""

_BATCH = 20_000
_ORDER = "ORDER BY occurred_at NULLS FIRST, item"
# The engine writes nine control characters other than RFC 8785 does: those rows are left to Python.
_NEEDS_PYTHON = "regexp_matches(item || reason, '[\\x00-\\x1f]')"
# One column: a line, which begins with a brace, or a mark and the item.
_LINES = f"""
SELECT CASE WHEN {_NEEDS_PYTHON} THEN '!' || item ELSE
    '{{"item":' || to_json(item)::VARCHAR || ',"occurred_at":'
    || CASE WHEN occurred_at IS NULL THEN 'null'
        WHEN epoch_us(occurred_at) % 1000000 = 0
        THEN strftime(occurred_at, '"%Y-%m-%dT%H:%M:%S"')
        ELSE strftime(occurred_at, '"%Y-%m-%dT%H:%M:%S.%f"') END
    || ',"outcome":"' || outcome || '","reason":' || to_json(reason)::VARCHAR || '}}' END
FROM result {_ORDER}
"""  # noqa: S608 - no text from outside


def create_items(
    engine: duckdb.DuckDBPyConnection, procedure: Procedure, values: dict[str, Any]
) -> None:
    """Run the SQL into the table `result`, and refuse rows that are not one outcome for each item.

    Args:
        engine: a closed engine.
        procedure: the test.  Its SQL is one SELECT: `syntax.faults` found nothing in it.
        values: for every name that it may use.

    Raises:
        ProcedureFailedError: another set of columns, a row that is no outcome of an item, or two
            rows for one item.
        duckdb.Error: the SQL failed, or took too much.
    """
    statement = engine.extract_statements(procedure.sql)[0]
    given = {name: values[name] for name in statement.named_parameters}
    engine.execute(f"CREATE TEMP TABLE result AS {_text(procedure)}", given)
    columns = {row[0]: row[1] for row in engine.execute("DESCRIBE result").fetchall()}
    if columns not in (COLUMNS, {**COLUMNS, **OCCURRED}):
        raise failed(procedure, f"its columns are {columns}, not {COLUMNS}")
    if columns == COLUMNS:
        engine.execute("ALTER TABLE result ADD COLUMN occurred_at TIMESTAMP")
    broken = engine.execute(
        "SELECT item, outcome, reason, occurred_at::VARCHAR FROM result "
        "WHERE coalesce(trim(item), '') = '' OR coalesce(trim(reason), '') = '' "
        "OR coalesce(outcome, '') NOT IN ('pass', 'deviation', 'unable') "
        "OR NOT isfinite(occurred_at) OR year(occurred_at) NOT BETWEEN 1 AND 9999 LIMIT 1"
    ).fetchone()
    if broken:
        raise failed(procedure, f"it gave the row {broken}, which is not an outcome of an item")
    twice = engine.execute(
        "SELECT item, count(*) FROM result GROUP BY item HAVING count(*) > 1 ORDER BY item LIMIT 1"
    ).fetchone()
    if twice:
        raise failed(procedure, f"it gave {twice[1]} outcomes for the item {twice[0]!r}")


def _text(procedure: Procedure) -> str:
    """Return the SELECT on lines of its own, so that its last comment ends with it."""
    return f"\n{procedure.sql.rstrip().rstrip(';')}\n"


def counted_items(engine: duckdb.DuckDBPyConnection) -> dict[Outcome, int]:
    """Return how many items had each outcome."""
    rows = engine.execute("SELECT outcome, count(*) FROM result GROUP BY outcome").fetchall()
    return {**dict.fromkeys(Outcome, 0), **{Outcome(outcome): count for outcome, count in rows}}


def excepted_items(engine: duckdb.DuckDBPyConnection) -> tuple[Item, ...]:
    """Return every item that did not pass, sorted by time (none first), then item."""
    return tuple(_items(engine, "outcome <> 'pass'"))


def _items(engine: duckdb.DuckDBPyConnection, condition: str) -> Iterator[Item]:
    rows = engine.execute(
        "SELECT item, outcome, reason, occurred_at FROM result "  # noqa: S608 - no text from outside
        f"WHERE {condition} {_ORDER}"
    ).fetchall()
    for item, outcome, reason, at in rows:
        yield Item(item, Outcome(outcome), reason, at)


def item_lines(
    engine: duckdb.DuckDBPyConnection, procedure: Procedure, watchdog: Watchdog
) -> Iterator[bytes]:
    """Yield every item as a line of canonical JSON, many lines at a time, in that same order.

    Raises:
        ProcedureFailedError: the time is over.
    """
    by_python = {
        f"!{item.item}": canonical_json(item_record(item)).decode()
        for item in _items(engine, _NEEDS_PYTHON)
    }
    rows = engine.execute(_LINES)
    while batch := rows.fetchmany(_BATCH):
        if watchdog.has_expired:
            raise failed(procedure, "its time was over before every item was written")
        lines = [line for (line,) in batch]
        if by_python:
            lines = [by_python.get(line, line) for line in lines]
        yield "\n".join([*lines, ""]).encode()


def item_record(item: Item) -> dict[str, Any]:
    """Return the item as JSON values."""
    at: datetime | None = item.occurred_at
    return {
        "item": item.item,
        "outcome": item.outcome.value,
        "reason": item.reason,
        "occurred_at": at.isoformat() if at else None,
    }
