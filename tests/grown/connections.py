"""Many connections; the first with many runs, each with a collection and a table."""

from datetime import datetime, timedelta

from django.db.models import Max

from reperform.accounts.models import Organization
from reperform.evidence.models import (
    CollectedTable,
    CollectionRecord,
    Connection,
    Job,
    JobSchedule,
    Run,
)
from reperform.evidence.schedule import Every, Schedule, schedule_content

_BATCH = 2_000
_RUNS_EACH = 5
"""Runs of the first connection for each connection that there is."""


def grow_connections(organization: Organization, count: int, at: datetime) -> None:
    """Add connections until there are `count`, and runs of the first."""
    rows = Connection.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    Connection.objects.bulk_create(
        (
            Connection(
                organization=organization,
                number=number,
                title=f"Endpoints {number}",
                connector="git",  # a test that asks it reaches no network
                settings={"repository": f"/srv/git/app-{number}"},
                checked={"reached": f"app-{number}", "failure": "", "findings": []},
                checked_at=at,
                changed_by="test",
                changed_at=at,
            )
            for number in range(there + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
    first = Connection.objects.get(organization=organization, number=1)
    _grow_runs(organization, first, count, at)
    _grow_jobs(first, at)


def _grow_runs(organization: Organization, first: Connection, count: int, at: datetime) -> None:
    there = first.runs.count()
    numbers = range(there + 1, count * _RUNS_EACH + 1)
    began = {number: at - timedelta(days=count * _RUNS_EACH - number) for number in numbers}
    made = Run.objects.bulk_create(
        (
            Run(
                connection=first,
                number=number,
                asked_by="test",
                started_at=began[number],
                ended_at=began[number],
                outcome="complete",
            )
            for number in numbers
        ),
        batch_size=_BATCH,
    )
    collections = CollectionRecord.objects.bulk_create(
        (
            CollectionRecord(
                run=run,
                organization=organization,
                connection=first,
                stream="tls/endpoint",
                sequence=run.number,
                target="app.example:443",
                started_at=run.started_at,
                ended_at=run.ended_at,
                outcome="complete",
                answers=1,
                is_used=True,
            )
            for run in made
        ),
        batch_size=_BATCH,
    )
    CollectedTable.objects.bulk_create(
        (
            CollectedTable(
                collection=each,
                connection=first,
                table="tls.endpoints",
                rows=1,
                first_day=each.started_at.date(),
                last_day=each.started_at.date(),
            )
            for each in collections
        ),
        batch_size=_BATCH,
    )


def _grow_jobs(first: Connection, at: datetime) -> None:
    """Let each run of a connection have come of a job of a schedule."""
    plan = schedule_content(Schedule(Every.DAY))
    schedule, _ = JobSchedule.objects.get_or_create(
        connection=first,
        defaults={
            "organization": first.organization,
            "kind": "collection",
            "subject": f"connection {first.number}",
            "plan": plan,
            "expected_until": at,
            "next_at": at + timedelta(days=400),
            "changed_by": "test",
            "changed_at": at,
        },
    )
    there = first.jobs.count()
    Job.objects.bulk_create(
        (
            Job(
                organization=first.organization,
                number=run.number,
                kind="collection",
                subject=schedule.subject,
                connection=first,
                schedule=schedule,
                due_at=at - timedelta(days=run.number),
                not_before=run.started_at,
                asked_by="the schedule",
                state="done",
                attempts=1,
                run=run,
                ended_at=run.ended_at,
            )
            for run in first.runs.filter(number__gt=there)
        ),
        batch_size=_BATCH,
    )
