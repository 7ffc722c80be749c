"""How an examination's scope departs from the one that was decided."""

from datetime import date
from typing import Any

import pytest

from reperform.audit.pinned import departures
from reperform.program.scope.document import ScopeDocument

EXAMINED: dict[str, Any] = {
    "scope": {
        "type": 2,
        "period": {"first": "2025-08-01", "last": "2026-07-31"},
        "categories": ["security"],
    }
}
FIRST, LAST = date(2025, 8, 1), date(2026, 7, 31)


def test_nothing_is_said_when_they_agree() -> None:
    assert departures(EXAMINED, ScopeDocument(type=2, first=FIRST, last=LAST)) == ()


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (ScopeDocument(), "It examined a Type 2; no type was decided."),
        (ScopeDocument(type=1, last=LAST), "It examined a Type 2; a Type 1 was decided."),
        (ScopeDocument(type=2, last=LAST), "The period was not decided."),
        (
            ScopeDocument(type=2, first=date(2025, 9, 1), last=LAST),
            "It examined 2025-08-01 to 2026-07-31; 2025-09-01 to 2026-07-31 was decided.",
        ),
        (
            ScopeDocument(type=2, first=FIRST, last=LAST, categories=("security", "privacy")),
            "It did not examine privacy, which is in the scope.",
        ),
    ],
)
def test_each_difference_is_a_sentence(scope: ScopeDocument, said: str) -> None:
    """What nobody decided is a difference too."""
    assert departures(EXAMINED, scope) == (said,)


def test_the_period_of_a_type_1_is_its_last_day_alone() -> None:
    """A Type 1 is as of a date, so the first day of what was examined does not count."""
    examined = {"scope": EXAMINED["scope"] | {"type": 1, "categories": ["security", "privacy"]}}

    assert departures(examined, ScopeDocument(type=1, last=LAST)) == (
        "It examined privacy, which is not in the scope.",
    )
    assert departures(examined, ScopeDocument(type=1, last=date(2026, 6, 30)))[0] == (
        "It examined the state of 2026-07-31; 2026-06-30 was decided."
    )
