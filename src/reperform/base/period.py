"""The period under examination: whole days, first and last included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.refusal import RefusalError

LONGEST = 1_827
"""Days in five years.  A report covers 3 to 12 months; a wrong first digit covers centuries."""

_FORM = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)


class PeriodMalformedError(RefusalError):
    """The text does not name two days."""

    slug = "period-malformed"


class PeriodReversedError(RefusalError):
    """The period ends before it begins."""

    slug = "period-reversed"


class PeriodTooLongError(RefusalError):
    """The period is longer than any report covers: a slip of the pen."""

    slug = "period-too-long"


class PeriodInFutureError(RefusalError):
    """The period has days that have not happened yet."""

    slug = "period-in-future"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Every day from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodReversedError(
                f"the period was not accepted: it ends {self.last}, before it begins {self.first}",
                why="No control can have operated in a period without a day.",
                todo=f"swap the two days: {self.last}..{self.first}",
            )

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Return the period that `text` names, as in `2025-08-01..2026-07-31`.

        Raises:
            PeriodMalformedError: `text` is not two ISO dates joined by two dots.
            PeriodReversedError: the second day is before the first.
            PeriodTooLongError: it has more than `LONGEST` days.

        >>> len(Period.parse("2024-02-28..2024-03-01"))
        3
        """
        try:
            found = _FORM.fullmatch(text)
            days = [date.fromisoformat(day) for day in found.groups()] if found else []
        except ValueError:
            days = []
        if not days:
            raise PeriodMalformedError(
                f"the period was not accepted: {text!r} does not name two days of the calendar",
                why="Without its first and last day nobody can tell what was tested.",
                todo="write it as FIRST..LAST, for example 2025-08-01..2026-07-31",
            )
        period = cls(days[0], days[1])
        period.refuse_long()
        return period

    def refuse_long(self) -> None:
        """Accept a period of at most `LONGEST` days.

        Raises:
            PeriodTooLongError: it has more.
        """
        if len(self) > LONGEST:
            raise PeriodTooLongError(
                f"the period was not accepted: {self} is {len(self):,} days",
                why="A report covers 3 to 12 months, and no evidence covers so many years.",
                todo=f"name at most {LONGEST:,} days, as in 2025-08-01..2026-07-31",
            )

    def refuse_future(self, today: date) -> None:
        """Accept a period that is over, or whose last day is `today`.

        Raises:
            PeriodInFutureError: the period ends after `today`.
        """
        if self.last > today:
            raise PeriodInFutureError(
                f"the period was not accepted: it ends {self.last}, and today is {today}",
                why="Days that have not happened would look like days without deviations.",
                todo=f"end it by today, for example {min(self.first, today)}..{today}",
            )

    def days(self) -> Iterator[date]:
        """Yield each day in order."""
        for offset in range(len(self)):
            yield self.first + timedelta(days=offset)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"
