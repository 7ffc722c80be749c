"""Incidents, their timeline, and who had to be notified.  Nothing of them is ever deleted."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.program.models.files import KeptFile
from reperform.program.models.plan import RemediationTask


class Incident(models.Model):
    """Something that went wrong, was suspected to, or was played as an exercise."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    what = models.TextField(blank=True)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=20, blank=True)
    """Id of a level of `library/incidents/severity.yaml`; empty while nobody decided."""
    severity_version = models.PositiveIntegerField(null=True)
    """Version of the table by which it was graded."""
    state = models.CharField(max_length=20, default="reported")
    is_exercise = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    on = models.DateField()
    """The day on which it began, as far as that is known: by it lists are ordered."""
    began_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    contained_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    affected = models.TextField(blank=True)
    assets = models.JSONField(default=list)
    customers = models.JSONField(default=list)
    criteria = models.JSONField(default=list)
    controls = models.JSONField(default=list)
    personal_data = models.BooleanField(null=True)
    reporter = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    """The member who reported it; None when it was entered in another way."""
    handler = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    cause = models.TextField(blank=True)
    control_failed = models.BooleanField(null=True)
    failed_controls = models.JSONField(default=list)
    commitment_missed = models.BooleanField(null=True)
    is_reportable = models.BooleanField(null=True)
    reportable_because = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    disposition = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True)
    tasks = models.ManyToManyField(RemediationTask, related_name="incidents")
    """Tasks of the plan that its lessons led to."""
    closed_at = models.DateTimeField(null=True)
    """When it was closed, or called a false alarm."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="incident_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "false alarm"], closed_at__isnull=False)
                | Q(state__in=["reported", "confirmed", "contained", "resolved"], closed_at=None),
                name="incident_closed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(is_exercise=False) | Q(is_reportable=None) | Q(is_reportable=False),
                name="incident_exercise_is_not_told",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-on", "-number"], name="incident_by_day"),
            models.Index(fields=["organization", "state", "-on"], name="incident_by_state"),
            models.Index(fields=["reporter", "-number"], name="incident_of_reporter"),
        )

    def __str__(self) -> str:
        return f"INC-{self.number} {self.title}"


class IncidentEntry(models.Model):
    """What somebody wrote into the timeline of an incident; it stays as it was written."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    happened_at = models.DateTimeField()
    said = models.TextField()
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    proof = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["incident", "number"], name="incident_entry_once"),
        )

    def __str__(self) -> str:
        return f"{self.incident_id} {self.number}"


class IncidentDuty(models.Model):
    """What was decided of one duty to notify, for one incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="duties")
    duty = models.CharField(max_length=40)
    """Id in `library/incidents/duties.yaml`, or `own-3`."""
    title = models.CharField(max_length=300)
    hours = models.PositiveIntegerField(null=True)
    """As the table had it when it was decided; the table may change, the decision does not."""
    applies = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    counted_from = models.DateTimeField(null=True)
    due_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """The deadline that follows; None when it does not apply or cannot be computed."""
    done_at = models.DateTimeField(null=True)
    how = models.TextField(blank=True)
    proof = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    was_late = models.BooleanField(default=False)
    """A notice was recorded that was late.  It stays so, whatever is written afterwards."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["incident", "duty"], name="incident_duty_once"),
        )

    def __str__(self) -> str:
        return f"{self.incident_id} {self.duty}"


class NotificationTerm(models.Model):
    """A duty to notify as the organization has it: decided on from the table, or its own."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    duty = models.CharField(max_length=40, blank=True)
    """Id in the table; empty for one of its own."""
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=300, blank=True)
    whom = models.TextField(blank=True)
    when = models.TextField(blank=True)
    term = models.TextField(blank=True)
    hours = models.PositiveIntegerField(null=True)
    concerns = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="notification_term_number_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "duty"],
                condition=~Q(duty=""),
                name="notification_term_once_for_each_duty",
            ),
        )

    def __str__(self) -> str:
        return self.title


class NoIncidents(models.Model):
    """Somebody's statement that there was no incident from one day to another."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    basis = models.TextField()
    """What it rests on: where was looked."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="no_incidents_number_once"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="no_incidents_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"
