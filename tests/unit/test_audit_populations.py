"""Populations of events: interim, final, and not what they were."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from reperform.audit.populations import (
    Closing,
    Frozen,
    Phase,
    PopulationFact,
    digest,
    held,
    moment_of,
    population_facts,
)
from reperform.base.period import Period
from reperform.base.table import LINEAGE, Column, Cover, Kind, TableSpec, Type
from reperform.evidence.collection import Collection, CollectionOutcome
from reperform.evidence.shape import ShapedTable

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
SPEC = TableSpec(
    "acme.calls",
    Kind.EVENTS,
    (Column("name", Type.TEXT, "who"), Column("occurred_at", Type.TIMESTAMP, "when")),
)
CALLS = (("ana", "2026-06-03 10:00:00"), ("ben", "2026-06-30 23:59:59"))


def table(folder: Path, rows: Sequence[tuple[str | None, str | None]], **more: str) -> ShapedTable:
    path = folder / "acme.calls.parquet"
    names = [each.name for each in (*SPEC.columns, *LINEAGE)]
    types = [each.type.value for each in (*SPEC.columns, *LINEAGE)]
    with duckdb.connect() as engine:
        declared = ", ".join(f"{n} {t}" for n, t in zip(names, types, strict=True))
        engine.execute(f"CREATE TABLE t ({declared})")
        for number, row in enumerate(rows):
            engine.execute("INSERT INTO t VALUES (?, ?, ?, ?)", [*row, f"{number:064x}", number])
        engine.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    cover = Cover(date(2026, 6, 1), date(2026, 6, 30), of="acme/calls sales")
    found = ShapedTable(SPEC, path, "", len(rows), (cover,), "", "")
    return replace(found, **more)  # type: ignore[arg-type]


def collection(at: datetime) -> Collection:
    return Collection(
        *("acme/calls", 1, "sales", {}, "ada", at, at), CollectionOutcome.COMPLETE, "", ()
    )


def fact(shaped: ShapedTable, at: datetime, *frozen: Frozen, last: int = 30) -> PopulationFact:
    closing = Closing(JUNE, {each.table: each for each in frozen})
    (found,) = population_facts(
        {SPEC.name: shaped},
        [collection(at)],
        period=Period(JUNE.first, date(2026, 6, last)),
        closing=closing,
    )
    return found


AFTER = datetime(2026, 7, 3, 4, 0, tzinfo=UTC)


def test_a_population_is_final_only_when_it_was_collected_after_the_period(tmp_path: Path) -> None:
    shaped = table(tmp_path, CALLS)
    early = fact(shaped, datetime(2026, 6, 30, 23, 0, tzinfo=UTC))
    assert (early.phase, early.reason) == (
        Phase.INTERIM,
        "collected before the period closed: acme/calls sales",
    )
    late = fact(shaped, AFTER)
    assert (late.phase, late.rows) == (Phase.FINAL, 2)
    assert late.reason == "collected 3 days after the period closed"
    assert late.sources == ("acme/calls sales",)


def test_days_before_the_end_are_interim_however_late_they_were_collected(tmp_path: Path) -> None:
    found = fact(table(tmp_path, CALLS), AFTER, last=15)
    assert (found.phase, found.rows) == (Phase.INTERIM, 1)
    assert found.reason == "the period goes on until 2026-06-30"


def test_what_was_not_seen_keeps_a_population_interim(tmp_path: Path) -> None:
    found = fact(table(tmp_path, CALLS, partly="CON-2 Second: never collected"), AFTER)
    assert found.phase is Phase.INTERIM
    assert "CON-2 Second" in found.reason


def test_a_population_of_which_no_day_is_covered_is_not_final(tmp_path: Path) -> None:
    """Freezing what nobody vouches for would freeze nothing."""
    cover = Cover(date(2026, 7, 1), date(2026, 7, 3), "begun in July", "acme/calls sales")
    found = fact(replace(table(tmp_path, ()), covers=(cover,)), AFTER)
    assert (found.phase, found.reason) == (Phase.INTERIM, "no day of the period is covered")


def test_a_late_pull_says_how_many_days_it_does_not_cover(tmp_path: Path) -> None:
    shaped = table(tmp_path, CALLS)
    cover = Cover(date(2026, 6, 3), date(2026, 6, 30), "kept 30 days", "acme/calls sales")
    found = fact(replace(shaped, covers=(cover,)), AFTER)
    assert found.reason == "collected 3 days after the period closed; 2 days of it are not covered"


def test_the_digest_is_of_the_events_and_of_nothing_else(tmp_path: Path) -> None:
    """Another order, another place in the evidence, events outside the period: the same."""
    shaped = table(tmp_path, CALLS)
    before = digest(SPEC, shaped.path, JUNE)
    others = (*reversed(CALLS), ("cyd", "2026-07-01 00:00:00"))
    assert digest(SPEC, table(tmp_path, others).path, JUNE) == before
    for rows in (
        (*CALLS, ("ana", "2026-06-03 10:00:00")),
        CALLS[:1],
        (("ana", "2026-06-03 10:00:01"), CALLS[1]),
        ((None, "2026-06-03 10:00:00"), CALLS[1]),
        (("an", "2026-06-03 10:00:00"), CALLS[1]),
        (*CALLS, ("dan", None)),
    ):
        assert digest(SPEC, table(tmp_path, rows).path, JUNE) != before


def test_the_digest_can_be_computed_by_hand(tmp_path: Path) -> None:
    """Length, colon, text; SHA-256 of each row, sorted; SHA-256 of these."""
    from hashlib import sha256  # noqa: PLC0415

    lines = sorted(
        sha256(text.encode()).hexdigest()
        for text in ("3:ana19:2026-06-03 10:00:00", "3:ben19:2026-06-30 23:59:59")
    )
    by_hand = sha256("".join(lines).encode()).hexdigest()
    assert digest(SPEC, table(tmp_path, CALLS).path, JUNE) == (2, by_hand)


def test_a_population_that_changed_after_it_was_frozen_lacks_for_every_test(
    tmp_path: Path,
) -> None:
    shaped = table(tmp_path, CALLS)
    frozen = Frozen(SPEC.name, 2, digest(SPEC, shaped.path, JUNE)[1], date(2026, 7, 3))
    same = fact(shaped, AFTER, frozen)
    assert not same.is_changed
    assert held({SPEC.name: shaped}, [same])[SPEC.name].partly == ""

    grown = table(tmp_path, (*CALLS, ("eve", "2026-06-04 11:00:00")))
    changed = fact(grown, AFTER, frozen)

    assert changed.is_changed
    partly = held({SPEC.name: grown}, [changed])[SPEC.name].partly
    assert f"frozen on 2026-07-03 with 2 rows, SHA-256 {frozen.sha256[:12]}" in partly
    assert f"3 rows, SHA-256 {changed.sha256[:12]}" in partly


@pytest.mark.parametrize(
    ("names", "moment"),
    [
        (("authored_at", "committed_at"), "committed_at"),
        (("opened_at", "occurred_at"), "occurred_at"),
        (("left_at", "recorded_at"), "left_at"),
        ((), ""),
    ],
)
def test_when_an_event_happened(names: tuple[str, ...], moment: str) -> None:
    columns = tuple(Column(name, Type.TIMESTAMP, "a time") for name in names)
    assert moment_of(TableSpec("acme.x", Kind.EVENTS, columns)) == moment


def test_what_is_kept_of_a_closing_is_read_back() -> None:
    frozen = Frozen("acme.calls", 2, "0" * 64, date(2026, 7, 3))
    closing = Closing(JUNE, {"acme.calls": frozen})
    assert Closing.from_record(closing.as_record()) == closing
