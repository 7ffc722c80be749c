"""Populations of events: whether they are final, and whether they are what they were.

State is seen inside the period; events are all there only after it closed.  What was collected
before is *interim*.  What is final is frozen the first time: its digest is kept in the ledger, and
a later collection that brings other rows is an exception, never taken in silence.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from reperform.base.period import Period
from reperform.base.table import Kind, TableSpec, Type
from reperform.evidence.collection import Collection
from reperform.evidence.shape import ShapedTable
from reperform.evidence.spilling import batches, spilling_engine
from reperform.testing.coverage import gaps

_MOMENTS = ("occurred_at", "committed_at")
_SHOWN = 12
"""Digits of a digest that a sentence shows."""


class Phase(StrEnum):
    """Whether a population of events can still grow."""

    INTERIM = "interim"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A population as it was when it became final: `on` is the day, in UTC."""

    table: str
    rows: int
    sha256: str
    on: date

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"on": str(self.on)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Frozen":
        """Return what `as_record` made.

        Raises:
            KeyError, TypeError, ValueError: it is not one.
        """
        return cls(**{**record, "on": date.fromisoformat(record["on"])})


@dataclass(frozen=True, slots=True)
class Closing:
    """The period that was decided, and what was frozen for it; by table.

    An examination of other days freezes nothing, and compares nothing.
    """

    period: Period
    frozen: Mapping[str, Frozen]

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "first": str(self.period.first),
            "last": str(self.period.last),
            "frozen": [each.as_record() for _, each in sorted(self.frozen.items())],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Closing":
        """Return what `as_record` made.

        Raises:
            KeyError, TypeError, ValueError, PeriodReversedError: it is not one.
        """
        period = Period(date.fromisoformat(record["first"]), date.fromisoformat(record["last"]))
        frozen = map(Frozen.from_record, record["frozen"])
        return cls(period, {each.table: each for each in frozen})


@dataclass(frozen=True, slots=True)
class PopulationFact:
    """One population of events of the period.

    Attributes:
        table: its name.
        rows: events of the period; those without a time count.
        sha256: see `digest`.
        phase: interim or final.
        reason: why it is interim; of one that is final, how long after the period it was pulled.
        collected_at: when the newest collection of each source began, the earliest of these; None
            when nothing was collected.
        sources: stream and target of each collection that fed it.
        frozen: what it was when it became final; None when it was not yet.
    """

    table: str
    rows: int
    sha256: str
    phase: Phase
    reason: str
    collected_at: datetime | None
    sources: tuple[str, ...]
    frozen: Frozen | None

    @property
    def is_changed(self) -> bool:
        """Whether it is not what was frozen."""
        return self.frozen is not None and self.frozen.sha256 != self.sha256

    @property
    def changed(self) -> str:
        """What changed, as a sentence; empty when nothing did."""
        if self.frozen is None or not self.is_changed:
            return ""
        before = f"{self.frozen.rows:,} rows, SHA-256 {self.frozen.sha256[:_SHOWN]}"
        return (
            f"{self.table} was frozen on {self.frozen.on} with {before}; a later collection has "
            f"{self.rows:,} rows, SHA-256 {self.sha256[:_SHOWN]}"
        )

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "table": self.table,
            "rows": self.rows,
            "sha256": self.sha256,
            "phase": self.phase.value,
            "reason": self.reason,
            "collected_at": self.collected_at.isoformat() if self.collected_at else None,
            "sources": list(self.sources),
            "frozen": self.frozen.as_record() if self.frozen else None,
            "changed": self.changed or None,
        }


def population_facts(
    tables: Mapping[str, ShapedTable],
    collections: Iterable[Collection],
    *,
    period: Period,
    closing: Closing,
) -> tuple[PopulationFact, ...]:
    """Return every population of events, by name.

    Args:
        tables: shaped evidence.
        collections: that fed it.
        period: the days under examination.
        closing: the decided period, and what was frozen for it.
    """
    begun: dict[str, datetime] = {}
    for each in collections:
        of = f"{each.stream} {each.target}"
        begun[of] = max(begun.get(of, each.started_at), each.started_at)
    known = closing.frozen if period == closing.period else {}
    return tuple(
        _fact(table, begun, period, closing, known.get(name))
        for name, table in sorted(tables.items())
        if table.spec.kind is Kind.EVENTS
    )


