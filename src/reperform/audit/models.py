"""What the database keeps of examinations: where their files are, and what they hold."""

from django.db import models

from reperform.accounts.models import Organization


class ExaminationRecord(models.Model):
    """An examination that was run, with its outputs in the installation's folder."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    type = models.PositiveSmallIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    results = models.JSONField()
    """What results.json holds, see docs/spec/results.md."""
    summary = models.JSONField(default=dict)
    """Counts: tests by conclusion, criteria by status, controls without evidence."""
    scope_number = models.PositiveIntegerField(default=0)
    """Version of the organization's scope that stood then; 0 when nothing was decided."""
    results_sha256 = models.CharField(max_length=64)
    bundle_sha256 = models.CharField(max_length=64)
    folder = models.CharField(max_length=80)
    """Below the installation's folder `examinations`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="examination_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"examination {self.number} of {self.organization}"
