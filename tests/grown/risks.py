"""Risks with judgments, on the scales that an organization begins with."""

from datetime import date, datetime

from reperform.accounts.models import Organization
from reperform.program.models import Risk, RiskAssessment, RiskScales
from reperform.program.risks.scales import first_scales, scales_content

_JUDGMENTS = 3


def grow_risks(organization: Organization, count: int, at: datetime) -> None:
    """Add risks until there are `count`, each judged three times."""
    scales, _ = RiskScales.objects.get_or_create(
        organization=organization,
        number=1,
        defaults={"content": scales_content(first_scales()), "by": "grown", "at": at},
    )
    there = Risk.objects.filter(organization=organization).count()
    made = Risk.objects.bulk_create(
        Risk(
            organization=organization,
            number=number,
            title=f"What could happen, number {number}",
            description="Somebody does something that nobody wanted. " * 5,
            category="security",
            treatment="mitigate",
            treatment_reason="Controls lower it.",
            criteria=["CC3.2"],
            review_due_on=date(2026, 1 + number % 12, 1),
            frequency_low=1 + number % 9,
            frequency_high=20 + number % 90,
            loss_low=1_000,
            loss_high=50_000,
            changed_by="grown",
            changed_at=at,
        )
        for number in range(there + 1, count + 1)
    )
    RiskAssessment.objects.bulk_create(
        RiskAssessment(
            risk=risk,
            number=number,
            scales=scales,
            on=date(2025, 3 * number, 1),
            inherent_likelihood=1 + risk.number % 5,
            inherent_impact=1 + risk.number % 4,
            residual_likelihood=1,
            residual_impact=1 + risk.number % 4,
            reason="A control lowers it.",
            is_latest=number == _JUDGMENTS,
            by="grown",
            at=at,
        )
        for risk in made
        for number in range(1, _JUDGMENTS + 1)
    )
