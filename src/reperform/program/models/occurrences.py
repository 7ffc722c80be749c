"""When controls are due, as it was planned, and what people said of it.  Nothing is overwritten."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.catalog.controls import FREQUENCIES
from reperform.program.models.controls import AdoptedControl
from reperform.program.models.files import KeptFile


class ControlPlan(models.Model):
    """When a control is due and who does it, from a day on; see `program.calendar.PlanFields`."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    control = models.ForeignKey(AdoptedControl, on_delete=models.PROTECT, related_name="plans")
    effective_on = models.DateField()
    frequency = models.CharField(max_length=20, choices=[(each, each) for each in FREQUENCIES])
    """As management stated it then: a later change of the control changes no past expectation."""
    first_due_on = models.DateField(null=True)
    opens_days = models.PositiveIntegerField(null=True)
    grace_days = models.PositiveIntegerField(default=0)
    on_workdays = models.BooleanField(default=False)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    is_paused = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="plan_number_once"),
            models.CheckConstraint(
                condition=Q(frequency__in=FREQUENCIES), name="plan_frequency_known"
            ),
            models.CheckConstraint(
                condition=Q(is_paused=False) | ~Q(reason=""), name="plan_paused_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"plan {self.number} from {self.effective_on}"


class OccurrenceEntry(models.Model):
    """What somebody said of one time that a control was due: done on a day, or not, and why."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    control = models.ForeignKey(AdoptedControl, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=10, choices=[(k, k) for k in ("done", "not done", "withdrawn")]
    )
    on = models.DateField()
    """The day on which it was done; what it fills follows from it, and not from `at`."""
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    linked = models.CharField(max_length=20, blank=True)
    """The register whose row is the proof, see `program.calendar.entries`; empty for none."""
    linked_number = models.PositiveIntegerField(null=True)
    files = models.ManyToManyField(KeptFile, related_name="+")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    is_current = models.BooleanField(default=True)
    """Whether no later entry corrects it and it was not withdrawn."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()
    """When it was entered."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="occurrence_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="done") | ~Q(note=""), name="occurrence_not_done_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["done", "not done", "withdrawn"]),
                name="occurrence_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(linked="", linked_number=None)
                | (~Q(linked="") & Q(linked_number__isnull=False)),
                name="occurrence_link_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="withdrawn", is_current=True), name="occurrence_withdrawn"
            ),
        )
        indexes = (
            models.Index(
                fields=["organization", "on", "control", "number", "kind"],
                condition=Q(is_current=True),
                name="occurrence_of_days",
            ),
            models.Index(fields=["control", "on"], name="occurrence_of_control"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind} on {self.on}"


class SentReminder(models.Model):
    """That a member was reminded on a day: at most once."""

    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    items = models.PositiveIntegerField()
    sent_at = models.DateTimeField(null=True)
    """When the mail server took it; None while it is being sent."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "on"], name="reminder_once_a_day"),
        )

    def __str__(self) -> str:
        return f"reminder on {self.on}"
