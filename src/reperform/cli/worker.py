"""`reperform worker`: carries out what is due; and the same beside a server."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from reperform.cli import site
from reperform.cli.readiness import OrganizationUnknownError

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Organization
    from reperform.evidence.models import Job, WorkerSign

_LOOK_SECONDS = 5.0
_SIGN_SECONDS = 30.0
_MOST_SHOWN = 20
_log = logging.getLogger(__name__)


def worker(
    *,
    organization: Annotated[
        str, typer.Option(help="Address of one organization; all when left out.")
    ] = "",
    once: Annotated[bool, typer.Option("--once", help="End when nothing is due any more.")] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Say which workers live, and do nothing.")
    ] = False,
) -> None:
    """Ask connections and examine what they brought: by schedule, and when somebody asked for it.

    Several may run, on several machines with one PostgreSQL: no job is done by two. `serve` and
    `start` carry out jobs themselves unless --no-worker is said. A worker that is told to end
    (SIGTERM, Ctrl-C) ends the job that it is at first. With --status the exit code is 0 when a
    worker gave a sign of life within two minutes, else 1.
    """
    site.open_site()
    if status:
        _say_status()
        return
    of = _organization(organization) if organization else None
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, end)
    with _signing() as sign:
        while not ended.is_set():
            done = _work(of, sign)
            if done:
                typer.echo(done)
            elif once:
                break
            else:
                ended.wait(_LOOK_SECONDS)


@contextmanager
def _signing() -> "Iterator[WorkerSign]":
    """Be a worker that says when it lives, and when it ends."""
    from reperform.evidence.actions.workers import (  # noqa: PLC0415 - after open_site
        begin_worker,
        end_worker,
    )

    sign = begin_worker(host=socket.gethostname(), process=os.getpid(), at=datetime.now(UTC))
    try:
        yield sign
    finally:
        end_worker(worker=sign, at=datetime.now(UTC))


def _say_status() -> None:
    """Say of each worker when it was seen.

    Raises:
        typer.Exit: with 1 when none lives.
    """
    from reperform.evidence.queries.jobs import (  # noqa: PLC0415 - after open_site
        is_alive,
        is_due,
        workers,
    )

    at, lives = datetime.now(UTC), False
    for each in workers()[:_MOST_SHOWN]:
        is_living = is_alive(each, at=at)
        lives = lives or is_living
        state = "lives" if is_living else "ended" if each.ended_at else "silent"
        work = f", at job {each.job.number} of {each.job.organization.slug}" if each.job else ""
        typer.echo(
            f"{each.host} {each.process}  {state}, last seen {each.seen_at:%Y-%m-%d %H:%M:%S} UTC,"
            f" {each.done} jobs done{work}"
        )
    if not lives:
        due = "something is due" if is_due(at) else "nothing is due"
        typer.echo(f"no worker lives; {due}", err=True)
        raise typer.Exit(1)


def _work(organization: "Organization | None", sign: "WorkerSign") -> str:
    """Do one thing that is due, and return what was done; empty when nothing is."""
    from reperform.cli.carrying import WAYS  # noqa: PLC0415 - after open_site
    from reperform.noticing.actions.working import (  # noqa: PLC0415 - as above
        tend_once,
        work_once,
    )

    job = work_once(clock=_now, organization=organization, ways=WAYS, worker=sign)
    return _said(job) if job else tend_once(clock=_now, organization=organization)


def _now() -> datetime:
    return datetime.now(UTC)


def _said(job: "Job") -> str:
    reason = f": {job.reason.splitlines()[0]}" if job.reason else ""
    again = f", again at {job.not_before:%Y-%m-%d %H:%M} UTC" if job.state == "waiting" else ""
    return (
        f"{job.organization.slug}  {job.subject}  job {job.number},"
        f" attempt {job.attempts}: {job.state}{reason}{again}"
    )


def _organization(slug: str) -> "Organization":
    """Return the organization of an address.

    Raises:
        OrganizationUnknownError: there is none.
    """
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after open_site

    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise OrganizationUnknownError(
            f"nothing was done: there is no organization {slug!r}",
            why="Evidence that seems to be collected and is not would be a hole.",
            todo="take an address from: reperform organization list",
        )
    return found


@contextmanager
def working_beside() -> Iterator[None]:
    """Start a worker whenever something is due, until the server ends.

    The work is done by a process of its own: asking and shaping would take the pages' time, and a
    fault of a connector must not end the server.  While nothing is due there is no such process.
    """
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(over,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(over: threading.Event) -> None:
    """Look until the server ends.  A database that went away may come back: then it goes on."""
    from django.db import DatabaseError  # noqa: PLC0415 - after open_site

    signed_at = float("-inf")
    while not over.wait(_LOOK_SECONDS):
        try:
            if time.monotonic() - signed_at > _SIGN_SECONDS:
                _sign_beside()
                signed_at = time.monotonic()
            if _is_due():
                _run_worker(over)
        except (DatabaseError, OSError) as error:
            _log.warning("nothing was done for now: %s", error)


def _sign_beside() -> None:
    """Say that this server looks for what is due, by which a worker is there when it is needed."""
    from django.db import close_old_connections  # noqa: PLC0415 - after open_site

    from reperform.evidence.actions.workers import sign_beside  # noqa: PLC0415 - as above

    try:
        sign_beside(host=socket.gethostname(), process=os.getpid(), at=datetime.now(UTC))
    finally:
        close_old_connections()


def _is_due() -> bool:
    from django.conf import settings  # noqa: PLC0415 - after open_site
    from django.db import close_old_connections  # noqa: PLC0415 - as above

    from reperform.evidence.queries.jobs import is_due  # noqa: PLC0415 - as above
    from reperform.noticing.queries.tending import is_tending_due  # noqa: PLC0415 - as above

    try:
        return is_due(_now()) or is_tending_due(_now(), sends_mail=settings.MAIL_IS_SENT)
    finally:
        close_old_connections()


def _run_worker(over: threading.Event) -> None:
    """Run a worker until nothing is due; tell it to end when the server does."""
    command = [sys.executable, "-m", "reperform", "worker", "--once"]
    with subprocess.Popen(command, env=os.environ, stdin=subprocess.DEVNULL) as process:
        while process.poll() is None:
            if over.wait(0.2):
                process.terminate()
                break
