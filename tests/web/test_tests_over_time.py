"""A test of a control runs by itself between examinations, and what it said stays readable."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from outside import YEAR, fast_import
from reperform.accounts.models import Organization
from reperform.audit.models import OutcomeRecord
from reperform.cli.carrying import WAYS
from reperform.connectors import git
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.expecting import BY_ITSELF
from reperform.evidence.actions.jobs import ask_job, claim_job
from reperform.evidence.actions.running import run_connection
from reperform.evidence.actions.working import work_once
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.job import LEASE, run_of
from reperform.evidence.models import CollectionRecord, Job
from reperform.ledger.queries import changes, shown
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import ScopeDocument

BEGAN = datetime(2026, 7, 20, 12, tzinfo=UTC)
PAGE = "/o/larkspur/results/tests/CHG-01.T1/"
DAY = timedelta(days=1)


class Clock:
    """Time that a test is in charge of."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def collected(larkspur: Organization, tmp_path: Path, settings: object) -> Organization:
    """Larkspur with a decided period, and what its repository brought of it."""
    settings.LOCAL_SOURCES = (str(tmp_path),)  # type: ignore[attr-defined]
    scope = ScopeDocument(system="I", type=2, first=date(2025, 8, 1), last=date(2026, 7, 1))
    change_scope(organization=larkspur, scope=scope, seen=0, library="0" * 64, by="ada", at=BEGAN)
    repository = fast_import(tmp_path / "repo", YEAR)
    fields = ConnectionFields("Code", {"repository": str(repository), "branch": ""}, {})
    make_connection(
        organization=larkspur, connector=git.CONNECTOR, fields=fields, by="ada", at=BEGAN
    )
    run_connection(organization=larkspur, number=1, by="ada", clock=lambda: BEGAN)
    return larkspur


def text(client: Client, url: str = PAGE) -> str:
    return " ".join(client.get(url).content.decode().split())


def ask(organization: Organization, clock: Clock, test: str = "CHG-01.T1") -> Job:
    return ask_job(organization=organization, work=run_of(test), by="ana", at=clock.now)


def test_a_test_runs_alone_and_says_what_it_rests_on(
    collected: Organization, manager: Client, clock: Clock
) -> None:
    """Asked for on its page; the page, the control and the trail say what came of it."""
    assert "It was never run." in text(manager)
    assert manager.post(PAGE).status_code == 302
    assert 'hx-trigger="every 3s"' in text(manager)
    clock.now = datetime.now(UTC)

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert job.state == "done", job.reason
    outcome = OutcomeRecord.objects.get()
    assert (outcome.job, outcome.conclusion) == (job, "exceptions noted")
    collection = CollectionRecord.objects.get(stream="git/history")
    assert outcome.record["collections"] == [
        {"stream": "git/history", "sequence": 1, "record": collection.record_sha256}
    ]
    page = text(manager)
    assert "hx-trigger" not in page
    assert ">exceptions noted</span>" in page
    assert outcome.record["items_sha256"] in page
    assert outcome.record["exceptions"][0]["item"][:12] in page
    control = text(manager, "/o/larkspur/controls/CHG-01/")
    assert "Outcomes over time" in control
    (entry,) = changes(collected.log, subject="test CHG-01.T1").filter(act="test.run")
    said = shown(entry).after
    assert (said["conclusion"], said["job"]) == ("exceptions noted", job.number)
    assert said["items_sha256"] == outcome.record["items_sha256"]
    assert "CHG-01.T1" in text(manager, "/o/larkspur/results/tests/")


def test_the_same_evidence_gives_the_same_items(collected: Organization, clock: Clock) -> None:
    """Whoever has the collections that a run names can run it again."""
    for _ in range(2):
        ask(collected, clock)
        clock.now += DAY
        assert work_once(clock=clock, ways=WAYS)

    first, second = OutcomeRecord.objects.order_by("pk")
    assert first.record == second.record


def test_evidence_that_is_missing_makes_it_unable(
    collected: Organization, manager: Client, clock: Clock
) -> None:
    """Nothing passes because nothing brought its tables."""
    ask(collected, clock, "BCK-01.T1")
    job = work_once(clock=clock, ways=WAYS)
    assert job
    assert job.state == "done", job.reason
    outcome = OutcomeRecord.objects.get()
    assert (outcome.conclusion, outcome.record["collections"]) == ("unable to test", [])
    assert "unable to test" in text(manager, "/o/larkspur/results/tests/BCK-01.T1/")


def test_a_test_that_is_gone_fails_and_says_so(collected: Organization, clock: Clock) -> None:
    ask(collected, clock, "GONE-01.T9")
    job = work_once(clock=clock, ways=WAYS)
    assert job
    assert (job.state, job.attempts) == ("failed", 1)
    assert "has no test GONE-01.T9" in job.reason
    assert not OutcomeRecord.objects.exists()


def test_what_was_kept_before_a_worker_died_is_not_run_again(
    collected: Organization, clock: Clock
) -> None:
    ask(collected, clock)
    dead = claim_job(at=clock.now)
    assert dead
    assert not WAYS[run_of("x").kind](dead, clock).reason
    clock.now += LEASE + timedelta(seconds=1)

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert (job.state, job.attempts) == ("done", 2)
    assert OutcomeRecord.objects.count() == 1


def test_each_test_has_a_schedule_of_its_own(
    collected: Organization, manager: Client, clock: Clock
) -> None:
    """In its time zone; what passed without a worker is missed, and the newest is caught up."""
    said = {"every": "day", "weekday": "monday", "hour": "6", "minute": "0", "day": "", "seen": 0}
    assert "Nobody decided when" in text(manager)
    assert manager.post(f"{PAGE}schedule/", said | {"hour": "25"}).status_code == 422
    manager.post(f"{PAGE}schedule/", said | {"zone": "Europe/Berlin"})
    assert "Every day at 06:00 (Europe/Berlin)" in text(manager)
    clock.now += 3 * DAY

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert (job.state, job.asked_by, job.subject) == ("done", BY_ITSELF, "test CHG-01.T1")
    assert Job.objects.filter(state="missed", subject="test CHG-01.T1").count() == 2
    assert text(manager).count(">missed</span>") == 2
    planned = text(manager, "/o/larkspur/results/tests/?when=planned")
    assert "every day at 06:00 (Europe/Berlin)" in planned
    assert "BCK-01.T1" not in planned
    manager.post(f"{PAGE}schedule/pause/", {"reason": "The repository moves", "seen": 1})
    assert "but not for now: The repository moves" in text(manager)
    assert manager.get("/o/larkspur/results/tests/NO-01.T1/").status_code == 404
