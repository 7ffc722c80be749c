"""Training that people must have and have had, and checks of their background."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Organization
from reperform.program.models.files import KeptFile
from reperform.program.models.people import Person


class RequiredTraining(models.Model):
    """A course that everybody, a department or a kind of worker must complete."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    course = models.CharField(max_length=200)
    department = models.CharField(max_length=200, blank=True)
    """Who must: of this department; empty for any."""
    kind = models.CharField(max_length=20, default="all")
    """Who must: see `program.training.For`."""
    within_days = models.PositiveIntegerField()
    """Days after the first day of work."""
    every_months = models.PositiveIntegerField(null=True)
    """How long a completion counts; None for good."""
    since = models.DateField()
    """Nobody had to have it before that day."""
    retired_on = models.DateField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="course_number_once"),
            models.CheckConstraint(
                condition=Q(retired_on=None) | ~Q(reason=""), name="course_retired_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.course


class TrainingRecord(models.Model):
    """That somebody completed a course."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trainings")
    course = models.CharField(max_length=200)
    provider = models.CharField(max_length=200, blank=True)
    completed_on = models.DateField()
    valid_until = models.DateField(null=True)
    """The last day on which it counts, as its certificate says; None when that says none."""
    proof = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn = models.CharField(max_length=1000, blank=True)
    """Why it does not count after all; empty while it does."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="training_number_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("completed_on")),
                name="training_valid_after_completion",
            ),
        )
        indexes = (
            models.Index(
                fields=["organization", "course", "completed_on"], name="training_of_course"
            ),
        )

    def __str__(self) -> str:
        return f"{self.course} {self.completed_on}"


class BackgroundCheck(models.Model):
    """That somebody's background was checked, and what came of it; never what was found."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=200)
    ordered_on = models.DateField()
    completed_on = models.DateField(null=True)
    outcome = models.CharField(
        max_length=20,
        blank=True,
        choices=[(o, o) for o in ("cleared", "not cleared", "not lawful here")],
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="check_number_once"),
            models.CheckConstraint(
                condition=Q(completed_on=None, outcome="")
                | (Q(completed_on__isnull=False) & ~Q(outcome="")),
                name="check_completed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(completed_on=None) | Q(completed_on__gte=F("ordered_on")),
                name="check_completed_after_its_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ordered_on}"
