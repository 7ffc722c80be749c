"""Questions about schedules and jobs."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.evidence.job import JobKind, JobState, Work
from reperform.evidence.models import Job, JobSchedule


def claimable(at: datetime) -> QuerySet[Job]:
    """Return the jobs that somebody may begin, the longest due first.

    The sources of an example were invented, so they are never asked; its evidence may be examined.
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
    found = Job.objects.filter(waits | lapsed, asks)
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


def jobs(organization: Organization, *, subject: str = "") -> QuerySet[Job]:
    """Return the jobs of an organization, or those about one thing, newest first."""
    found = Job.objects.filter(organization=organization)
    if subject:
        found = found.filter(subject=subject)
    return found.select_related("connection", "run").order_by("-due_at", "-number")
