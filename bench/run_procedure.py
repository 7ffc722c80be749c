"""A test of a control over 20 million Parquet rows, side by side with its SQL in bare DuckDB.

    python bench/run_procedure.py [--rows 20000000] [--times 5]

Bare DuckDB runs the same SELECT over the same files with as many threads, and fetches every row of
its result.  What the runner does besides is what the ratio shows: reading the text, closing the
engine, proving one outcome for each item, sorting, the digest.  Populations: a thousand accounts
judged from all their events, and two hundred thousand sessions.  With `--populations events` every
single event is an item: two gigabytes of items are written then, and that is where the time goes.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from reperform.base.period import Period
from reperform.base.table import LINEAGE, Column, Cover, Kind, TableSpec, Type
from reperform.testing.inputs import TableInput
from reperform.testing.procedure import Procedure, parse_procedure
from reperform.testing.runner import Limits, run_procedure

ALLOWED = 1.3
PERIOD = Period(date(2025, 1, 1), date(2025, 12, 31))
EVENTS = TableSpec(
    "log.events",
    Kind.EVENTS,
    (
        Column("event_id", Type.TEXT, "unique"),
        Column("account", Type.TEXT, "who"),
        Column("session", Type.TEXT, "in which session"),
        Column("happened_at", Type.TIMESTAMP, "when"),
        Column("is_privileged", Type.BOOLEAN, "with administrative rights"),
        Column("approved_by", Type.TEXT, "NULL when nobody did"),
    ),
)
HEAD = """-- ---
-- id: AC-01.T1
-- title: Privileged events are approved by another person
-- control: AC-01
-- nature: inspection
-- population: {population}
-- tables: {{log.events: [{columns}]}}
-- pass: nothing privileged was unapproved
-- deviation: something privileged was unapproved
-- unable: the event does not say whether it was privileged
-- blind: events that were never logged
-- ---
"""
BY_GROUP = """
SELECT {key} AS item,
    CASE
        WHEN count(*) FILTER (WHERE is_privileged AND approved_by IS NULL) > 0 THEN 'deviation'
        WHEN count(*) FILTER (WHERE is_privileged IS NULL) > 0 THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    count(*) FILTER (WHERE is_privileged) || ' of ' || count(*) || ' privileged, '
        || count(*) FILTER (WHERE is_privileged AND approved_by IS NULL) || ' unapproved' AS reason,
    max(happened_at) AS occurred_at
FROM log.events
WHERE happened_at::DATE BETWEEN $period_first AND $period_last
GROUP BY {key}
ORDER BY occurred_at, item
"""
BY_EVENT = """
SELECT event_id AS item,
    CASE WHEN is_privileged AND approved_by IS NULL THEN 'deviation' ELSE 'pass' END AS outcome,
    CASE WHEN is_privileged THEN 'privileged, approved by ' || coalesce(approved_by, 'nobody')
        ELSE 'not privileged' END AS reason,
    happened_at AS occurred_at
FROM log.events
WHERE happened_at::DATE BETWEEN $period_first AND $period_last
ORDER BY occurred_at, item
"""
CASES = {
    "accounts": BY_GROUP.format(key="account"),
    "sessions": BY_GROUP.format(key="session"),
    "events": BY_EVENT,
}


def procedure_of(name: str) -> Procedure:
    """Return the test whose population is `name`."""
    columns = ["happened_at", "is_privileged", "approved_by"]
    key = {"accounts": "account", "sessions": "session", "events": "event_id"}[name]
    head = HEAD.format(population=f"every one of the {name}", columns=", ".join([key, *columns]))
    return parse_procedure(head + CASES[name], where=f"{name}.sql")


def make(path: Path, rows: int) -> None:
    """Write the events."""
    empty = ", ".join(f"NULL::{column.type} AS {column.name}" for column in LINEAGE)
    with duckdb.connect() as engine:
        engine.execute(
            f"""COPY (
                SELECT 'e' || i AS event_id, 'account-' || (i * 7919 % 1000) AS account,
                    'session-' || (i * 104729 % 200000) AS session,
                    TIMESTAMP '2025-01-01' + to_seconds(i * 31536000 // {rows}) AS happened_at,
                    i % 50 = 0 AS is_privileged,
                    CASE WHEN i % 100000 <> 0 THEN 'approver-' || i % 17 END AS approved_by, {empty}
                FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet)"""  # noqa: S608 - our own
        )


def bare(procedure: Procedure, path: Path, limits: Limits) -> int:
    """Run the SQL in bare DuckDB, and fetch its result."""
    with duckdb.connect(config={"threads": limits.threads}) as engine:
        engine.execute("CREATE SCHEMA log")
        engine.execute(f"CREATE VIEW log.events AS SELECT * FROM read_parquet('{path}')")  # noqa: S608 - our own
        values = {"period_first": PERIOD.first, "period_last": PERIOD.last}
        result = engine.execute(procedure.sql, values)
        fetched = 0
        while batch := result.fetchmany(20_000):
            fetched += len(batch)
    return fetched


def ours(procedure: Procedure, path: Path, limits: Limits) -> int:
    """Run it as a test of a control, and write every item."""
    given = TableInput(EVENTS, path, "", (Cover(PERIOD.first, PERIOD.last),))
    with tempfile.TemporaryFile() as items:
        run = run_procedure(
            procedure,
            inputs={EVENTS.name: given},
            period=PERIOD,
            limits=limits,
            write_items=items,
        )
    return run.population


def seconds(call: Callable[[], int]) -> tuple[float, int]:
    """Return how long the call took, and what it returned."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def main() -> int:
    """Print medians and ratios; return 1 when a ratio is above what is allowed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--populations", nargs="+", choices=[*CASES], default=[*CASES][:2])
    given = parser.parse_args()
    limits = Limits(memory="1GB", seconds=600, threads=2)
    worst = 0.0
    print(f"{given.rows:,} rows, duckdb {duckdb.__version__}, {limits.threads} threads")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        make(path, given.rows)
        for name in given.populations:
            procedure = procedure_of(name)
            times: dict[str, list[float]] = {"bare": [], "ours": []}
            for _ in range(given.times):
                took, fetched = seconds(lambda p=procedure: bare(p, path, limits))  # type: ignore[misc]
                times["bare"].append(took)
                took, population = seconds(lambda p=procedure: ours(p, path, limits))  # type: ignore[misc]
                times["ours"].append(took)
                if fetched != population:
                    print(f"bare fetched {fetched:,} rows, the test has {population:,} items")
                    return 1
            medians = {who: statistics.median(taken) for who, taken in times.items()}
            ratio = medians["ours"] / medians["bare"]
            worst = max(worst, ratio)
            print(
                f"{population:>12,} {name}: bare {medians['bare']:.2f} s, "
                f"ours {medians['ours']:.2f} s, ratio {ratio:.2f}"
            )
    return int(worst > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
