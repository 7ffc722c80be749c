"""A worker that is killed loses nothing, and several at once do nothing twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgresql
from installed import install
from outside import free_port
from plugged import MAKES, environment, python

__all__ = ["environment"]

ASKS = """
import sys
from datetime import UTC, datetime
from reperform.cli.site import open_site
open_site()
from reperform.accounts.models import Organization
from reperform.connectors.registry import installed
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.job import collection_of
from reperform.evidence.models import Connection
found, now = Organization.objects.get(), datetime.now(UTC)
for number in range(2, int(sys.argv[1]) + 1):
    fields = ConnectionFields(f"Acme {number}", {"account": f"a{number}", "plan": "small"},
                              {"token": "acme-s3cret-0123456789"})
    make_connection(organization=found, connector=installed().connectors["acme"], fields=fields,
                    by="test", at=now)
for row in Connection.objects.all():
    ask_job(organization=found, work=collection_of(row.number), by="test", at=now)
"""
WORKS = """
import sys
import acme
from reperform.cli.app import main
acme.source.events = [1, 2, 3]
main()
"""
DIES = """
import os, signal
import acme
from reperform.cli.app import main
from reperform.connectors.answer import Answer

def dying(access, first):
    def body():
        yield b"["
        os.kill(os.getpid(), signal.SIGKILL)
    yield Answer("events", "GET /events", body())

acme._events = dying
acme.source.events = [1, 2, 3]
main()
"""
EXAMINES = """
from datetime import UTC, date, datetime
from reperform.cli.site import open_site
open_site()
from reperform.accounts.models import Organization
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.job import examination_of
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import ScopeDocument
found, now = Organization.objects.get(), datetime.now(UTC)
scope = ScopeDocument(system="Invoicing", type=1, last=now.date())
change_scope(organization=found, scope=scope, seen=0, library="0" * 64, by="test", at=now)
ask_job(organization=found, work=examination_of(last=now.date()), by="test", at=now)
"""
EXAMINED = """
import os, signal, sys
import acme
from reperform.report import drafts
from reperform.cli.app import main

def write(folder, *_, **__):
    if os.environ.get("DIES"):
        os.kill(os.getpid(), signal.SIGKILL)
    for name in ("report.pdf", "report.html", "gap.pdf", "gap.html"):
        (folder / name).write_bytes(b"not rendered")

drafts.write_reports = write
main()
"""
SHARES = """
import json, threading
from datetime import UTC, datetime
from reperform.cli.site import open_site
open_site()
from django.db import connection
from reperform.evidence.actions.working import work_once
from reperform.evidence.job import Ended, JobKind
from reperform.evidence.models import Job

WORKERS = 4
all_at_work, share = threading.Barrier(WORKERS, timeout=60), {}

def carry(job, clock):
    all_at_work.wait()  # nobody ends a job before each has one
    return Ended()

def work(number):
    done = []
    while Job.objects.filter(state__in=("waiting", "running")).exists() and len(done) < 20:
        job = work_once(clock=lambda: datetime.now(UTC), ways={JobKind.COLLECTION: carry})
        if job:
            done.append(job.number)
    share[number] = done
    connection.close()

