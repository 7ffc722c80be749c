"""results.json -> what the gap analysis reads of it.

A value that is missing or not known is *unknown*: an old or a damaged file never makes a yes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reperform.base.period import Period
from reperform.catalog.criteria import CATEGORIES
from reperform.program.gap import Facet
from reperform.program.gap.seen import UNABLE, Seen, SeenControl, SeenTest
from reperform.program.scope import ReportType

Results = Mapping[str, Any]
"""See docs/spec/results.md."""


def seen_of(results: Results, *, number: int, kind: ReportType, period: Period, at: date) -> Seen:
    """Return what an examination saw.

    Args:
        results: what results.json holds.
        number: of the examination.
        kind: type of the report.
        period: the days that it was for.
        at: the day on which it was kept, for results that do not say when evidence was seen.
    """
    tests: dict[str, list[SeenTest]] = {}
    for test in _rows(results, "tests"):
        tests.setdefault(_text(test, "control"), []).append(_test(test))
    scope = results.get("scope")
    named = scope.get("categories") if isinstance(scope, dict) else None
    return Seen(
        number=number,
        on=_day(results.get("observed_at")) or at,
        type=kind,
        period=Period(period.last, period.last) if kind == 1 else period,
        categories=tuple(each for each in CATEGORIES if isinstance(named, list) and each in named),
        library=_text(results, "library_sha256"),
        controls={
            _text(row, "id"): SeenControl(
                implemented=_facet(row, "implemented"),
                evidenced=_facet(row, "evidenced"),
                operated=_facet(row, "operated"),
                tests=tuple(tests.get(_text(row, "id"), ())),
                is_own=row.get("wording") == "own",
            )
            for row in _rows(results, "controls")
            if _text(row, "id")
        },
    )


def _rows(results: Results, name: str) -> Sequence[Mapping[str, Any]]:
    rows = results.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _test(row: Mapping[str, Any]) -> SeenTest:
    return SeenTest(
        id=_text(row, "id"),
        conclusion=_text(row, "conclusion"),
        reason=_text(row, "reason"),
        population=_count(row, "population"),
        deviations=_count(row, "deviations"),
        sha256=_text(row, "sha256"),
        is_whole=row.get("gaps") == []
        and row.get("unable") == 0
        and _text(row, "conclusion") not in ("", UNABLE),
    )


def _facet(row: Mapping[str, Any], name: str) -> Facet:
    said = row.get(name)
    return Facet(said) if said in [each.value for each in Facet] else Facet.UNKNOWN


def _text(row: Mapping[str, Any], name: str) -> str:
    said = row.get(name)
    return said if isinstance(said, str) else ""


def _count(row: Mapping[str, Any], name: str) -> int:
    said = row.get(name)
    return said if isinstance(said, int) else 0


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None
