"""Running a test of a control over stored evidence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import duckdb

from reperform.base.occurrences import expected_occurrences
from reperform.base.period import Period
from reperform.base.visible import visible
from reperform.testing.conclusion import Counts, conclude
from reperform.testing.coverage import gaps
from reperform.testing.engine import ENGINE, OCCURRENCES, Limits, closed_engine
from reperform.testing.failure import ProcedureFailedError, failed
from reperform.testing.inputs import TableInput
from reperform.testing.items import (
    counted_items,
    create_items,
    excepted_items,
    item_lines,
    item_record,
)
from reperform.testing.outcome import Conclusion, Gap, Item, Outcome
from reperform.testing.procedure import Procedure
from reperform.testing.syntax import faults

__all__ = ["ENGINE", "Limits", "ProcedureFailedError", "ProcedureRun", "run_procedure"]

_NOTHING = hashlib.sha256().hexdigest()


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
            "exceptions": [item_record(item) for item in self.exceptions],
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
            When the test fails, what was written is to be thrown away.

    Raises:
        ProcedureFailedError: the SQL says what no test may, failed, took too much, or gave rows
            that are not one outcome for each item.
        UnknownFrequencyError: it names a frequency that no calendar has.
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
    items_sha256, counts = _NOTHING, Counts(0, 0, 0, 0)
    exceptions: tuple[Item, ...] = ()
    if not missing:
        items_sha256, counts, exceptions = _run(
            procedure, inputs, period, limits=limits or Limits(), write_items=write_items
        )
    conclusion, reason = conclude(
        counts,
        missing=missing,
        partly=_partly(procedure, inputs),
        gaps=uncovered,
        period=period,
        why=_why(exceptions),
    )
    return ProcedureRun(
        procedure=procedure,
        parameters=dict(sorted(_bound(procedure, period).items())),
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
    """Return why a table cannot be read; empty when it can.

    It must have been seen on some day: what was never looked at is not empty, and SQL that finds
    nothing in it would take a lack of evidence for a fact.
    """
    if given is not None and given.refused:
        return f"{table} could not be collected: {given.refused}"
    if given is None or given.path is None:
        return f"{table} was never collected"
    if any(cover.last is not None for cover in given.covers):
        return ""
    reasons = "; ".join(sorted({cover.missing for cover in given.covers if cover.missing}))
    return f"{table} has no evidence for any day" + (f": {reasons}" if reasons else "")


def _partly(procedure: Procedure, inputs: Mapping[str, TableInput]) -> list[str]:
    """Return what was refused beside what was collected."""
    return [
        f"{table} lacks what was refused: {inputs[table].partly}"
        for table in sorted(procedure.tables)
        if table in inputs and inputs[table].partly
    ]


def _why(exceptions: tuple[Item, ...]) -> str:
    """Return the reason of the first item that could not be tested."""
    unable = (item for item in exceptions if item.outcome is Outcome.UNABLE)
    return next((f"{visible(i.item)}: {visible(i.reason, limit=200)}" for i in unable), "")


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
    """Run the SQL, and stream its items in order into digest and file."""
    occurrences = (
        expected_occurrences(procedure.occurrences, period) if procedure.occurrences else ()
    )
    readable = {*procedure.tables, *([OCCURRENCES.name] if procedure.occurrences else [])}
    for what, _ in faults(procedure.sql, tables=readable, parameters=procedure.parameters):
        raise failed(procedure, what)
    tables = {
        name: (path, columns)
        for name, columns in procedure.tables.items()
        if (path := inputs[name].path) is not None
    }
    values = {**procedure.parameters, "period_first": period.first, "period_last": period.last}
    digest = hashlib.sha256()
    try:
        with closed_engine(tables, occurrences, limits) as (engine, watchdog):
            create_items(engine, procedure, values)
            counted = counted_items(engine)
            exceptions = excepted_items(engine)
            for lines in item_lines(engine, procedure, watchdog):
                digest.update(lines)
                if write_items is not None:
                    write_items.write(lines)
    except duckdb.Error as error:
        raise failed(procedure, _said(error, limits)) from error
    counts = Counts(
        population=sum(counted.values()),
        passed=counted[Outcome.PASS],
        deviations=counted[Outcome.DEVIATION],
        unable=counted[Outcome.UNABLE],
    )
    return digest.hexdigest(), counts, exceptions


def _said(error: duckdb.Error, limits: Limits) -> str:
    if isinstance(error, duckdb.InterruptException):
        return f"it took longer than {limits.seconds:g} seconds"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"it needed more memory than {limits.memory} and more disk than {limits.disk}"
    return str(error).splitlines()[0]
