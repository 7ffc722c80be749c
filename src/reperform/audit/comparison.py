"""Two examinations side by side: what is worse in the later one.

Pure: what two results.json hold comes in.  A value that is missing is never read as better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reperform.evidence.collection import CollectionOutcome
from reperform.testing.outcome import Conclusion

Results = Mapping[str, Any]
"""See docs/spec/results.md."""
_NOT_RUN = "not run"
_NOT_ASKED = "not asked"
_DEVIATION = "deviation"
_TAKES_NO_MORE = 5
"""New exceptions of one test that are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class WorseTest:
    """A test of a control whose conclusion became worse."""

    id: str
    title: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class LostSource:
    """A question that was answered in full, and is not any more."""

    stream: str
    target: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewExceptions:
    """Items of a test that deviate now, and did not stand among its exceptions before."""

    id: str
    title: str
    items: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What broke between two examinations.

    Attributes:
        tests: whose conclusion became worse, or that were not run any more.
        sources: that were complete.
        exceptions: new ones, by test.
        caveats: why the two are not about the same, in a sentence each.
    """

    tests: tuple[WorseTest, ...]
    sources: tuple[LostSource, ...]
    exceptions: tuple[NewExceptions, ...]
    caveats: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things broke."""
        return len(self.tests) + len(self.sources) + len(self.exceptions)


def compare(before: Results, after: Results) -> Comparison:
    """Return what broke from `before` to `after`."""
    return Comparison(
        tests=tuple(_worse(before, after)),
        sources=tuple(_lost(before, after)),
        exceptions=tuple(_new_exceptions(before, after)),
        caveats=tuple(_caveats(before, after)),
    )


def is_worse(before: str, after: str) -> bool:
    """Return whether a conclusion is worse: it finds exceptions, cannot be drawn, or was a pass.

    >>> is_worse("no exceptions", "did not operate"), is_worse("exceptions noted", "unable to test")
    (True, True)
    >>> is_worse("unable to test", "did not operate"), is_worse("exceptions noted", "no exceptions")
    (False, False)
    """
    if after in (before, Conclusion.NO_EXCEPTIONS):
        return False
    return before == Conclusion.NO_EXCEPTIONS or after != Conclusion.DID_NOT_OPERATE


def _rows(results: Results, name: str) -> Sequence[Mapping[str, Any]]:
    rows = results.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(row: Mapping[str, Any], name: str) -> str:
    said = row.get(name)
    return said if isinstance(said, str) else ""


def _by_id(results: Results) -> dict[str, Mapping[str, Any]]:
    return {_text(row, "id"): row for row in _rows(results, "tests")}


def _worse(before: Results, after: Results) -> list[WorseTest]:
    now = _by_id(after)
    found = []
    for name, was in _by_id(before).items():
        row = now.get(name, {})
        conclusion = _text(row, "conclusion") or _NOT_RUN
        earlier = _text(was, "conclusion") or _NOT_RUN
        if is_worse(earlier, conclusion):
            title = _text(row, "title") or _text(was, "title")
            found.append(WorseTest(name, title, earlier, conclusion, _text(row, "reason")))
    return found


def _sources(results: Results) -> dict[tuple[str, str], Mapping[str, Any]]:
    rows = _rows(results, "collections")
    return {(_text(row, "stream"), _text(row, "target")): row for row in rows}


def _lost(before: Results, after: Results) -> list[LostSource]:
    now = _sources(after)
    found = []
    for (stream, target), was in _sources(before).items():
        row = now.get((stream, target), {})
        outcome = _text(row, "outcome") or _NOT_ASKED
        complete = CollectionOutcome.COMPLETE
        if _text(was, "outcome") == complete and outcome != complete:
            found.append(LostSource(stream, target, outcome, _text(row, "reason")))
    return found


def _deviations(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_text(item, "item"), _text(item, "occurred_at"))
        for item in _rows(row, "exceptions")
        if _text(item, "outcome") == _DEVIATION
    ]


def _new_exceptions(before: Results, after: Results) -> list[NewExceptions]:
    earlier = _by_id(before)
    found = []
    for name, row in _by_id(after).items():
        known = set(_deviations(earlier.get(name, {})))
        items = [item for item in _deviations(row) if item not in known]
        if items:
            named = tuple(item for item, _ in items[:_TAKES_NO_MORE])
            found.append(NewExceptions(name, _text(row, "title"), named, len(items)))
    return found


def _caveats(before: Results, after: Results) -> list[str]:
    """Say how the two differ in what they are about: then more than time may be the cause."""
    scopes = [each.get("scope") for each in (before, after)]
    old, new = (scope if isinstance(scope, dict) else {} for scope in scopes)
    found = []
    if old.get("type") != new.get("type"):
        found.append("The two are of different types.")
    if old.get("period") != new.get("period"):
        found.append("The two are about different days.")
    if old.get("categories") != new.get("categories"):
        found.append("The two have different categories in scope.")
    if before.get("library_sha256") != after.get("library_sha256"):
        found.append("The two used different versions of the library of tests.")
    return found
