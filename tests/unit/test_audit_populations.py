"""Populations of events: interim, final, and not what they were."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


_NAMES = st.text(alphabet="abc:-1é ", min_size=0, max_size=4) | st.none()
_TIMES = st.none() | st.integers(0, 33 * 24).map(
    lambda hours: f"{datetime(2026, 5, 30, tzinfo=UTC) + timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"
)
_ROWS = st.lists(st.tuples(_NAMES, _TIMES), max_size=6)


def _within(
    rows: Sequence[tuple[str | None, str | None]],
) -> Counter[tuple[str | None, str | None]]:
    """Return the events that count: of the period, or of nobody knows when."""
    return Counter(row for row in rows if row[1] is None or "2026-06-01" <= row[1] < "2026-07-01")


@settings(max_examples=40, deadline=None)
@given(first=_ROWS, second=_ROWS)
def test_no_late_pull_changes_a_frozen_population_in_silence(
    first: list[tuple[str | None, str | None]], second: list[tuple[str | None, str | None]]
) -> None:
    """Whatever two pulls hold: it is changed if, and only if, its events of the period are others.

    One that changed says both digests, and no table with it may be taken as whole.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        before = fact(table(folder, first), AFTER)
        frozen = Frozen(SPEC.name, before.rows, before.sha256, AFTER.date())
        shaped = table(folder, second)
        now = fact(shaped, datetime(2026, 9, 1, tzinfo=UTC), frozen)

    assert before.phase is now.phase is Phase.FINAL
    assert (now.frozen, now.is_changed) == (frozen, _within(first) != _within(second))
    tables = held({SPEC.name: shaped}, [now])
    assert bool(tables[SPEC.name].partly) is now.is_changed
    if now.is_changed:
        assert frozen.sha256[:12] in now.changed
        assert now.sha256[:12] in now.changed
        assert "a later collection has" in tables[SPEC.name].partly


@settings(max_examples=40, deadline=None)
@given(
    first=st.dates(date(2026, 5, 20), date(2026, 7, 5)),
    days=st.integers(0, 45),
    collected=st.integers(0, 42 * 24).map(
        lambda hours: datetime(2026, 6, 20, tzinfo=UTC) + timedelta(hours=hours)
    ),
)
def test_what_a_pull_does_not_cover_is_said_and_it_is_final_only_after_the_period(
    first: date, days: int, collected: datetime
) -> None:
    """Interim before the end and where no day is covered; final says how late, and what lacks."""
    cover = Cover(first, first + timedelta(days=days), "kept so long", "acme/calls sales")
    covered = sum(first <= day <= first + timedelta(days=days) for day in JUNE.days())
    with TemporaryDirectory() as name:
        shaped = replace(table(Path(name), CALLS), covers=(cover,))
        found = fact(shaped, collected)

    if covered == 0:
        assert found.reason == "no day of the period is covered"
    is_final = covered > 0 and collected.date() > JUNE.last
    assert (found.phase is Phase.FINAL) is is_final
    if is_final:
        assert found.reason.startswith(f"collected {(collected.date() - JUNE.last).days} day")
        assert ("are not covered" in found.reason) is (covered < len(JUNE))


def test_a_population_that_was_frozen_for_other_days_is_not_compared(tmp_path: Path) -> None:
    """An examination of some of the days has fewer events: nothing changed."""
    shaped = table(tmp_path, CALLS)
    whole = fact(shaped, AFTER)
    frozen = Frozen(SPEC.name, whole.rows, whole.sha256, AFTER.date())
    part = fact(shaped, AFTER, frozen, last=15)
    assert (part.frozen, part.is_changed, part.phase) == (None, False, Phase.INTERIM)


def test_a_population_of_two_sources_is_final_when_the_earlier_of_them_was_asked_afterwards(
    tmp_path: Path,
) -> None:
    """The one that was asked too early is named; how late counts from the earlier."""
    second = Cover(date(2026, 6, 1), date(2026, 6, 30), of="acme/calls shop")
    shaped = table(tmp_path, CALLS)
    shaped = replace(shaped, covers=(*shaped.covers, second))
    other = replace(collection(datetime(2026, 6, 29, tzinfo=UTC)), target="shop")

    def found(shop: Collection) -> PopulationFact:
        (said,) = population_facts(
            {SPEC.name: shaped},
            [collection(AFTER), shop],
            period=JUNE,
            closing=Closing(JUNE, {}),
        )
        return said

    early = found(other)
    assert (early.phase, early.reason) == (
        Phase.INTERIM,
        "collected before the period closed: acme/calls shop",
    )
    late = found(replace(other, started_at=datetime(2026, 7, 9, tzinfo=UTC)))
    assert (late.phase, late.collected_at) == (Phase.FINAL, AFTER)


def test_a_state_is_no_population_of_events(tmp_path: Path) -> None:
    """It is seen inside the period, and never frozen."""
    shaped = table(tmp_path, CALLS)
    state = replace(shaped, spec=replace(SPEC, kind=Kind.STATE))
    assert not population_facts(
        {SPEC.name: state}, [collection(AFTER)], period=JUNE, closing=Closing(JUNE, {})
    )
