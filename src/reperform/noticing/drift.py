"""What became worse, or better, from one examination to the next.

Pure.  Each examination comes in as its outline: what each test concluded and how far each control
was evidenced.  A value that is missing is never read as good.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reperform.noticing.notice import Kind, Noticed, Topic, first_line
from reperform.testing.outcome import Conclusion

_NOT_RUN = "not run"
_PASS = Conclusion.NO_EXCEPTIONS.value
_RANK = {"yes": 2, "partly": 1}
_TODO = {
    Kind.DEVIATES: "read its exceptions, put the cause right, and record what was done as a task",
    Kind.NOT_PASSED: "see what its evidence lacks, and collect or bring it before the period ends",
    Kind.UNEVIDENCED: "see which days or tables lack, and why the source no longer brings them",
    Kind.BETTER: "nothing; whoever worked on it may like to know",
}


@dataclass(frozen=True, slots=True)
class Outline:
    """What one examination came to.

    Attributes:
        number: of the examination.
        at: when it was kept.
        tests: test -> conclusion.
        evidenced: control -> yes, partly, no or unknown.
    """

    number: int
    at: datetime
    tests: Mapping[str, str]
    evidenced: Mapping[str, str]


def drifted(
    outlines: Sequence[Outline], results: Mapping[str, Any], owners: Mapping[str, int]
) -> Iterator[Noticed]:
    """Yield what is worse in the newest examination than it was once, and what just got better.

    Args:
        outlines: of examinations of one type, the newest first; at least one.
        results: of the newest, see docs/spec/results.md: titles and reasons are read there.
        owners: control -> number of the member whose it is.
    """
    yield from _tests(outlines, results, owners)
    yield from _controls(outlines, results, owners)


def _tests(
    outlines: Sequence[Outline], results: Mapping[str, Any], owners: Mapping[str, int]
) -> Iterator[Noticed]:
    newest = outlines[0]
    rows = {row.get("id"): row for row in results.get("tests", ())}
    known = {test for outline in outlines[1:] for test in outline.tests}
    for test in sorted(known):
        row = rows.get(test, {})
        now, before = _concluded(newest, test), _concluded(outlines[1], test)
        kind = _kind(now)
        said: dict[str, Any] = {
            "topic": Topic.RESULTS,
            "subject": test,
            "title": str(row.get("title") or test),
            "page": "examination_test" if row else "examination",
            "key": f"{newest.number}/{test}" if row else str(newest.number),
            "owner": owners.get(str(row.get("control"))),
        }
        if kind is Kind.BETTER:
            if before not in (_PASS, _NOT_RUN):
                text = f"it passes in examination {newest.number}, and was {before} in the one"
                yield Noticed(
                    kind=kind,
                    since=newest.at,
                    text=f"{text} before",
                    todo=_TODO[kind],
                    **said,
                )
            continue
        first, earlier = _stretch(outlines, [_kind(_concluded(each, test)) for each in outlines])
        passed = next((each for each in earlier if _concluded(each, test) == _PASS), None)
        if passed:
            reason = f": {first_line(row['reason'])}" if row.get("reason") else ""
            text = f"it passed in examination {passed.number}, and is {now} since"
            yield Noticed(
                kind=kind,
                since=first.at,
                text=f"{text} examination {first.number}{reason}",
                todo=_TODO[kind],
                **said,
            )


def _controls(
    outlines: Sequence[Outline], results: Mapping[str, Any], owners: Mapping[str, int]
) -> Iterator[Noticed]:
    rows = {row.get("id"): row for row in results.get("controls", ())}
    for control, now in sorted(outlines[0].evidenced.items()):
        first, earlier = _stretch(outlines, [_rank(each, control) for each in outlines])
        if earlier and _rank(earlier[0], control) > _rank(outlines[0], control):
            before = earlier[0]
            yield Noticed(
                kind=Kind.UNEVIDENCED,
                topic=Topic.RESULTS,
                subject=control,
                title=str(rows.get(control, {}).get("title") or control),
                since=first.at,
                text=f"it was evidenced: {before.evidenced[control]} in examination"
                f" {before.number}, and is evidenced: {now} since examination {first.number}",
                todo=_TODO[Kind.UNEVIDENCED],
                page="control",
                key=control,
                owner=owners.get(control),
            )


def deviating(outlines: Sequence[Outline]) -> Iterator[tuple[str, Outline]]:
    """Yield each test that deviates in the newest, and the examination since which it does."""
    for test, conclusion in sorted(outlines[0].tests.items()):
        if _kind(conclusion) is Kind.DEVIATES:
            first, _ = _stretch(outlines, [_kind(_concluded(each, test)) for each in outlines])
            yield test, first


def _stretch(
    outlines: Sequence[Outline], values: Sequence[object]
) -> tuple[Outline, Sequence[Outline]]:
    """Return the first examination of those in a row that are as the newest, and the ones before.

    The ones before come in the same order, the newest first.

    Args:
        outlines: the newest first.
        values: what is compared, of each.
    """
    other = (place for place, value in enumerate(values) if value != values[0])
    same = next(other, len(values))
    return outlines[same - 1], outlines[same:]


def _concluded(outline: Outline, test: str) -> str:
    return outline.tests.get(test, _NOT_RUN)


def _kind(conclusion: str) -> Kind:
    if conclusion == _PASS:
        return Kind.BETTER
    return Kind.DEVIATES if conclusion == Conclusion.EXCEPTIONS else Kind.NOT_PASSED


def _rank(outline: Outline, control: str) -> int:
    return _RANK.get(outline.evidenced.get(control, ""), 0)
