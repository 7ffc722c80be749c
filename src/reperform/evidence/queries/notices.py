"""What is to be noticed at the connections of an organization now, and what was."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role, may
from reperform.accounts.queries import members
from reperform.evidence.job import JobKind, JobState
from reperform.evidence.models import Connection, Job, Notice, Run
from reperform.evidence.notice import MISSED_SHOWN, Noticed, NoticeKind, quiet
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.schedule import Every

_LONGEST = 300


def noticed(organization: Organization, *, at: datetime) -> list[Noticed]:
    """Return what is to be noticed now, the newest first; in two queries.

    Nothing is said of a connection that is retired.  One whose job is tried again is not lacking
    yet, and one that was never asked is silent since it was made or changed.
    """
    found = [each for row in _rows(organization) for each in _of(row, at)]
    found += _missed(organization, at)
    return sorted(found, key=lambda each: (-each.since.timestamp(), each.connection, each.kind))


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

    def notice(kind: NoticeKind, since: datetime, text: str) -> Noticed:
        return Noticed(row.number, row.title, kind, since, text)

    is_failed = facts["job_state"] == JobState.FAILED.value and facts["job_run"] is None
    if is_failed and (whole_at is None or whole_at < facts["job_ended"]):
        why = _first_line(facts["job_reason"])
        yield notice(NoticeKind.FAILED, facts["job_due"], f"it could not be asked: {why}")
    if facts["lacking_since"] and not facts["is_retried"]:
        why = _first_line(facts["lacking_reason"])
        yield notice(
            NoticeKind.LACKING,
            facts["lacking_since"],
            f"its newest run did not bring everything: {why}",
        )
    planned = getattr(row, "schedule", None)
    every = Every(planned.plan["every"]) if planned and not planned.paused_reason else None
    since = whole_at or row.changed_at
    if at - since > quiet(every):
        text = (
            f"no run was complete since {whole_at:%Y-%m-%d}"
            if whole_at
            else "no run of it was ever complete"
        )
        yield notice(NoticeKind.SILENT, since, text)


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
        yield Noticed(
            connection=each["connection__number"],
            title=each["connection__title"],
            kind=NoticeKind.MISSED,
            since=since,
            text=text,
        )


def _first_line(reason: str | None) -> str:
    return ((reason or "").splitlines() or ["nobody said why"])[0][:_LONGEST]


def kept_notices(organization: Organization) -> QuerySet[Notice]:
    """Return what was noticed, the newest first, what holds no more too."""
    rows = Notice.objects.filter(organization=organization)
    return rows.select_related("connection").order_by("-noticed_at", "-pk")


def untold(organization: Organization) -> Iterator[tuple[Membership, list[Notice]]]:
    """Yield each member who may change connections, with what holds and they were not told."""
    holding = list(
        kept_notices(organization).filter(over_at=None).prefetch_related("told").order_by("pk")
    )
    people = members(organization).filter(is_active=True, user__is_active=True)
    for member in people.select_related("user", "organization").order_by("user__email"):
        if may(Role(member.role), "connections.edit"):
            yield (
                member,
                [
                    each
                    for each in holding
                    if member.pk not in {told.member_id for told in each.told.all()}
                ],
            )


def as_noticed(row: Notice) -> Noticed:
    """Return a kept notice as the value that it was."""
    of = row.connection
    return Noticed(of.number, of.title, NoticeKind(row.kind), row.since, row.text)
