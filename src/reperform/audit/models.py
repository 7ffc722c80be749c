"""What the database keeps of examinations: where their files are, and what they hold."""

from typing import Any

from django.db import models

from reperform.accounts.models import Organization
from reperform.evidence.models import Job


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
    outline = models.JSONField(default=dict)
    """See `audit.outline`: what is followed from one examination to the next."""
    scope_number = models.PositiveIntegerField(default=0)
    """Version of the organization's scope that stood then; 0 when nothing was decided."""
    results_sha256 = models.CharField(max_length=64)
    bundle_sha256 = models.CharField(max_length=64)
    folder = models.CharField(max_length=80)
    """Below the installation's folder `examinations`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()
    job = models.OneToOneField(Job, null=True, on_delete=models.PROTECT, related_name="examination")
    """That it came of: one job leads to one at most.  None for one that was run at a terminal."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="examination_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"examination {self.number} of {self.organization}"

    @property
    def tests_and_reconciliations(self) -> list[dict[str, Any]]:
        """Every test of a control, and every reconciliation, which has the same form."""
        return [*self.results["tests"], *self.results.get("reconciliations", ())]


class OutcomeRecord(models.Model):
    """What one test of a control said at one time: in an examination, or run by a job alone."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    test = models.CharField(max_length=60)
    control = models.CharField(max_length=60)
    """Id of the library's control."""
    conclusion = models.CharField(max_length=40)
    """See `testing.outcome.Conclusion`."""
    population = models.PositiveBigIntegerField()
    deviations = models.PositiveBigIntegerField()
    unable = models.PositiveBigIntegerField()
    reason = models.TextField(blank=True)
    procedure_sha256 = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=320)
    examination = models.ForeignKey(
        ExaminationRecord, null=True, on_delete=models.PROTECT, related_name="outcomes"
    )
    job = models.OneToOneField(Job, null=True, on_delete=models.PROTECT, related_name="outcome")
    """That it came of when it was run alone: one job leads to one at most."""
    record = models.JSONField(default=dict)
    """Of a test that was run alone, see `audit.alone`; an examination has it in its results."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["examination", "test"], name="outcome_once_an_examination"
            ),
            models.CheckConstraint(
                condition=models.Q(examination=None, job__isnull=False)
                | models.Q(examination__isnull=False, job=None),
                name="outcome_of_an_examination_or_a_job",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "test", "-at"], name="outcome_over_time"),
            models.Index(fields=["organization", "control", "-at"], name="outcome_of_control"),
        )

    def __str__(self) -> str:
        return f"{self.test}: {self.conclusion}"


class FrozenPopulation(models.Model):
    """A population of events as it was when it became final; one that was released stays."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=80)
    first_day = models.DateField()
    last_day = models.DateField()
    rows = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    """See `audit.populations.digest`."""
    sources = models.JSONField()
    """Stream and target of each collection that fed it."""
    collected_at = models.DateTimeField()
    examination = models.PositiveIntegerField()
    """Number of the examination that froze it."""
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=320, blank=True)
    released_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "table", "first_day", "last_day"],
                condition=models.Q(released_at=None),
                name="population_frozen_once",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None, released_reason="")
                | (models.Q(released_at__isnull=False) & ~models.Q(released_reason="")),
                name="population_released_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.table} of {self.first_day} to {self.last_day}"
