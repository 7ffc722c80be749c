"""Risks, the scales that they are judged with, and every judgment."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization


class RiskScales(models.Model):
    """The scales as they were decided once; the highest number holds."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """See `program.risks.scales`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="risk_scales_once"),
        )

    def __str__(self) -> str:
        return f"scales {self.number} of {self.organization}"


class Risk(models.Model):
    """Something that could keep the organization from an objective."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    objective = models.TextField(blank=True)
    category = models.CharField(max_length=40)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    treatment = models.CharField(max_length=20)
    treatment_reason = models.TextField(blank=True)
    accepted_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_until = models.DateField(null=True)
    controls = models.JSONField(default=list)
    criteria = models.JSONField(default=list)
    cycle_months = models.PositiveSmallIntegerField(default=12)
    frequency_low = models.PositiveIntegerField(null=True)
    frequency_high = models.PositiveIntegerField(null=True)
    loss_low = models.PositiveIntegerField(null=True)
    loss_high = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, default="open")
    closed_on = models.DateField(null=True)
    closed_because = models.TextField(blank=True)
    review_due_on = models.DateField()
    """Until when it must be looked at again: a cycle after the last look, or after it was made."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="risk_number_once"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None)
                | (Q(state="closed", closed_on__isnull=False) & ~Q(closed_because="")),
                name="risk_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(treatment="accept")
                | Q(accepted_by__isnull=False, accepted_until__isnull=False),
                name="risk_accepted_by_somebody_until",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "state", "review_due_on"], name="risk_review_due"),
        )

    def __str__(self) -> str:
        return f"RISK-{self.number} {self.title}"


class RiskAssessment(models.Model):
    """One judgment of a risk; none is overwritten, the highest number is the latest."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    scales = models.ForeignKey(RiskScales, on_delete=models.PROTECT, related_name="+")
    """The scales that it was judged with."""
    on = models.DateField()
    inherent_likelihood = models.PositiveSmallIntegerField()
    inherent_impact = models.PositiveSmallIntegerField()
    residual_likelihood = models.PositiveSmallIntegerField()
    residual_impact = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    is_latest = models.BooleanField(default=True)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["risk", "number"], name="assessment_of_risk_once"),
            models.UniqueConstraint(
                fields=["risk"], condition=Q(is_latest=True), name="assessment_latest_once"
            ),
        )

    def __str__(self) -> str:
        return f"assessment {self.number} of {self.risk}"
