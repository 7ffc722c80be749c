"""Checklists of joiners, movers and leavers: their texts as versions, and the steps of a person."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.program.models.files import KeptFile
from reperform.program.models.people import Person

EVENTS = ("joiner", "mover", "leaver")


class ChecklistVersion(models.Model):
    """A version of one of an organization's checklists; the latest is in force."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    """As in `leaver-employee`."""
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """As `program.checklists.checklist_content` has it."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "name", "number"], name="checklist_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class StartedChecklist(models.Model):
    """A checklist that an event of a person began."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checklists")
    event = models.CharField(max_length=10, choices=[(each, each) for each in EVENTS])
    event_on = models.DateField()
    """First day, day of the move, or last day."""
    text = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="started")
    at = models.DateTimeField()
    withdrawn = models.CharField(max_length=1000, blank=True)
    """Why its event did not happen; empty while it stands."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "event", "event_on"],
                condition=Q(withdrawn=""),
                name="checklist_started_once_for_each_event",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "event", "event_on"], name="started_by_event"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.event_on}"


class DayCorrection(models.Model):
    """Another day of an event whose checklist had begun, and what was due by the day before it."""

    checklist = models.ForeignKey(
        StartedChecklist, on_delete=models.PROTECT, related_name="corrections"
    )
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=1000)
    due = models.JSONField()
    """Number of each step -> the day by which it was due until then."""
    lifted = models.JSONField()
    """Numbers of the steps that were late until then, and are not any more."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="day_corrected_for_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class Step(models.Model):
    """One item of a started checklist: who does it, by when, and what became of it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    checklist = models.ForeignKey(StartedChecklist, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveIntegerField()
    """In the checklist: 1, 2, ..."""
    what = models.CharField(max_length=300)
    proof_asked = models.CharField(max_length=300, blank=True)
    does = models.CharField(max_length=120)
    """Who does it, as the checklist says it."""
    controls = models.JSONField(default=list)
    """Codes of the library's controls that it serves."""
    removes_access = models.BooleanField(default=False)
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="steps")
    due_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in ("open", "done", "not needed")], default="open"
    )
    done_on = models.DateField(null=True)
    """The day on which it was done, which is not the day on which somebody said so."""
    note = models.TextField(blank=True)
    """How it was done, or why it is not needed."""
    proof = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="step_number_once"),
            models.UniqueConstraint(fields=["checklist", "place"], name="step_place_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | Q(state__in=["open", "not needed"], done_on=None),
                name="step_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="not needed") | ~Q(note=""), name="step_not_needed_for_a_reason"
            ),
        )
        indexes = (
            models.Index(fields=["organization", "state", "due_on", "number"], name="step_due"),
            models.Index(fields=["assignee", "state", "due_on"], name="step_of_assignee"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
