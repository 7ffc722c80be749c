"""Remediation tasks."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization


class RemediationTask(models.Model):
    """Something to do so that a gap closes."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    criterion = models.CharField(max_length=8, blank=True)
    point = models.CharField(max_length=12, blank=True)
    """Point of focus that it is about; empty for none."""
    control = models.CharField(max_length=12, blank=True)
    gap = models.CharField(max_length=40, blank=True)
    """The gap that it was proposed for, see `program.plan.proposals`; empty for none."""
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    effort_days = models.PositiveIntegerField(null=True)
    """Working days of one person."""
    risk = models.CharField(max_length=10, choices=[(r, r) for r in ("low", "medium", "high")])
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_by")
    """Tasks that must be done first; never in a circle."""
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ("open", "done", "dropped")], default="open"
    )
    closed_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    """Why it was dropped, or how it was done."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="task_number_once"),
            models.UniqueConstraint(
                fields=["organization", "gap"],
                condition=Q(state="open") & ~Q(gap=""),
                name="task_open_once_for_each_gap",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None)
                | Q(state__in=["done", "dropped"], closed_on__isnull=False),
                name="task_closed_on_a_day",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "state", "due_on"], name="task_due"),
            models.Index(
                fields=["organization", "state", "control", "-closed_on", "number"],
                name="task_done_last",
            ),
            models.Index(fields=["organization", "criterion"], name="task_of_criterion"),
            models.Index(fields=["organization", "control"], name="task_of_control"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
