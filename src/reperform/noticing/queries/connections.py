"""What is to be noticed of the connections of an organization: where evidence does not arrive."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from reperform.accounts.models import Organization
from reperform.evidence.job import JobKind, JobState
from reperform.evidence.models import Connection, Job, Run
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.schedule import Every
from reperform.noticing.notice import Kind, Noticed, Topic, first_line
from reperform.noticing.silence import MISSED_SHOWN, quiet

KINDS = frozenset({Kind.MISSED, Kind.FAILED, Kind.LACKING, Kind.SILENT})
_TODO = {
    Kind.MISSED: "let a worker run; what can still be asked is asked at the next time",
    Kind.FAILED: "open the connection and test it; its connector or its secrets may be gone",
    Kind.LACKING: "read the newest run, put right what the source refused, and collect again",
    Kind.SILENT: "collect now, or set a schedule; days without evidence cannot be made good later",
}


def noticed_of_connections(organization: Organization, at: datetime) -> Iterator[Noticed]:
    """Yield where evidence does not arrive as it should; in two queries.

    Nothing is said of a connection that is retired.  One whose job is tried again is not lacking
    yet, and one that was never asked is silent since it was made or changed.
    """
    for row in _rows(organization):
        yield from _of(row, at)
    yield from _missed(organization, at)


def _noticed(number: int, title: str, kind: Kind, since: datetime, text: str) -> Noticed:
    return Noticed(
        kind=kind,
        topic=Topic.CONNECTIONS,
        subject=f"CON-{number}",
        title=title,
        since=since,
        text=text,
        todo=_TODO[kind],
        page="connection",
        key=str(number),
    )


def _rows(organization: Organization) -> QuerySet[Connection]:
    """Return the connections in use, each with what its runs and jobs came to."""
    ended = Run.objects.filter(connection=OuterRef("pk"), ended_at__isnull=False)
    whole = ended.filter(outcome=RunOutcome.COMPLETE.value).order_by("-number")
    lacking = ended.filter(number__gt=OuterRef("whole_number"))
    jobs = Job.objects.filter(connection=OuterRef("pk"))
    newest_job = jobs.filter(ended_at__isnull=False).order_by("-due_at", "-number")
    retried = jobs.filter(
        state__in=(JobState.WAITING.value, JobState.RUNNING.value), attempts__gt=0
    )
    found = Connection.objects.filter(organization=organization, retired_on=None)
    return (
        found.select_related("schedule")
        .annotate(
            whole_number=Coalesce(Subquery(whole.values("number")[:1]), Value(0)),
            whole_at=Subquery(whole.values("ended_at")[:1]),
        )
        .annotate(
            lacking_since=Subquery(lacking.order_by("number").values("started_at")[:1]),
            lacking_reason=Subquery(lacking.order_by("-number").values("reason")[:1]),
            job_state=Subquery(newest_job.values("state")[:1]),
            job_run=Subquery(newest_job.values("run")[:1]),
            job_due=Subquery(newest_job.values("due_at")[:1]),
            job_ended=Subquery(newest_job.values("ended_at")[:1]),
            job_reason=Subquery(newest_job.values("reason")[:1]),
            is_retried=Exists(retried),
        )
        .order_by("number")
    )


def _of(row: Connection, at: datetime) -> Iterator[Noticed]:
    facts = vars(row)
    whole_at = facts["whole_at"]
    is_failed = facts["job_state"] == JobState.FAILED.value and facts["job_run"] is None
    if is_failed and (whole_at is None or whole_at < facts["job_ended"]):
        text = f"it could not be asked: {first_line(facts['job_reason'])}"
        yield _noticed(row.number, row.title, Kind.FAILED, facts["job_due"], text)
    if facts["lacking_since"] and not facts["is_retried"]:
        text = f"its newest run did not bring everything: {first_line(facts['lacking_reason'])}"
        yield _noticed(row.number, row.title, Kind.LACKING, facts["lacking_since"], text)
    planned = getattr(row, "schedule", None)
    every = Every(planned.plan["every"]) if planned and not planned.paused_reason else None
    since = whole_at or row.changed_at
    if at - since > quiet(every):
        text = (
            f"no run was complete since {whole_at:%Y-%m-%d}"
            if whole_at
            else "no run of it was ever complete"
        )
        yield _noticed(row.number, row.title, Kind.SILENT, since, text)


def _missed(organization: Organization, at: datetime) -> Iterator[Noticed]:
    """Yield one notice for all times of a connection that were found missed together."""
    rows = Job.objects.filter(
        organization=organization,
        kind=JobKind.COLLECTION.value,
        connection__retired_on=None,
        state=JobState.MISSED.value,
        due_at__gt=at - MISSED_SHOWN,
    )
    of = rows.values("ended_at", "connection__number", "connection__title")
    for each in of.annotate(count=Count("pk"), last=Max("due_at")).order_by():
        times = "1 time was" if each["count"] == 1 else f"{each['count']} times were"
        text = f"{times} missed, the last at {each['last']:%Y-%m-%d %H:%M} UTC"
        since = each["ended_at"]
        assert since  # noqa: S101 - the database sees to it: job_ended_or_open
        yield _noticed(
            each["connection__number"], each["connection__title"], Kind.MISSED, since, text
        )