def _fact(
    table: ShapedTable,
    begun: Mapping[str, datetime],
    period: Period,
    closing: Closing,
    frozen: Frozen | None,
) -> PopulationFact:
    sources = sorted({cover.of for cover in table.covers})
    collected = [begun[of] for of in sources if of in begun]
    rows, sha256 = digest(table.spec, table.path, period)
    interim = _interim(table, sources, begun, period, closing)
    earliest = min(collected, default=None)
    late = (earliest.date() - closing.period.last).days if earliest else 0
    return PopulationFact(
        table=table.spec.name,
        rows=rows,
        sha256=sha256,
        phase=Phase.INTERIM if interim else Phase.FINAL,
        reason=interim or _late(late, table, period),
        collected_at=earliest,
        sources=tuple(sources),
        frozen=frozen,
    )


def _late(days: int, table: ShapedTable, period: Period) -> str:
    """Return how late a final population was pulled, and how much it cannot say any more."""
    missing = gaps(table.spec.name, period, table.covers)
    lacking = sum((gap.last - gap.first).days + 1 for gap in missing)
    said = f"collected {_days(days)} after the period closed"
    return f"{said}; {_days(lacking)} of it are not covered" if lacking else said


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"


def _interim(
    table: ShapedTable,
    sources: Sequence[str],
    begun: Mapping[str, datetime],
    period: Period,
    closing: Closing,
) -> str:
    """Return why a population can still grow; empty when it cannot."""
    last = closing.period.last
    if period.last < last:
        return f"the period goes on until {last}"
    if table.refused or table.partly:
        return f"not every source was seen: {table.refused or table.partly}"
    missing = gaps(table.spec.name, period, table.covers)
    if sum((gap.last - gap.first).days + 1 for gap in missing) == len(period):
        return "no day of the period is covered"
    early = [of for of in sources if of in begun and begun[of].date() <= last]
    if early:
        return f"collected before the period closed: {', '.join(early)}"
    return ""


def digest(spec: TableSpec, path: Path, period: Period) -> tuple[int, str]:
    """Return how many events of a period a table has, and the digest of them, in any order.

    Each row is the texts of its declared columns, each behind its length and a colon, `-` for NULL;
    the digest is the SHA-256 over the SHA-256 of the rows in hexadecimal, sorted.  Where a row lies
    in its evidence is left out: the same event, collected again, is the same.
    """
    texts = [f'"{each.name}"::VARCHAR' for each in spec.columns]
    values = " || ".join(f"coalesce(length({text}) || ':' || {text}, '-')" for text in texts)
    moment = moment_of(spec)
    within = (
        f'WHERE "{moment}" IS NULL OR "{moment}"::DATE BETWEEN $first AND $last' if moment else ""
    )
    named = {"first": period.first, "last": period.last} if moment else {}
    query = (
        f"SELECT unhex(sha256({values})) AS line FROM read_parquet($path) {within} ORDER BY line"  # noqa: S608 - names come from the declared tables
    )
    rows, whole = 0, hashlib.sha256()
    with spilling_engine() as engine:
        for batch in batches(engine.execute(query, {"path": str(path), **named})):
            rows += len(batch)
            whole.update(b"".join(line for (line,) in batch).hex().encode())
    return rows, whole.hexdigest()


def moment_of(spec: TableSpec) -> str:
    """Return the column that says when an event happened; empty when the table has none."""
    times = [each.name for each in spec.columns if each.type is Type.TIMESTAMP]
    named = [name for name in _MOMENTS if name in times]
    return next(iter([*named, *times]), "")


def held(
    tables: Mapping[str, ShapedTable], populations: Iterable[PopulationFact]
) -> dict[str, ShapedTable]:
    """Return the tables as tests may take them: one that changed since it was frozen lacks."""
    found = dict(tables)
    for each in populations:
        if each.is_changed:
            table = found[each.table]
            said = "; ".join(filter(None, (table.partly, each.changed)))
            found[each.table] = replace(table, partly=said)
    return found
