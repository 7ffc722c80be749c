"""Why an item has its outcome: the rows of evidence that it takes, and no more.

A test of a control is any SELECT, so where an outcome comes from cannot be read off its text.  It
is found by trying: rows are taken away, and the test is run again over what is left, for as long
as the item keeps its outcome and its reason.  What remains is least: take any one of its rows
away and the item says something else.  That no row remains is an answer too: then the outcome
rests on what is not there.

Source of the search: A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing
input", IEEE Transactions on Software Engineering 28 (2002).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from reperform.base.occurrences import expected_occurrences
from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.testing.engine import Limits
from reperform.testing.failure import failed
from reperform.testing.outcome import Outcome
from reperform.testing.procedure import Procedure
from reperform.testing.some_rows import Rows, SomeRows, some_rows
from reperform.testing.syntax import faults

MOST_RUNS = 500
"""How often a test is run again before the search is given up."""


class ItemUnknownError(RefusalError):
    """The test has no such item."""

    slug = "item-unknown"


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row of a table: its values, the blob that it was read from, and where in it."""

    table: str
    values: Mapping[str, Any]
    blob: str
    at: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an item's outcome rests on.

    Attributes:
        outcome, reason: of the item.
        rows: that lead to it; none when it follows from what is not there.
        runs: how often the test was run to find them.
        is_least: whether none of the rows could be left out; False when the search was given up.
    """

    outcome: Outcome
    reason: str
    rows: tuple[EvidenceRow, ...]
    runs: int
    is_least: bool


def explain(
    procedure: Procedure,
    tables: Mapping[str, Path],
    *,
    period: Period,
    item: str,
    limits: Limits | None = None,
) -> Explanation:
    """Return the rows that lead to the outcome of `item`.

    Args:
        procedure: the test.
        tables: name -> Parquet file of every table that it reads, as stored: with lineage.
        period: the days under examination.
        item: its name, as the test gave it.
        limits: for the whole search.

    Raises:
        ItemUnknownError: over all rows the test gives no such item.
        ProcedureFailedError: the SQL says what no test may, failed, or took too much.
    """
    occurrences = (
        expected_occurrences(procedure.occurrences, period) if procedure.occurrences else ()
    )
    readable = {*procedure.tables, *(["expected.occurrences"] if procedure.occurrences else [])}
    for what, _ in faults(procedure.sql, tables=readable, parameters=procedure.parameters):
        raise failed(procedure, what)
    given = {**procedure.parameters, "period_first": period.first, "period_last": period.last}
    columns = {name: (tables[name], procedure.tables[name]) for name in procedure.tables}
    try:
        with some_rows(columns, occurrences, limits or Limits()) as engine:
            return _search(procedure, engine, given, item)
    except duckdb.Error as error:
        raise failed(procedure, str(error).splitlines()[0]) from error


def _search(
    procedure: Procedure, engine: SomeRows, given: Mapping[str, Any], item: str
) -> Explanation:
    def says(rows: Sequence[Rows]) -> tuple[str, str] | None:
        return engine.outcome(procedure.sql, given, item, rows)

    everything = engine.everything()
    said = says(everything)
    if said is None:
        raise ItemUnknownError(
            f"{procedure.id} has no item {item!r}",
            why="There is no outcome to explain.",
            todo="take the name from results/items, or from the exhibit of the report, whole",
        )
    runs = 1

    def holds(rows: Sequence[Rows]) -> bool:
        nonlocal runs
        runs += 1
        return says(rows) == said

    named = engine.naming(item)
    start = named if holds(named) else everything
    rows, is_least = least(start, holds, tries=MOST_RUNS - runs)
    found = tuple(
        EvidenceRow(table, values, blob, at) for table, values, blob, at in engine.read(rows)
    )
    return Explanation(Outcome(said[0]), said[1], found, runs, is_least)


def least(
    rows: Sequence[Rows], holds: Callable[[Sequence[Rows]], bool], *, tries: int
) -> tuple[list[Rows], bool]:
    """Return as few of `rows` as still hold, and whether none of them can be left out.

    Args:
        rows: runs of rows, for all of which `holds` is true.
        holds: whether some runs of rows are enough.
        tries: how often `holds` may be asked.
    """
    kept = list(rows)
    while True:
        was_reduced = False
        for piece in tuple(kept):
            if tries <= 0:
                return kept, False
            rest = [each for each in kept if each is not piece]
            tries -= 1
            if holds(rest):
                kept, was_reduced = rest, True
        if all(piece.first == piece.last for piece in kept):
            if not was_reduced:
                return kept, True
        else:
            kept = [half for piece in kept for half in piece.halves()]
