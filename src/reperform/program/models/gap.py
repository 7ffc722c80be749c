"""How far the program was, and what earlier assessments claim."""

from django.db import models

from reperform.accounts.models import Organization


class ReadinessSnapshot(models.Model):
    """How far the program was on a day: the last that was recorded on it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    content = models.JSONField()
    """Status by criterion, counts, and what they rested on; see `program.gap.readiness`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "on"], name="readiness_once_a_day"),
        )

    def __str__(self) -> str:
        return f"readiness of {self.organization} on {self.on}"


class Assessment(models.Model):
    """An earlier assessment that was imported: what management claims, from a file."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="assessment_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"assessment {self.number} of {self.organization}"


class ClaimedStatus(models.Model):
    """What one row of an assessment says of a criterion: claimed, and never computed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="claims")
    row = models.PositiveIntegerField()
    criterion = models.CharField(max_length=8)
    point = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.criterion} {self.status}, claimed"
