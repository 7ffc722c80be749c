"""By when what was found must be put right."""

from django.db import models

from reperform.accounts.models import Organization


class RemediationDays(models.Model):
    """The days that an organization gives itself; None where it decided none."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="+")
    critical = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    medium = models.PositiveSmallIntegerField(null=True)
    low = models.PositiveSmallIntegerField(null=True)
    deviation = models.PositiveSmallIntegerField(null=True)
    """For a test of a control that deviates to pass again."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"days for remediation of {self.organization}"
