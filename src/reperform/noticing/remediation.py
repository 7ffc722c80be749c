"""By when what was found must be put right: days by severity, as the organization set them.

Pure.  Where no days were set nothing is late, and that is said; there is no default that nobody
decided.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "remediation-days"
SEVERITIES = ("critical", "high", "medium", "low")
MOST_DAYS = 3_660
_NAMES = (*SEVERITIES, "deviation")


@dataclass(frozen=True, slots=True)
class Days:
    """Days from when something was found until it must be put right; None for not decided.

    Attributes:
        critical: for vulnerabilities and tasks of that severity; so are the next three.
        high: as above; a task of high risk is one.
        medium: as above.
        low: as above.
        deviation: for a test of a control that passed and deviates.
    """

    critical: int | None = None
    high: int | None = None
    medium: int | None = None
    low: int | None = None
    deviation: int | None = None

    def of(self, severity: str) -> int | None:
        """Return the days of a severity; None for one that is not known, or not decided."""
        known: Mapping[str, int | None] = asdict(self)
        return known[severity] if severity in SEVERITIES else None


def read_days(content: Mapping[str, Any]) -> tuple[Days, list[Problem]]:
    """Return the days that a form or an API's body says, and what is wrong with them."""
    reader = Reader(content, SLUG)
    reader.refuse_others(_NAMES, "the days for remediation")
    days = Days(**{name: reader.number(name, most=MOST_DAYS) for name in _NAMES})
    worse: tuple[str, int] | None = None
    for name in SEVERITIES:
        own = days.of(name)
        if own is not None and worse and own < worse[1]:
            what = f"is less than the {worse[1]} days of {worse[0]}"
            reader.problem(name, what, f"give {name} as many days or more")
        worse = (name, own) if own is not None else worse
    return days, reader.problems


def days_content(days: Days) -> dict[str, Any]:
    """Return the days as JSON values."""
    return asdict(days)