threads = [threading.Thread(target=work, args=(number,)) for number in range(WORKERS)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(json.dumps({"share": sorted(len(done) for done in share.values()),
                  "jobs": sorted(number for done in share.values() for number in done)}))
"""
KEPT = """
import json
from reperform.cli.site import open_site
open_site()
from reperform.audit.models import ExaminationRecord
from reperform.audit.queries import output_path
from reperform.evidence.models import Job
from reperform.ledger.home import home
from reperform.ledger.models import Change
print(json.dumps({
    "jobs": list(Job.objects.order_by("number").values_list("kind", "state", "attempts")),
    "kept": [[each.number, each.job.number, output_path(each, "bundle.zip").is_file()]
             for each in ExaminationRecord.objects.all()],
    "acts": [each for each in Change.objects.order_by("leaf").values_list("act", flat=True)
             if each.startswith("examination.")],
    "left": sorted(path.name for path in (home() / "examinations").glob("*.work")),
}))
"""
LAPSES = """
from datetime import UTC, datetime, timedelta
from reperform.cli.site import open_site
open_site()
from reperform.evidence.models import Job
Job.objects.filter(state="running").update(claimed_until=datetime.now(UTC) - timedelta(seconds=1))
"""
LOOKS = """
import json
from reperform.cli.site import open_site
open_site()
from reperform.evidence.models import CollectionRecord, Job, JobAttempt, Run
print(json.dumps({
    "jobs": list(Job.objects.order_by("number").values_list("state", "attempts")),
    "attempts": list(JobAttempt.objects.order_by("pk").values_list("reason", flat=True)),
    "runs": list(Run.objects.order_by("pk").values_list("connection__number", "outcome")),
    "used": CollectionRecord.objects.filter(is_used=True).count(),
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, environment: dict[str, str]
) -> Iterator[dict[str, str]]:
    """The environment with either database."""
    if request.param == "sqlite":
        install(Path(environment["REPERFORM_HOME"]))
        yield environment
        return
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgresql.server() as url:
        yield {**environment, "REPERFORM_DATABASE_URL": url}


def asked(environment: dict[str, str], *, connections: int = 1) -> None:
    for program, *arguments in ((MAKES,), (ASKS, str(connections))):
        done = python(program, *arguments, environment=environment)
        assert done.returncode == 0, done.stderr


def found(environment: dict[str, str], program: str = LOOKS) -> dict[str, list[object]]:
    looked = python(program, environment=environment)
    assert looked.returncode == 0, looked.stderr
    kept: dict[str, list[object]] = json.loads(looked.stdout)
    return kept


def test_a_killed_worker_leaves_its_job_to_the_next(environment: dict[str, str]) -> None:
    """By kill -9 in the middle of an answer; while its lease holds, nobody takes the job."""
    install(Path(environment["REPERFORM_HOME"]))
    asked(environment)
    killed = python(DIES, "worker", "--once", environment=environment)
    assert killed.returncode == -signal.SIGKILL

    early = python(WORKS, "worker", "--once", environment=environment)
    assert (early.returncode, "attempt" in early.stdout) == (0, False)
    python(LAPSES, environment=environment)
    late = python(WORKS, "worker", "--once", environment=environment)

    assert "attempt 2: done" in late.stdout, late.stderr
    status = python(WORKS, "worker", "--status", environment=environment)
    assert status.returncode == 0, status.stderr
    assert sorted(line.split("  ")[1].split(",")[0] for line in status.stdout.splitlines()) == [
        *("ended", "ended", "lives")  # the killed one was seen less than two minutes ago
    ]
    assert found(environment) == {
        "jobs": [["done", 2]],
        "attempts": ["the worker stopped in the middle", ""],
        "runs": [[1, "abandoned"], [1, "complete"]],
        "used": 4,  # the accounts of both, the events of the second: each page once
    }


def test_an_examination_that_is_killed_leaves_nothing_half_and_is_done_again(
    environment: dict[str, str],
) -> None:
    """By kill -9 after its tests ran and before anything was kept."""
    install(Path(environment["REPERFORM_HOME"]))
    asked(environment)
    assert python(WORKS, "worker", "--once", environment=environment).returncode == 0
    ready = python(EXAMINES, environment=environment)
    assert ready.returncode == 0, ready.stderr
    killed = python(EXAMINED, "worker", "--once", environment=environment | {"DIES": "1"})
    assert killed.returncode == -signal.SIGKILL
    middle = found(environment, KEPT)
    assert middle["jobs"] == [["collection", "done", 1], ["examination", "running", 1]]
    assert (middle["kept"], middle["acts"]) == ([], ["examination.begun", "examination.tested"])

    python(LAPSES, environment=environment)
    late = python(EXAMINED, "worker", "--once", environment=environment)

    assert "attempt 2: done" in late.stdout, late.stderr
    assert found(environment, KEPT) == {
        "jobs": [["collection", "done", 1], ["examination", "done", 2]],
        "kept": [[1, 2, True]],
        "acts": [
            *("examination.begun", "examination.tested"),
            *("examination.begun", "examination.tested", "examination.rendered"),
            "examination.kept",
        ],
        "left": [],
    }


@pytest.mark.enable_socket
def test_several_workers_at_once_do_each_job_once(database: dict[str, str]) -> None:
    """Three processes, eight jobs, on either database."""
    asked(database, connections=8)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKS, "worker", "--once"],
            env=database,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [worker.communicate(timeout=120) for worker in started]

    assert [worker.returncode for worker in started] == [0, 0, 0], said
    kept = found(database)
    assert kept["jobs"] == [["done", 1]] * 8
    assert sorted(kept["runs"]) == [[number, "complete"] for number in range(1, 9)]  # type: ignore[type-var]


@pytest.mark.enable_socket
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_several_workers_share_what_is_due_in_equal_parts(database: dict[str, str]) -> None:
    """Each of four is at work whenever the others are: none waits for another, and none starves."""
    asked(database, connections=12)

    shared = python(SHARES, environment=database)

    assert shared.returncode == 0, shared.stderr
    assert json.loads(shared.stdout) == {"share": [3, 3, 3, 3], "jobs": list(range(1, 13))}


@pytest.mark.enable_socket
def test_a_server_does_what_is_asked_and_ends_its_worker(environment: dict[str, str]) -> None:
    """Nobody has to start a worker for one machine."""
    install(Path(environment["REPERFORM_HOME"]))
    asked(environment)
    command = [sys.executable, "-m", "reperform", "serve", "--port", str(free_port())]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        until = time.monotonic() + 60
        while found(environment)["jobs"] != [["done", 1]] and time.monotonic() < until:
            time.sleep(1)
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=30)

    assert found(environment)["jobs"] == [["done", 1]]
