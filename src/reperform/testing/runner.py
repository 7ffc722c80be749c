"""Running a test of a control over stored evidence."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import duckdb

from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.testing.conclusion import Counts, conclude
from reperform.testing.coverage import gaps
from reperform.testing.engine import Limits, closed_engine
from reperform.testing.inputs import TableInput
from reperform.testing.occurrences import expected_occurrences
from reperform.testing.outcome import Conclusion, Gap, Item, Outcome
from reperform.testing.procedure import Procedure

_BATCH = 20_000
_NOTHING = hashlib.sha256().hexdigest()


class ProcedureFailedError(RefusalError):
    """A test could not be run to its end, or broke its contract; it has no result."""

    slug = "procedure-failed"


@dataclass(frozen=True, slots=True)
class ProcedureRun:
    """One run of a test of a control.

    Attributes:
        procedure: the test.
        parameters: every value that was bound, dates as ISO text.
        inputs: table name -> SHA-256 of its file; empty text for one never collected.
        population: how many items.
        passed, deviations, unable: how many of them had that outcome.
        exceptions: every item that did not pass, in order.
        items_sha256: digest of all items as canonical-JSON lines.
        gaps: days that the tables of `over_period` do not cover.
        conclusion: what the test says of the population.
        reason: why, in a sentence with numbers and dates.
    """

    procedure: Procedure
    parameters: Mapping[str, int | str]
    inputs: Mapping[str, str]
    population: int
    passed: int
    deviations: int
    unable: int
    exceptions: tuple[Item, ...]
    items_sha256: str
    gaps: tuple[Gap, ...]
    conclusion: Conclusion
    reason: str

    def as_record(self) -> dict[str, Any]:
        """Return the run as JSON values: no duration, no engine version, no clock."""
        return {
            "id": self.procedure.id,
            "control": self.procedure.control,
            "title": self.procedure.title,
            "nature": self.procedure.nature,
            "sha256": self.procedure.sha256,
            "parameters": dict(self.parameters),
            "inputs": dict(self.inputs),
            "population": self.population,
            "passed": self.passed,
            "deviations": self.deviations,
            "unable": self.unable,
            "exceptions": [_item_record(item) for item in self.exceptions],
            "items_sha256": self.items_sha256,
            "gaps": [
                {
                    "table": gap.table,
                    "first": str(gap.first),
                    "last": str(gap.last),
                    "reason": gap.reason,
                }
                for gap in self.gaps
            ],
            "conclusion": self.conclusion.value,
            "reason": self.reason,
        }


def _item_record(item: Item) -> dict[str, Any]:
    return {
        "item": item.item,
        "outcome": item.outcome.value,
        "reason": item.reason,
        "occurred_at": item.occurred_at.isoformat() if item.occurred_at else None,
    }


def run_procedure(
    procedure: Procedure,
    *,
    inputs: Mapping[str, TableInput],
    period: Period,
    limits: Limits | None = None,
    write_items: IO[bytes] | None = None,
) -> ProcedureRun:
    """Run a test of a control, and return what it says.

    Args:
        procedure: the test.
        inputs: every table there is, by name.
        period: the days under examination.
        limits: memory, time and threads that it may take.
        write_items: gets every item as a line of canonical JSON, sorted by time, then item.

    Raises:
        ProcedureFailedError: the SQL failed, took too much, or gave rows that are not one
            outcome for each item.
    """
    missing = [
        said for table in sorted(procedure.tables) if (said := _missing(table, inputs.get(table)))
    ]
    uncovered = tuple(
        gap
        for table in procedure.over_period
        if table in inputs
        for gap in gaps(table, period, inputs[table].covers)
    )
    bound = _bound(procedure, period)
    items_sha256, counts = _NOTHING, Counts(0, 0, 0, 0)
    exceptions: tuple[Item, ...] = ()
    if not missing:
        items_sha256, counts, exceptions = _run(
            procedure, inputs, period, limits=limits or Limits(), write_items=write_items
        )
    conclusion, reason = conclude(counts, missing=missing, gaps=uncovered, period=period)
    return ProcedureRun(
        procedure=procedure,
        parameters=dict(sorted(bound.items())),
        inputs={
            table: inputs[table].sha256 if table in inputs else ""
            for table in sorted(procedure.tables)
        },
        population=counts.population,
        passed=counts.passed,
        deviations=counts.deviations,
        unable=counts.unable,
        exceptions=exceptions,
        items_sha256=items_sha256,
        gaps=uncovered,
        conclusion=conclusion,
        reason=reason,
    )


def _missing(table: str, given: TableInput | None) -> str:
    if given is None or given.path is None:
        return f"{table} was never collected"
    return f"{table} could not be collected: {given.refused}" if given.refused else ""


def _bound(procedure: Procedure, period: Period) -> dict[str, int | str]:
    days = {"period_first": str(period.first), "period_last": str(period.last)}
    return {**procedure.parameters, **days}


def _run(
    procedure: Procedure,
    inputs: Mapping[str, TableInput],
    period: Period,
    *,
    limits: Limits,
    write_items: IO[bytes] | None,
) -> tuple[str, Counts, tuple[Item, ...]]:
    """Run the SQL, and stream its items in order into digest, counts and exceptions."""
    tables = {
        name: (inputs[name].spec, path)
        for name in procedure.tables
        if (path := inputs[name].path) is not None
    }
    occurrences = (
        expected_occurrences(procedure.occurrences, period) if procedure.occurrences else ()
    )
    digest, counted = hashlib.sha256(), dict.fromkeys(Outcome, 0)
    exceptions: list[Item] = []
    with closed_engine(tables, occurrences, limits) as engine:
        try:
            for item in _items(engine, procedure, period):
                line = canonical_json(_item_record(item)) + b"\n"
                digest.update(line)
                if write_items is not None:
                    write_items.write(line)
                counted[item.outcome] += 1
                if item.outcome is not Outcome.PASS:
                    exceptions.append(item)
        except duckdb.Error as error:
            raise _failed(procedure, _said(error, limits)) from error
    counts = Counts(
        population=sum(counted.values()),
        passed=counted[Outcome.PASS],
        deviations=counted[Outcome.DEVIATION],
        unable=counted[Outcome.UNABLE],
    )
    return digest.hexdigest(), counts, tuple(exceptions)


def _items(
    engine: duckdb.DuckDBPyConnection,
    procedure: Procedure,
    period: Period,
) -> Iterator[Item]:
    """Yield every item, sorted; refuse rows that are not one outcome for each item."""
    statements = engine.extract_statements(procedure.sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _failed(procedure, "it is not one SELECT")
    days = {"period_first": period.first, "period_last": period.last}
    names = statements[0].named_parameters
    values = {name: days.get(name, procedure.parameters.get(name)) for name in names}
    relation = engine.execute(
        f"CREATE TEMP TABLE result AS {procedure.sql.rstrip().rstrip(';')}", values
    )
    columns = {row[0]: row[1] for row in engine.execute("DESCRIBE result").fetchall()}
    expected = {"item": "VARCHAR", "outcome": "VARCHAR", "reason": "VARCHAR"}
    if {**columns, "occurred_at": "TIMESTAMP"} != {**expected, "occurred_at": "TIMESTAMP"}:
        raise _failed(procedure, f"its columns are {columns}, not {expected}")
    _refuse_broken_rows(engine, procedure)
    when = "occurred_at" if "occurred_at" in columns else "NULL::TIMESTAMP"
    relation = engine.execute(
        f"SELECT item, outcome, reason, {when} AS happened_at FROM result "  # noqa: S608 - no text from outside
        "ORDER BY happened_at NULLS FIRST, item"
    )
    while rows := relation.fetchmany(_BATCH):
        for item, outcome, reason, at in rows:
            yield Item(item, Outcome(outcome), reason, at if isinstance(at, datetime) else None)


def _refuse_broken_rows(engine: duckdb.DuckDBPyConnection, procedure: Procedure) -> None:
    broken = engine.execute(
        "SELECT coalesce(item, 'NULL'), coalesce(outcome, 'NULL'), coalesce(reason, 'NULL') "
        "FROM result WHERE item IS NULL OR coalesce(reason, '') = '' "
        "OR coalesce(outcome, '') NOT IN ('pass', 'deviation', 'unable') LIMIT 1"
    ).fetchone()
    if broken:
        raise _failed(procedure, f"it gave the row {broken}, which is not an outcome of an item")
    twice = engine.execute(
        "SELECT item, count(*) FROM result GROUP BY item HAVING count(*) > 1 ORDER BY item LIMIT 1"
    ).fetchone()
    if twice:
        raise _failed(procedure, f"it gave {twice[1]} outcomes for the item {twice[0]!r}")


def _said(error: duckdb.Error, limits: Limits) -> str:
    if isinstance(error, duckdb.InterruptException):
        return f"it took longer than {limits.seconds:g} seconds"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"it needed more memory than {limits.memory}"
    return str(error).splitlines()[0]


def _failed(procedure: Procedure, what: str) -> ProcedureFailedError:
    return ProcedureFailedError(
        f"{procedure.id} has no result: {what}",
        why="A test that stopped half way says nothing of the items that it did not reach.",
        todo=f"correct {procedure.path}, or give it more time or memory, and run again",
    )
