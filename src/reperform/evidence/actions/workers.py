"""Signs of life of workers: so that somebody sees when nothing would be done."""

import secrets
from datetime import datetime, timedelta

from django.db.models import F

from reperform.evidence.models import Job, WorkerSign

_FORGOTTEN = timedelta(days=7)


def begin_worker(*, host: str, process: int, at: datetime) -> WorkerSign:
    """Say that a worker is there; those that were not seen for a week are forgotten."""
    WorkerSign.objects.filter(seen_at__lt=at - _FORGOTTEN).delete()
    return WorkerSign.objects.create(
        name=f"{host[:80]} {process} {secrets.token_hex(4)}",
        host=host[:80],
        process=process,
        started_at=at,
        seen_at=at,
    )


def sign_beside(*, host: str, process: int, at: datetime) -> None:
    """Say that a server lives which starts a worker whenever something is due.

    Args:
        host: on which it runs.
        process: its number there.
        at: when.
    """
    name = f"{host[:80]} {process} server"
    said = {"host": host[:80], "process": process, "seen_at": at}
    WorkerSign.objects.update_or_create(
        name=name, defaults=said, create_defaults=said | {"started_at": at}
    )


def sign(*, worker: WorkerSign, job: Job | None = None, done: int = 0, at: datetime) -> None:
    """Say that a worker lives.

    Args:
        worker: as `begin_worker` returned it.
        job: that it is at; None for none.
        done: jobs that it ended since it said so last.
        at: when.
    """
    rows = WorkerSign.objects.filter(pk=worker.pk)
    rows.update(seen_at=at, job=job, done=F("done") + done)


def end_worker(*, worker: WorkerSign, at: datetime) -> None:
    """Say that a worker ends."""
    WorkerSign.objects.filter(pk=worker.pk).update(seen_at=at, ended_at=at, job=None)
