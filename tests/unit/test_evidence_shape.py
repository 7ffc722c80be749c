"""Shaping: typed tables from kept answers, each row with its blob, again and again the same."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from reperform.base.table import Column, Cover, Kind, TableSpec, Type
from reperform.connectors.answer import Kept, Row, Source
from reperform.evidence.blobs import BlobStore
from reperform.evidence.collection import Collection, CollectionOutcome, StoredAnswer
from reperform.evidence.same import same_rows
from reperform.evidence.shape import NotShapedError, ShapedTable, shape

NOON = datetime(2026, 7, 31, 12, tzinfo=UTC)
SPEC = TableSpec(
    "x.things",
    Kind.STATE,
    (
        Column("name", Type.TEXT, ""),
        Column("size", Type.INTEGER, ""),
        Column("is_on", Type.BOOLEAN, ""),
        Column("since", Type.DATE, ""),
        Column("seen_at", Type.TIMESTAMP, ""),
    ),
)


def source(
    *rows: dict[str, object], table: str = "x.things", stream: str = "x/y", missing: str = ""
) -> Source:
    def shaped(kept: Sequence[Kept]) -> Iterator[Row]:
        for number, values in enumerate(rows):
            yield Row(table, values, kept[0].blob, number)

    return Source(
        stream,
        (SPEC,),
        shaped,
        lambda _, at: {"x.things": Cover(None, None if missing else at.date(), missing)},
        "everything else",
    )


def collected(store: BlobStore, outcome: str = "complete", stream: str = "x/y") -> Collection:
    blob = store.put([b"answer"])
    answer = StoredAnswer("a", "ask", "", "", blob.sha256, blob.size)
    return Collection(
        *(stream, 1, "there", {}, "ana", NOON, NOON, CollectionOutcome(outcome)),
        "" if outcome == "complete" else "denied\n  because",
        (answer,) if outcome == "complete" else (),
    )


def read(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as engine:
        return engine.execute(f"FROM '{path}'").fetchall()


def shaped(tmp_path: Path, *rows: dict[str, object]) -> ShapedTable:
    store = BlobStore(tmp_path / "blobs")
    tables = shape({"x/y": source(*rows)}, [collected(store)], store=store, folder=tmp_path)
    return tables["x.things"]


def test_values_get_their_columns_types_and_what_is_left_out_is_null(tmp_path: Path) -> None:
    """NULL is what the source did not say; every row leads back to its blob."""
    table = shaped(
        tmp_path,
        {"name": "a'\"\\\n\u202e\U0001f600", "size": 2**40, "is_on": False},
        {"since": "2026-07-31", "seen_at": "2026-07-31 23:59:59"},
    )

    rows = read(table.path)
    assert rows[0][:5] == ("a'\"\\\n\u202e\U0001f600", 2**40, False, None, None)
    assert rows[1][:4] == (None, None, None, date(2026, 7, 31))
    assert str(rows[1][4]) == "2026-07-31 23:59:59"
    assert [row[6] for row in rows] == [0, 1]
    assert len({row[5] for row in rows}) == 1


def test_a_table_without_rows_is_a_table(tmp_path: Path) -> None:
    """Empty is a fact, with its columns; it is not a missing file."""
    table = shaped(tmp_path)

    assert table.rows == 0
    assert read(table.path) == []
    with duckdb.connect() as engine:
        described = engine.execute(f"DESCRIBE FROM '{table.path}'").fetchall()
    assert described[0][:2] == ("name", "VARCHAR")


def test_the_same_answers_give_the_same_file(tmp_path: Path) -> None:
    """So that a difference means something."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    store = BlobStore(tmp_path / "blobs")
    collection = collected(store)
    rows = [{"name": str(n), "size": n} for n in range(5_000)]

    one, two = (
        shape({"x/y": source(*rows)}, [collection], store=store, folder=tmp_path / name)["x.things"]
        for name in ("one", "two")
    )

    assert one.sha256 == two.sha256
    assert same_rows(one.path, two.path)


@pytest.mark.parametrize(
    "values",
    [{"size": "many"}, {"is_on": "perhaps"}, {"since": "soon"}, {"seen_at": "2026-13-01 00:00:00"}],
)
def test_a_value_of_another_type_is_refused_and_not_read_as_nothing(
    tmp_path: Path, values: dict[str, object]
) -> None:
    """NULL in its place would look like a source that did not say."""
    with pytest.raises(NotShapedError, match=r"x\.things was not shaped"):
        shaped(tmp_path, values)


def test_a_row_of_an_undeclared_table_is_refused(tmp_path: Path) -> None:
    """A table that nobody declared would be tested by nobody."""
    store = BlobStore(tmp_path / "blobs")

    with pytest.raises(NotShapedError, match=r"x\.others"):
        shape(
            {"x/y": source({"name": "a"}, table="x.others")},
            [collected(store)],
            store=store,
            folder=tmp_path,
        )


def test_a_refused_collection_covers_nothing_and_says_why(tmp_path: Path) -> None:
    """All refused, or one beside another that was collected, are told apart."""
    store = BlobStore(tmp_path / "blobs")
    good, bad = collected(store), collected(store, "refused")

    alone = shape({"x/y": source()}, [bad], store=store, folder=tmp_path)["x.things"]
    beside = shape({"x/y": source()}, [good, bad], store=store, folder=tmp_path)["x.things"]

    assert (alone.refused, alone.partly) == ("denied", "")
    assert alone.covers == (Cover(None, None, "denied", of="x/y there"),)
    assert (beside.refused, beside.partly) == ("", "denied")


def test_rows_in_another_order_are_not_the_same(tmp_path: Path) -> None:
    """Order is part of what shaping promises; a file that is no Parquet is like nothing."""
    one, two, three = (tmp_path / f"{n}.parquet" for n in "123")
    duckdb.sql(f"COPY (SELECT * FROM (VALUES (1), (2)) t(a)) TO '{one}'")
    duckdb.sql(f"COPY (SELECT * FROM (VALUES (2), (1)) t(a)) TO '{two}'")
    three.write_bytes(b"PAR1 no")

    assert same_rows(one, one)
    assert not same_rows(one, two)
    assert not same_rows(one, three)


def test_two_sources_fill_one_table_and_each_vouches_for_its_own_rows(tmp_path: Path) -> None:
    """What one covers says nothing of the other."""
    store = BlobStore(tmp_path / "blobs")
    sources = {name: source({"name": name}, stream=name) for name in ("x/one", "x/two")}
    both = [collected(store, stream=name) for name in sources]

    table = shape(sources, both, store=store, folder=tmp_path)["x.things"]

    assert [row[0] for row in read(table.path)] == ["x/one", "x/two"]
    assert [cover.of for cover in table.covers] == ["x/one there", "x/two there"]
    assert (table.refused, table.partly) == ("", "")


def test_a_source_that_saw_no_day_is_named_beside_one_that_did(tmp_path: Path) -> None:
    """Its rows are lacking, and a table that holds another's must not hide it."""
    store = BlobStore(tmp_path / "blobs")
    sources = {
        "x/one": source(stream="x/one"),
        "x/two": source(stream="x/two", missing="the token has expired"),
    }
    both = [collected(store, stream=name) for name in sources]

    table = shape(sources, both, store=store, folder=tmp_path)["x.things"]

    assert (table.refused, table.partly) == ("", "x/two there: the token has expired")
