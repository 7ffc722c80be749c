"""What became of each time that a periodic control was due: passed, or a deviation."""

from collections.abc import Sequence
from datetime import date

from reperform.base.occurrences import Occurrence, fill
from reperform.testing.outcome import Outcome


def match_occurrences(
    occurrences: Sequence[Occurrence], performed_on: Sequence[date], *, grace_days: int
) -> tuple[tuple[Occurrence, Outcome, date | None], ...]:
    """Return each occurrence with its outcome and the day it was performed, see `fill`.

    In its window or at most `grace_days` after it passes, later deviates.  Nothing at all is a
    deviation.
    """
    days = sorted(performed_on)
    filled, _ = fill(occurrences, days)
    matched = []
    for occurrence, place in zip(occurrences, filled, strict=True):
        day = None if place is None else days[place]
        is_in_time = day is not None and (day - occurrence.due_on).days <= grace_days
        matched.append((occurrence, Outcome.PASS if is_in_time else Outcome.DEVIATION, day))
    return tuple(matched)
