"""Examinations are jobs of a worker: one at a time, kept once, and what comes of them is said."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

import acme
from acme import Acme
from reperform.accounts.models import Organization
from reperform.audit.models import ExaminationRecord
from reperform.cli.carrying import WAYS
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.expecting import BY_ITSELF
from reperform.evidence.actions.jobs import ask_job, claim_job
from reperform.evidence.actions.running import run_connection
from reperform.evidence.actions.working import work_once
from reperform.evidence.connection import ConnectionFields, ConnectionNotKeptError
from reperform.evidence.job import LEASE, collection_of, examination_of
from reperform.evidence.models import Job
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import ScopeDocument
from reperform.report.actions import examining
from reperform.report.work import work_folder

PAGE = "/o/larkspur/results/"
BEGAN = datetime(2026, 7, 20, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
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
def collected(larkspur: Organization, says: Acme) -> Organization:
    """Larkspur with a decided period, and what Acme brought of it."""
    scope = ScopeDocument(system="Invoicing", type=2, first=FIRST, last=LAST)
    change_scope(organization=larkspur, scope=scope, seen=0, library="0" * 64, by="ada", at=BEGAN)
    fields = ConnectionFields("Acme", {"account": "a", "plan": "small"}, {"token": acme.SECRET})
    make_connection(
        organization=larkspur, connector=acme.CONNECTOR, fields=fields, by="ada", at=BEGAN
    )
    run_connection(organization=larkspur, number=1, by="ada", clock=lambda: BEGAN)
    return larkspur


@pytest.fixture(autouse=True)
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examinations without their PDFs, which take most of the time."""

    def write(folder: Path, *_: object, **__: object) -> None:
        for name in ("report.pdf", "report.html", "gap.pdf", "gap.html"):
            (folder / name).write_bytes(b"not rendered")

    monkeypatch.setattr(examining, "write_reports", write)


