"""When something is done by itself, and each time that something was to be done by a worker."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.evidence.job import JobKind, JobState
from reperform.evidence.models.connections import Connection, Run

_STATES = [(each.value, each.value) for each in JobState]
_KINDS = [(each.value, each.value) for each in JobKind]
_LONGEST_SUBJECT = 80
_IS_OF_A_CONNECTION = Q(kind=JobKind.COLLECTION.value, connection__isnull=False) | (
    ~Q(kind=JobKind.COLLECTION.value) & Q(connection=None)
)
_OPEN = Q(state__in=[JobState.WAITING.value, JobState.RUNNING.value])


class JobSchedule(models.Model):
    """When something is done by itself: a connection asked, a period examined, a test run."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=_KINDS)
    subject = models.CharField(max_length=_LONGEST_SUBJECT)
    """As `evidence.job.Work` has it; an organization has one schedule of each."""
    what = models.JSONField(default=dict)
    connection = models.OneToOneField(
        Connection, null=True, on_delete=models.PROTECT, related_name="schedule"
    )
    """None for what is no collection."""
    plan = models.JSONField()
    """As `evidence.schedule.schedule_content` writes it."""
    offset_seconds = models.PositiveIntegerField(default=0)
    """How much later than the plan says its moments are, see `evidence.schedule.offset_of`."""
    expected_until = models.DateTimeField()
    """Every moment up to here has its job, or was none of this schedule's."""
    next_at = models.DateTimeField(null=True)
    """The first moment after that; None while it is paused."""
    paused_reason = models.TextField(blank=True)
    """Why it asks nothing for now; empty while it does."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(next_at=None, paused_reason__gt="")
                | Q(next_at__isnull=False, paused_reason=""),
                name="schedule_paused_with_reason",
            ),
            models.UniqueConstraint(
                fields=["organization", "subject"], name="schedule_once_a_subject"
            ),
            models.CheckConstraint(
                condition=_IS_OF_A_CONNECTION, name="schedule_of_a_connection_or_not"
            ),
        )
        indexes = (models.Index(fields=["next_at"], name="schedule_next"),)

    def __str__(self) -> str:
        return f"schedule of {self.subject} of {self.organization}"

    @property
    def offset(self) -> timedelta:
        """How much later than the plan says its moments are."""
        return timedelta(seconds=self.offset_seconds)


class Job(models.Model):
    """One time that something is to be done: once for each moment, whatever happens to it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=_KINDS)
    subject = models.CharField(max_length=_LONGEST_SUBJECT)
    """As `evidence.job.Work` has it."""
    what = models.JSONField(default=dict)
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    """None for what is no collection."""
    schedule = models.ForeignKey(
        JobSchedule, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    """None when somebody asked for it."""
    due_at = models.DateTimeField()
    asked_by = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=_STATES)
    not_before = models.DateTimeField()
    """When it may be tried, for the first time or again."""
    attempts = models.PositiveIntegerField(default=0)
    """How often it was begun."""
    claim = models.CharField(max_length=32, blank=True)
    """Random, of whoever carries it out; empty while nobody does."""
    claimed_until = models.DateTimeField(null=True)
    """The claim lapses then, unless it is renewed."""
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="jobs")
    """The newest that it led to."""
    reason = models.TextField(blank=True)
    """Why it is not done, or was missed; of the newest attempt."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="job_number_once"),
            models.UniqueConstraint(fields=["schedule", "due_at"], name="job_once_a_moment"),
            models.UniqueConstraint(
                fields=["organization", "subject"],
                condition=Q(state=JobState.RUNNING.value),
                name="job_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=_IS_OF_A_CONNECTION, name="job_of_a_connection_or_not"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=JobState.RUNNING.value, claimed_until__isnull=False) & ~Q(claim="")
                )
                | (~Q(state=JobState.RUNNING.value) & Q(claim="", claimed_until=None)),
                name="job_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=(_OPEN & Q(ended_at=None)) | (~_OPEN & Q(ended_at__isnull=False)),
                name="job_ended_or_open",
            ),
        )
        indexes = (
            models.Index(fields=["state", "not_before"], name="job_to_do"),
            models.Index(fields=["connection", "-due_at"], name="job_of_connection"),
            models.Index(fields=["organization", "subject", "-due_at"], name="job_of_subject"),
            models.Index(fields=["organization", "-due_at"], name="job_of_organization"),
        )

    def __str__(self) -> str:
        return f"job {self.number} of {self.organization}: {self.subject}"


class JobAttempt(models.Model):
    """One time that a job was begun."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    """Why it did not do; empty when it did, and while it goes on."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "number"], name="attempt_once"),)

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.job}"


class WorkerSign(models.Model):
    """A worker of this installation, and when it last said that it lives."""

    name = models.CharField(max_length=120, unique=True)
    """Host, process and a random word."""
    host = models.CharField(max_length=80)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When it said that it ends; one that was killed says nothing."""
    done = models.PositiveIntegerField(default=0)
    """Jobs that it ended."""
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    """That it is at."""

    class Meta:
        indexes = (models.Index(fields=["-seen_at"], name="worker_seen"),)

    def __str__(self) -> str:
        return self.name
