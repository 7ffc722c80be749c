"""What an examination says of one table: its rows, its days, its digest, and who read it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reperform.base.period import Period
from reperform.testing.coverage import TableDays
from reperform.testing.outcome import Gap


@dataclass(frozen=True, slots=True)
class PopulationStory:
    """One table of an examination.

    Attributes:
        table: its name.
        kind: events or state.
        rows: how many it has, of every day.
        file_sha256: of its Parquet file in the bundle; empty when it was never collected.
        days: which days of the period it evidences.
        events: what results.json says of it among `populations`; empty for a state, and where
            nobody decided a period.
        tests: id, title and conclusion of each test that read it.
        collections: that fed it, as results.json has them.
    """

    table: str
    kind: str
    rows: int
    file_sha256: str
    days: TableDays
    events: Mapping[str, Any]
    tests: Sequence[Mapping[str, Any]]
    collections: Sequence[Mapping[str, Any]]


def population_stories(
    results: Mapping[str, Any], *, period: Period, streams: Mapping[str, Collection[str]]
) -> dict[str, PopulationStory]:
    """Return every table of an examination, by name.

    Args:
        results: what results.json holds, see docs/spec/results.md.
        period: the days that evidence must cover.
        streams: table -> the streams that fill it.
    """
    events = {each["table"]: each for each in _rows(results, "populations")}
    return {
        each["name"]: PopulationStory(
            table=each["name"],
            kind=str(each.get("kind", "")),
            rows=int(each.get("rows") or 0),
            file_sha256=str(each.get("sha256") or ""),
            days=_days(each, period),
            events=events.get(each["name"], {}),
            tests=[
                test for test in _rows(results, "tests") if each["name"] in test.get("inputs", {})
            ],
            collections=[
                collection
                for collection in _rows(results, "collections")
                if collection.get("stream") in streams.get(each["name"], ())
            ],
        )
        for each in sorted(_rows(results, "tables"), key=lambda each: str(each.get("name")))
        if each.get("name")
    }


def _days(table: Mapping[str, Any], period: Period) -> TableDays:
    gaps = tuple(
        Gap(
            table=table["name"],
            first=date.fromisoformat(gap["first"]),
            last=date.fromisoformat(gap["last"]),
            reason=gap["reason"],
        )
        for gap in table.get("gaps", ())
    )
    return TableDays(table["name"], int(table.get("covered_days") or 0), len(period), gaps)


def _rows(results: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = results.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
