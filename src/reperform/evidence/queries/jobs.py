"""Questions about schedules and jobs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.evidence.job import LEASE, JobKind, JobState, Work
from reperform.evidence.models import Job, JobAttempt, JobSchedule, WorkerSign


def claimable(at: datetime, *, of_example: bool = False) -> QuerySet[Job]:
    """Return the jobs that somebody may begin, the longest due first.

    The sources of an example were invented, so they are never asked, but by whoever acts it out
    (`of_example`); its evidence may be examined.
    """
    busy = Job.objects.filter(
        organization=OuterRef("organization"),
        subject=OuterRef("subject"),
        state=JobState.RUNNING.value,
        claimed_until__gte=at,
    )
    waits = Q(state=JobState.WAITING.value, not_before__lte=at)
    lapsed = Q(state=JobState.RUNNING.value, claimed_until__lt=at)
    asks = Q(organization__is_example=False) | ~Q(kind=JobKind.COLLECTION.value)
    found = Job.objects.filter(waits | lapsed)
    if not of_example:
        found = found.filter(asks)
    return found.exclude(Exists(busy)).order_by("not_before", "pk")


def is_due(at: datetime) -> bool:
    """Return whether a worker would find something to do."""
    due = JobSchedule.objects.filter(
        next_at__lte=at, connection__retired_on=None, organization__is_example=False
    )
    return due.exists() or claimable(at).exists()


def schedule_of(organization: Organization, work: Work) -> JobSchedule | None:
    """Return when something is done by itself; None when nobody decided it."""
    rows = JobSchedule.objects.filter(organization=organization, subject=work.subject)
    return rows.first()


def schedules(organization: Organization, kind: JobKind) -> QuerySet[JobSchedule]:
    """Return every schedule of one kind."""
    return JobSchedule.objects.filter(organization=organization, kind=kind.value)


def workers() -> QuerySet[WorkerSign]:
    """Return the workers of this installation, the one that was seen last first."""
    return WorkerSign.objects.select_related("job__organization").order_by("-seen_at", "-pk")


def is_alive(worker: WorkerSign, *, at: datetime) -> bool:
    """Return whether a worker has not ended, and gave a sign of life within a claim's time."""
    return worker.ended_at is None and at - worker.seen_at <= LEASE


@dataclass(frozen=True, slots=True)
class Health:
    """How many workers live, and when one was seen last; None for never."""

    living: int
    seen_at: datetime | None


def health_of_workers(*, at: datetime) -> Health:
    """Return whether what is due would be done."""
    newest = workers().values_list("seen_at", flat=True).first()
    living = WorkerSign.objects.filter(ended_at=None, seen_at__gte=at - LEASE).count()
    return Health(living, newest)


def attempts(job: Job) -> QuerySet[JobAttempt]:
    """Return the attempts at a job, in order."""
    return JobAttempt.objects.filter(job=job).select_related("run").order_by("number")


def jobs(organization: Organization, *, subject: str = "") -> QuerySet[Job]:
    """Return the jobs of an organization, or those about one thing, newest first."""
    found = Job.objects.filter(organization=organization)
    if subject:
        found = found.filter(subject=subject)
    return found.select_related("connection", "run").order_by("-due_at", "-number")
