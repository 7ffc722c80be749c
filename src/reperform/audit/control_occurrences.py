"""When a control is due in the period that the scope names."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reperform.base.occurrences import FREQUENCIES, Occurrence, expected_occurrences
from reperform.base.period import Period

_SAID: Mapping[str, str] = MappingProxyType(
    {
        "continuous": "It lasts: an auditor looks at its state on every day of the period.",
        "per event": "It operates at each event: the events of the period are its population.",
    }
)
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Due:
    """What is expected of a control in a period.

    Attributes:
        said: a sentence; why nothing is counted, when nothing is.
        count: how many times it is due; None when that cannot be said beforehand.
        occurrences: the first of them.
    """

    said: str
    count: int | None
    occurrences: tuple[Occurrence, ...] = ()


def due_in(frequency: str, period: Period | None) -> Due:
    """Return what is expected; without a period nothing is counted, and that is said."""
    if frequency in _SAID:
        return Due(_SAID[frequency], None)
    if frequency not in FREQUENCIES:
        return Due("Its frequency is not known, so nobody can say when it is due.", None)
    if period is None:
        return Due("The period is not decided, so nobody can say how often it is due.", None)
    expected = expected_occurrences(frequency, period)
    return Due(f"Due in {period.first} to {period.last}.", len(expected), expected[:_MOST_SHOWN])
