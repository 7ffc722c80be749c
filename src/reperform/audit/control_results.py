"""What an examination says of one control: its tests, and the evidence that they read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test as it was run."""

    id: str
    title: str
    conclusion: str
    reason: str
    population: int
    deviations: int


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """One table that the tests read; no digest when nothing was collected for it."""

    name: str
    rows: int
    sha256: str
    collections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlResults:
    """What one examination says of one control.

    Attributes:
        number: of the examination.
        type: of the report.
        first: first day of the period.
        last: its last day.
        facets: designed, implemented, evidenced, operated; empty when it is not in the results.
        reasons: why a facet is not yes.
        tests: in order; none when no test of it reads evidence.
        evidence: the tables that they read.
    """

    number: int
    type: int
    first: date
    last: date
    facets: Mapping[str, str]
    reasons: tuple[str, ...]
    tests: tuple[TestResult, ...]
    evidence: tuple[EvidenceTable, ...]


_FACETS = ("designed", "implemented", "evidenced", "operated")


def control_results(
    results: Mapping[str, Any],
    control: str,
    *,
    number: int,
    kind: int,
    first: date,
    last: date,
    streams: Mapping[str, Collection[str]],
) -> ControlResults:
    """Return what results.json (docs/spec/results.md) says of a control of the library.

    Args:
        results: the file's content.
        control: the library's id.
        number: of the examination.
        kind: type of the report.
        first: first day of the period.
        last: its last day.
        streams: table -> the streams that fill it; of one that is not known, those of its name.
    """
    row = next((each for each in _rows(results, "controls") if each.get("id") == control), {})
    tests = [each for each in _rows(results, "tests") if each.get("control") == control]
    names = sorted({name for each in tests for name in each.get("inputs", {})})
    return ControlResults(
        number=number,
        type=kind,
        first=first,
        last=last,
        facets={name: str(row[name]) for name in _FACETS if row.get(name)},
        reasons=tuple(map(str, row.get("reasons", ()))),
        tests=tuple(_test(each) for each in tests),
        evidence=tuple(_evidence(results, name, streams) for name in names),
    )


def _test(row: Mapping[str, Any]) -> TestResult:
    return TestResult(
        id=str(row.get("id", "")),
        title=str(row.get("title", "")),
        conclusion=str(row.get("conclusion", "")),
        reason=str(row.get("reason") or ""),
        population=int(row.get("population") or 0),
        deviations=int(row.get("deviations") or 0),
    )


def _evidence(
    results: Mapping[str, Any], name: str, streams: Mapping[str, Collection[str]]
) -> EvidenceTable:
    table = next((each for each in _rows(results, "tables") if each.get("name") == name), {})
    source = name.partition(".")[0]
    return EvidenceTable(
        name=name,
        rows=int(table.get("rows") or 0),
        sha256=str(table.get("sha256") or ""),
        collections=tuple(
            f"{each.get('stream')}: {each.get('outcome')}"
            for each in _rows(results, "collections")
            if _fills(str(each.get("stream", "")), source, streams.get(name))
        ),
    )


def _fills(stream: str, source: str, streams: Collection[str] | None) -> bool:
    return stream.partition("/")[0] == source if streams is None else stream in streams


def _rows(results: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = results.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
