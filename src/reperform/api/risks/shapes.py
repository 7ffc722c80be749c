"""Shapes of what the operations on risks take and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from reperform.program.queries.risks import Judged, ListedRisk, assessment_of, fields_of
from reperform.program.risks.assessment import assessment_content
from reperform.program.risks.risk import risk_content


class JudgmentOut(Schema):
    """One judgment; levels are counted from 1 on the scales of the version that it names."""

    number: int
    on: date
    scales: int
    inherent_likelihood: int
    inherent_impact: int
    inherent: str
    residual_likelihood: int
    residual_impact: int
    residual: str
    reason: str
    note: str
    by: str
    at: datetime

    @staticmethod
    def of(judged: Judged) -> "JudgmentOut":
        """Return a judgment as an answer."""
        row = judged.row
        return JudgmentOut(
            number=row.number,
            scales=row.scales.number,
            inherent=judged.inherent.value,
            residual=judged.residual.value,
            by=row.by,
            at=row.at,
            **assessment_content(assessment_of(row)),
        )


class RiskOut(Schema):
    """One risk; `judged` is null while nobody has judged it."""

    number: int
    version: int
    title: str
    description: str
    objective: str
    category: str
    owner: int | None
    treatment: str
    treatment_reason: str
    accepted_by: int | None
    accepted_until: date | None
    controls: list[str]
    criteria: list[str]
    cycle_months: int
    frequency_low: int | None
    frequency_high: int | None
    loss_low: int | None
    loss_high: int | None
    state: str
    closed_on: date | None
    closed_because: str
    review_due_on: date
    is_review_due: bool
    is_acceptance_over: bool
    exceeds_appetite: bool
    judged: JudgmentOut | None

    @staticmethod
    def of(entry: ListedRisk) -> "RiskOut":
        """Return a risk as an answer."""
        return RiskOut(
            number=entry.row.number,
            version=entry.row.version,
            review_due_on=entry.row.review_due_on,
            is_review_due=entry.is_review_due,
            is_acceptance_over=entry.is_acceptance_over,
            exceeds_appetite=entry.exceeds_appetite,
            judged=JudgmentOut.of(entry.judged) if entry.judged else None,
            **risk_content(fields_of(entry.row)),
        )


class RiskIn(Schema):
    """The whole risk; `content` has its fields from `title` to `closed_because`."""

    content: dict[str, Any]


class RiskChangeIn(RiskIn):
    """As `RiskIn`; `seen` is the version that it changes."""

    seen: int


class JudgmentIn(Schema):
    """A judgment: `content` has its day, four levels, `reason` and `note`.

    `seen` is the version of the risk, `scales` that of the scales that it was judged with.
    """

    seen: int
    scales: int
    content: dict[str, Any]


class ScalesOut(Schema):
    """The scales that hold; version 0 are those that a new organization begins with."""

    version: int
    content: dict[str, Any]


class ScalesIn(Schema):
    """Other scales, whole; `seen` is the version that they follow."""

    seen: int
    content: dict[str, Any]