def shown(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def ask(organization: Organization, clock: Clock, last: date | None = None) -> Job:
    work = examination_of(last=last)
    return ask_job(organization=organization, work=work, by="ana", at=clock.now)


def test_the_page_asks_and_says_how_it_goes(
    collected: Organization, manager: Client, clock: Clock
) -> None:
    """Asked for, under way, done; by itself as long as it is open, and without scripts."""
    assert manager.post(PAGE, {"last": "2026-08-31"}).status_code == 302
    assert manager.post(PAGE, {"last": "2026-08-31"}).status_code == 302
    job = Job.objects.get()
    assert (job.state, job.what) == ("waiting", {"last": "2026-08-31"})
    page = shown(manager)
    assert "An examination is asked for." in page
    assert 'hx-trigger="every 3s"' in page
    assert ">waiting</span>" in page
    assert not ExaminationRecord.objects.exists()
    clock.now = datetime.now(UTC)
    claim_job(at=clock.now)
    assert ">running</span>" in shown(manager)
    clock.now += LEASE + timedelta(seconds=1)

    assert work_once(clock=clock, ways=WAYS)

    page = shown(manager)
    assert "hx-trigger" not in page
    assert ">done</span>" in page
    assert f'<a href="{PAGE}1/">Examination 1</a>' in page
    kept = ExaminationRecord.objects.get()
    assert (kept.job, kept.last_day) == (job, date(2026, 8, 31))
    said = {each.test: each.conclusion for each in kept.outcomes.all()}
    assert said == {each["id"]: each["conclusion"] for each in kept.results["tests"]}
    assert len(said) > 10


def test_a_worker_that_cannot_examine_leaves_it_to_one_that_can(
    collected: Organization, clock: Clock
) -> None:
    ask(collected, clock)
    assert work_once(clock=clock) is None
    assert work_once(clock=clock, ways=WAYS)


def test_what_is_refused_is_not_tried_again_and_the_page_says_what_to_do(
    collected: Organization, manager: Client, clock: Clock
) -> None:
    """The same would be refused in five minutes too."""
    work = examination_of(date(2025, 1, 1), date(2025, 1, 31))
    ask_job(organization=collected, work=work, by="ana", at=clock.now)

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert (job.state, job.attempts) == ("failed", 1)
    assert "no connection has brought anything of 2025-01-01" in job.reason
    assert "connect a source and collect from it" in job.reason
    page = shown(manager)
    assert ">failed</span>" in page
    assert "no connection has brought anything" in page


def test_one_at_a_terminal_is_waited_for(collected: Organization, clock: Clock) -> None:
    ask(collected, clock)
    with work_folder(collected.log):
        job = work_once(clock=clock, ways=WAYS)
    assert job
    assert job.state == "waiting"
    assert "an examination of this organization goes on" in job.reason
    clock.now = job.not_before

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert (job.state, job.attempts) == ("done", 2)


def test_of_one_organization_one_is_examined_at_a_time(
    collected: Organization, stranger: object, clock: Clock
) -> None:
    """Other days wait for it; another organization does not."""
    other = Organization.objects.exclude(pk=collected.pk).get()
    first = ask(collected, clock)
    second = ask(collected, clock, last=date(2026, 8, 1))
    third = ask(other, clock)
    assert claim_job(at=clock.now) == first
    assert claim_job(at=clock.now) == third
    assert claim_job(at=clock.now) is None

    clock.now += LEASE + timedelta(seconds=1)
    assert claim_job(at=clock.now) == first
    assert second.number == 2


def test_what_was_kept_before_a_worker_died_is_not_examined_again(
    collected: Organization, clock: Clock
) -> None:
    """The moment between the record and the end of its job is one too."""
    ask(collected, clock)
    dead = claim_job(at=clock.now)
    assert dead
    assert not WAYS[examination_of().kind](dead, clock).reason
    clock.now += LEASE + timedelta(seconds=1)

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert (job.state, job.attempts) == ("done", 2)
    assert ExaminationRecord.objects.count() == 1


def test_a_schedule_examines_by_itself(
    collected: Organization, manager: Client, clock: Clock
) -> None:
    """The days of the scope that are over, and what passed without a worker is missed."""
    said = {"every": "week", "weekday": "friday", "hour": "5", "minute": "0", "day": "", "seen": 0}
    assert "Nobody decided when" in shown(manager)
    manager.post(f"{PAGE}schedule/", said | {"zone": "Europe/Berlin"})
    assert "Every week on friday at 05:00 (Europe/Berlin)" in shown(manager)
    clock.now += 22 * DAY

    job = work_once(clock=clock, ways=WAYS)

    assert job
    assert (job.state, job.asked_by, job.what) == ("done", BY_ITSELF, {})
    assert ExaminationRecord.objects.get().last_day == LAST
    assert Job.objects.filter(state="missed").count() == 2
    page = shown(manager)
    assert page.count(">missed</span>") == 2
    refused = manager.post(f"{PAGE}schedule/pause/", {"reason": " ", "seen": 1})
    assert refused.status_code == 422
    manager.post(f"{PAGE}schedule/pause/", {"reason": "The auditor is here", "seen": 1})
    assert "but not for now: The auditor is here" in shown(manager)


def test_of_an_example_what_it_has_is_examined_and_nothing_is_asked(
    collected: Organization, clock: Clock
) -> None:
    """Its sources were invented: asking them would reach somebody else."""
    ask_job(organization=collected, work=collection_of(1), by="ana", at=clock.now)
    Organization.objects.filter(pk=collected.pk).update(is_example=True)
    collected.refresh_from_db()
    with pytest.raises(ConnectionNotKeptError):
        ask_job(organization=collected, work=collection_of(1), by="ana", at=clock.now)
    examined = ask(collected, clock)

    assert claim_job(at=clock.now) == examined
    assert claim_job(at=clock.now) is None


def test_nobody_examines_another_organization(
    collected: Organization, stranger: object, signed_in: Callable[..., Client]
) -> None:
    other = signed_in(stranger)
    assert other.post(PAGE, {}).status_code == 404
    assert other.get(f"{PAGE}schedule/").status_code == 404
    assert not Job.objects.exists()
