"""The scope: report type, period or date, and categories with their criteria."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.catalog.criteria import CATEGORIES, Criterion

ReportType = Literal[1, 2]

SHORTEST_TYPE_2 = 80
"""Fewer days than this are not three months; customary Type 2 periods are 3 to 12 months."""


class UnknownCategoryError(RefusalError):
    """A category that the Trust Services Criteria do not have."""

    slug = "unknown-category"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the engagement is about.

    Attributes:
        type: 1 examines design as of a date, 2 also operation throughout a period.
        period: the period; a Type 1 is as of its last day.
        categories: in the standard's order, security always first.
    """

    type: ReportType
    period: Period
    categories: tuple[str, ...]

    def criteria(self, every: Iterable[Criterion]) -> tuple[Criterion, ...]:
        """Return those of `every` criterion whose category is in scope, in order."""
        return tuple(criterion for criterion in every if criterion.category in self.categories)

    @property
    def evidence_period(self) -> Period:
        """The days that evidence must cover: the whole period, or the one day of a Type 1."""
        return self.period if self.type == 2 else Period(self.period.last, self.period.last)  # noqa: PLR2004 - the type's name


def parse_categories(text: str) -> tuple[str, ...]:
    """Return the categories that `text` names, separated by commas, in the standard's order.

    Security is the common criteria and always in scope, so it is added when not named.

    Raises:
        UnknownCategoryError: a name is not one of the five categories.

    >>> parse_categories("Availability")
    ('security', 'availability')
    """
    named = {name.strip().lower().replace("-", " ").replace("_", " ") for name in text.split(",")}
    unknown = sorted(named - set(CATEGORIES) - {""})
    if unknown:
        raise UnknownCategoryError(
            f"the scope was not accepted: {', '.join(map(repr, unknown))} is not a category",
            why="A category that does not exist has no criteria, so nothing would be examined.",
            todo=f"choose from: {', '.join(CATEGORIES)}",
        )
    return tuple(name for name in CATEGORIES if name in named or name == "security")
