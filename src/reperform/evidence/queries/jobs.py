"""Questions about schedules and jobs."""

from datetime import datetime

from django.db.models import Q, QuerySet

from reperform.accounts.models import Organization
from reperform.evidence.job import JobState
from reperform.evidence.models import Connection, ConnectionSchedule, Job


def claimable(at: datetime) -> QuerySet[Job]:
    """Return the jobs that somebody may begin, the longest due first."""
    busy = Job.objects.filter(state=JobState.RUNNING.value, claimed_until__gte=at)
    waits = Q(state=JobState.WAITING.value, not_before__lte=at)
    lapsed = Q(state=JobState.RUNNING.value, claimed_until__lt=at)
    found = Job.objects.filter(waits | lapsed, organization__is_example=False)
    return found.exclude(connection__in=busy.values("connection")).order_by("not_before", "pk")


def is_due(at: datetime) -> bool:
    """Return whether a worker would find something to do."""
    due = ConnectionSchedule.objects.filter(
        next_at__lte=at,
        connection__retired_on=None,
        connection__organization__is_example=False,
    )
    return due.exists() or claimable(at).exists()


def schedule_of(connection: Connection) -> ConnectionSchedule | None:
    """Return when a connection is asked by itself; None when nobody decided it."""
    return ConnectionSchedule.objects.filter(connection=connection).first()


def jobs(organization: Organization, *, connection: int | None = None) -> QuerySet[Job]:
    """Return the jobs of an organization, or of one connection of it, newest first."""
    found = Job.objects.filter(organization=organization)
    if connection is not None:
        found = found.filter(connection__number=connection)
    return found.select_related("connection", "run").order_by("-due_at", "-number")


def job_row(organization: Organization, number: int) -> Job | None:
    """Return one job; None when the organization has none of that number."""
    found = Job.objects.filter(organization=organization, number=number)
    return found.select_related("connection", "run").first()
