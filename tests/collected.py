"""A question put, kept and shaped, as a run does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from reperform.audit.reconciled import table_inputs
from reperform.base.period import Period
from reperform.base.table import Cover
from reperform.connectors.answer import Question, Row, Source
from reperform.evidence.blobs import Blob, BlobStore
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection, CollectionOutcome, KeptAnswer
from reperform.evidence.shape import ShapedTable, shape
from reperform.testing.procedure import parse_procedure
from reperform.testing.runner import ProcedureRun, run_procedure

TESTS = Path(__file__).parents[1] / "library" / "tests"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


class NoJournal:
    """A journal that remembers nothing: what is recorded is tested elsewhere."""

    def start(self, question: Question) -> int:
        assert question.stream
        return 1

    def end(self, collection: Collection, record: Blob) -> None:
        assert record.sha256
        assert collection.started_at <= collection.ended_at


@dataclass(frozen=True)
class Collected:
    """What came of a question."""

    collection: Collection
    rows: list[Row]
    covers: Mapping[str, Cover]
    tables: Mapping[str, ShapedTable] = field(default_factory=dict)

    def of(self, table: str) -> list[dict[str, Any]]:
        return [dict(row.values) for row in self.rows if row.table == table]

    @property
    def outcome(self) -> str:
        return self.collection.outcome.value

    def concluded(self, test: str, day: date) -> ProcedureRun:
        """Run a test of a control of the library over what came, for one day."""
        procedure = parse_procedure((TESTS / test).read_text("utf-8"), where=test)
        given = table_inputs(self.tables)
        inputs = {name: given[name] for name in procedure.tables if name in given}
        period = Period(day, day)
        return run_procedure(procedure, inputs=inputs, period=period, write_items=BytesIO())


def put(question: Question, source: Source, folder: Path, at: datetime = NOW) -> Collected:
    """Ask, keep, shape to rows, and once more to the declared Parquet."""
    store = BlobStore(folder / "blobs")
    collection, _ = collect(
        question, store=store, journal=NoJournal(), clock=lambda: at, asked_by="a test"
    )
    kept = [KeptAnswer(answer, store) for answer in collection.answers]
    (folder / "tables").mkdir(exist_ok=True)
    tables = shape({source.stream: source}, [collection], store=store, folder=folder / "tables")
    rows = once(source.shape(kept))
    assert sum(table.rows for table in tables.values()) == len(rows)
    covers = source.covers(kept, at)
    assert collection.outcome is CollectionOutcome.REFUSED or covers == {
        name: replace(table.covers[0], of="") for name, table in tables.items()
    }
    return Collected(collection, rows, covers, tables)


def once(rows: Iterable[Row]) -> list[Row]:
    """Return the rows as their table has them: each event once, as the contract says it."""
    kept: dict[object, Row] = {}
    for number, row in enumerate(rows):
        event = (row.table, row.event) if row.event else number
        if event not in kept or kept[event].rank < row.rank:
            kept[event] = row
    return list(kept.values())
