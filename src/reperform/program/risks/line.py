"""A risk with the names that a file needs: what an export has one row of."""

from dataclasses import dataclass
from datetime import date

from reperform.program.risks.risk import RiskFields


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk as a sheet has it: what it says, addresses of its people, its latest judgment.

    The ratings are words of the scales of that judgment's day; empty while nobody judged it.
    """

    number: int
    fields: RiskFields
    owner: str
    accepted_by: str
    review_due_on: date
    judged_on: date | None = None
    scales: int | None = None
    inherent: str = ""
    residual: str = ""
