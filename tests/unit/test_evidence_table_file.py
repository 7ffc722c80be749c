"""A table in parts on the disk, and events that a source told more than once."""

import random
from pathlib import Path

import duckdb
import pytest

from collected import once
from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.answer import Row
from reperform.evidence import repeats, table_file
from reperform.evidence.table_file import NotShapedError, TableFile

SPEC = TableSpec(
    "x.events",
    Kind.EVENTS,
    (Column("name", Type.TEXT, ""), Column("count", Type.INTEGER, "")),
)


def written(tmp_path: Path, collections: list[list[Row]], batch: int = 50) -> list[tuple[int, str]]:
    """Return place and name of each row of the file that the rows of collections give."""
    target = tmp_path / "x.events.parquet"
    work = tmp_path / "work"
    work.mkdir()
    with TableFile(SPEC, work=work, target=target) as file:
        for number, rows in enumerate(collections):
            for at in range(0, len(rows), batch):
                file.add(rows[at : at + batch], number)
        count = file.finish()
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT evidence_at, name FROM '{target}'").fetchall()
    assert count == len(found)
    return found


def rows_of(seed: int, events: int, count: int = 3_000) -> list[Row]:
    chance = random.Random(seed)  # noqa: S311 - the case
    return [
        Row(
            SPEC.name,
            {"name": f"event {at}", "count": at},
            f"{seed:064}",
            at,
            f"e{chance.randrange(events)}",
            chance.randrange(-1, 3),
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("part", [1 << 30, 120_000])
@pytest.mark.parametrize("events", [10**12, 2_500, 40])
def test_each_event_is_the_row_that_the_contract_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int, events: int
) -> None:
    """With none, some or almost all told again, in one part or in many; within a collection."""
    monkeypatch.setattr(table_file, "PART", part)
    collections = [rows_of(seed, events) for seed in (1, 2)]

    found = written(tmp_path, collections)

    expected = [(row.at, row.values["name"]) for rows in collections for row in once(rows)]
    assert found == expected


def test_more_events_than_numbers_fit_are_still_one_row_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine decides then, from the disk; rows without a name of their event all stay."""
    monkeypatch.setattr(repeats, "MOST_NUMBERS", 100)
    unnamed = [Row(SPEC.name, {"name": "unnamed"}, "b" * 64, at) for at in range(9)]
    rows = [*rows_of(3, 900), *unnamed]

    found = written(tmp_path, [rows])

    assert found == [(row.at, row.values["name"]) for row in once(rows)]
    assert [name for _, name in found[-9:]] == ["unnamed"] * 9


@pytest.mark.parametrize("count", [float("nan"), float("inf"), 2**70, "x"])
def test_what_is_no_number_is_refused_and_no_null(tmp_path: Path, count: object) -> None:
    """However fast rows are written."""
    with pytest.raises(NotShapedError, match=r"x\.events was not shaped"):
        written(tmp_path, [[Row(SPEC.name, {"count": count}, "b" * 64, 0)]])


def test_half_a_surrogate_and_large_texts_are_written(tmp_path: Path) -> None:
    """A text of three million letters is one row, as is an empty one."""
    names = ["\U0001f600" * 750_000, "", "a\x00b"]

    found = written(tmp_path, [[Row(SPEC.name, {"name": each}, "b" * 64, 0) for each in names]])

    assert [name for _, name in found] == names
