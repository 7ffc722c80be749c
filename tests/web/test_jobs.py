"""Schedules and jobs: each moment once, nothing twice, and what was missed stays visible."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acme import CONNECTOR, SECRET, Acme
from reperform.accounts.models import Organization
from reperform.evidence.actions.connections import make_connection, retire_connection
from reperform.evidence.actions.expecting import BY_ITSELF, expect_jobs
from reperform.evidence.actions.jobs import ask_job, claim_job, end_job, renew_claim
from reperform.evidence.actions.schedules import pause_schedule, set_schedule
from reperform.evidence.actions.workers import begin_worker, end_worker
from reperform.evidence.actions.working import work_once
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.job import LEASE, MOST_ATTEMPTS, Ended, collection_of
from reperform.evidence.models import Connection, Job, JobAttempt, JobSchedule, Run
from reperform.evidence.queries.jobs import health_of_workers, is_alive, is_due, workers
from reperform.evidence.schedule import Every, Schedule, later
from reperform.ledger.queries import changes, shown

BEGAN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HOURLY = Schedule(Every.HOUR, minute=7)
DAILY = Schedule(Every.DAY, hour=3)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Clock:
    """Time that a test is in charge of."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection(larkspur: Organization, says: Acme) -> Connection:
    return connect(larkspur, "Acme")


def connect(organization: Organization, title: str) -> Connection:
    fields = ConnectionFields(title, {"account": title, "plan": "small"}, {"token": SECRET})
    return make_connection(
        organization=organization, connector=CONNECTOR, fields=fields, by="test", at=BEGAN
    )


def plan(row: Connection, schedule: Schedule, *, at: datetime = BEGAN, seen: int = 0) -> None:
    set_schedule(
        organization=row.organization,
        work=collection_of(row.number),
        schedule=schedule,
        seen=seen,
        by="ana",
        at=at,
    )


def states(row: Connection) -> list[tuple[datetime, str]]:
    return list(row.jobs.order_by("due_at").values_list("due_at", "state"))


def acts(organization: Organization, act: str) -> list[dict[str, object]]:
    found = changes(organization.log).filter(act=act).order_by("leaf")
    return [dict(shown(each).after) for each in found]


def test_a_moment_that_comes_is_collected(connection: Connection, clock: Clock) -> None:
    """Not before it, and by the schedule, not by a person."""
    plan(connection, DAILY)
    offset = JobSchedule.objects.get().offset
    clock.now = datetime(2026, 3, 2, 2, 59, tzinfo=UTC) + offset
    assert not is_due(clock.now)
    assert work_once(clock=clock) is None
    clock.now += 2 * timedelta(minutes=1)
    assert is_due(clock.now)

    job = work_once(clock=clock)

    assert job
    assert (job.state, job.run.number, job.asked_by) == ("done", 1, BY_ITSELF)  # type: ignore[union-attr]
    assert Run.objects.get().asked_by == BY_ITSELF
    assert work_once(clock=clock) is None


def test_after_a_stop_the_newest_is_caught_up_and_the_others_are_missed(
    connection: Connection, clock: Clock
) -> None:
    """Nobody can ask on Thursday what was so on Monday; the ledger says what is missing."""
    plan(connection, DAILY)
    clock.now = BEGAN + 4 * DAY

    job = work_once(clock=clock)

    assert job
    assert (job.due_at.day, job.state) == (5, "done")
    assert [(due.day, state) for due, state in states(connection)] == [
        (2, "missed"),
        (3, "missed"),
        (4, "missed"),
        (5, "done"),
    ]
    assert "no worker ran" in Job.objects.filter(state="missed")[0].reason
    (entry,) = acts(connection.organization, "job.missed")
    assert entry["count"] == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(
        st.tuples(st.integers(1, 600), st.sampled_from(["down", "expect", "work", "die"])),
        max_size=12,
    )
)
def test_whatever_goes_down_each_moment_has_one_job(
    larkspur: Organization, says: Acme, steps: list[tuple[int, str]]
) -> None:
    """Any order of minutes without a worker, with one, and with one that dies in the middle."""
    connection = connect(larkspur, f"Acme {Connection.objects.count()}")
    plan(connection, HOURLY)
    clock = Clock()
    for minutes, what in steps:
        clock.now += timedelta(minutes=minutes)
        if what == "expect":
            expect_jobs(organization=larkspur, at=clock.now)
        elif what == "work":
            work_once(clock=clock)
        elif what == "die":
            expect_jobs(organization=larkspur, at=clock.now)
            claim_job(at=clock.now)
        assert Job.objects.filter(connection=connection, state="running").count() <= 1
    clock.now += HOUR
    expect_jobs(organization=larkspur, at=clock.now)
    while work_once(clock=clock):
        pass

    jobs = Job.objects.filter(connection=connection)
    offset = JobSchedule.objects.get(connection=connection).offset
    assert list(jobs.order_by("due_at").values_list("due_at", flat=True)) == list(
        later(HOURLY, offset, BEGAN, clock.now)
    )
    assert jobs.filter(state="done").count() == jobs.filter(run__outcome="complete").count()
    assert not jobs.filter(state="missed").exclude(run=None).exists()
    assert sum(tried.number for tried in JobAttempt.objects.filter(job__in=jobs)) == sum(
        job.attempts * (job.attempts + 1) // 2 for job in jobs
    )


def test_a_source_that_is_down_is_tried_again_and_later_given_up(
    connection: Connection, clock: Clock, says: Acme
) -> None:
    says.failure = "no route to acme"
    plan(connection, DAILY)
    clock.now = BEGAN + DAY
    waits = []
    while job := work_once(clock=clock):
        assert job.run
        waits.append(job.not_before - clock.now if job.state == "waiting" else None)
        clock.now = max(clock.now, job.not_before)

    assert [str(wait) for wait in waits] == ["0:05:00", "0:20:00", "1:20:00", "None"]
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("failed", MOST_ATTEMPTS)
    assert "no route to acme" in job.reason
    assert [tried.run.number for tried in job.tries.order_by("number") if tried.run] == [1, 2, 3, 4]
    (entry,) = acts(connection.organization, "job.failed")
    assert entry["attempts"] == 4


def test_a_source_that_comes_back_is_collected_by_the_next_try(
    connection: Connection, clock: Clock, says: Acme
) -> None:
    says.failure = "no route to acme"
    plan(connection, DAILY)
    clock.now = BEGAN + DAY
    work_once(clock=clock)
    says.failure, clock.now = "", clock.now + HOUR

    job = work_once(clock=clock)

    assert job
    assert (job.state, job.attempts, job.reason) == ("done", 2, "")


def test_what_a_dead_worker_left_is_taken_when_its_lease_has_lapsed(
    connection: Connection, clock: Clock
) -> None:
    """Not before; and should it live after all, it ends nothing any more."""
    plan(connection, DAILY)
    clock.now = BEGAN + DAY
    expect_jobs(organization=connection.organization, at=clock.now)
    dead = claim_job(at=clock.now)
    assert dead
    assert claim_job(at=clock.now + LEASE - timedelta(seconds=1)) is None
    assert renew_claim(job=dead, at=clock.now)
    clock.now += LEASE + timedelta(seconds=1)

    job = work_once(clock=clock)

    assert job
    assert (job.pk, job.state, job.attempts) == (dead.pk, "done", 2)
    assert not renew_claim(job=dead, at=clock.now)
    end_job(job=dead, ended=Ended("late"), at=clock.now)
    assert Job.objects.get().state == "done"
    first, _ = JobAttempt.objects.order_by("number")
    assert (first.reason, first.run) == ("the worker stopped in the middle", None)


def test_a_job_that_ends_every_worker_is_given_up(connection: Connection, clock: Clock) -> None:
    plan(connection, DAILY)
    clock.now = BEGAN + DAY
    expect_jobs(organization=connection.organization, at=clock.now)
    for _ in range(MOST_ATTEMPTS):
        assert claim_job(at=clock.now)
        clock.now += LEASE + timedelta(seconds=1)

    assert claim_job(at=clock.now) is None

    job = Job.objects.get()
    assert (job.state, job.reason) == ("failed", "the worker stopped in the middle")
    assert len(acts(connection.organization, "job.failed")) == 1


def test_a_fault_of_a_connector_ends_the_worker_and_is_kept(
    connection: Connection, clock: Clock, says: Acme
) -> None:
    says.error = ZeroDivisionError()
    plan(connection, DAILY)
    clock.now = BEGAN + DAY

    with pytest.raises(ZeroDivisionError):
        work_once(clock=clock)

    job = Job.objects.get()
    assert (job.state, job.reason) == ("waiting", "the program stopped: ZeroDivisionError")
    assert Run.objects.get().outcome == "abandoned"


def test_of_one_connection_no_two_jobs_run(connection: Connection, clock: Clock) -> None:
    """One that somebody asks for while the scheduled one goes on is the same."""
    plan(connection, DAILY)
    clock.now = BEGAN + DAY
    expect_jobs(organization=connection.organization, at=clock.now)
    running = claim_job(at=clock.now)
    assert running
    asked = ask_job(
        organization=connection.organization, work=collection_of(1), by="ana", at=clock.now
    )
    assert asked == running
    clock.now += DAY
    expect_jobs(organization=connection.organization, at=clock.now)
    assert renew_claim(job=running, at=clock.now)

    assert claim_job(at=clock.now) is None


def test_what_nobody_began_is_missed_when_the_next_is_due(
    connection: Connection, clock: Clock
) -> None:
    plan(connection, DAILY)
    for day in (1, 2):
        expect_jobs(organization=connection.organization, at=BEGAN + day * DAY)

    assert [state for _, state in states(connection)] == ["missed", "waiting"]
    assert "before the next one was due" in Job.objects.get(state="missed").reason


def test_a_changed_schedule_keeps_what_the_old_one_expected(
    connection: Connection, clock: Clock
) -> None:
    """Nobody makes a hole go away by changing the plan after it."""
    plan(connection, DAILY)
    plan(connection, Schedule(Every.WEEK), at=BEGAN + 3 * DAY, seen=1)

    assert [state for _, state in states(connection)] == ["missed", "missed", "waiting"]
    row = JobSchedule.objects.get()
    assert row.next_at == datetime(2026, 3, 9, tzinfo=UTC) + row.offset


def test_a_paused_schedule_expects_nothing_and_says_why(
    connection: Connection, clock: Clock
) -> None:
    plan(connection, DAILY)
    pause_schedule(
        organization=connection.organization,
        work=collection_of(1),
        reason="Acme moves",
        seen=1,
        by="ana",
        at=BEGAN,
    )
    clock.now = BEGAN + 10 * DAY
    assert work_once(clock=clock) is None
    plan(connection, DAILY, at=clock.now, seen=2)
    clock.now += DAY

    job = work_once(clock=clock)

    assert job
    assert job.state == "done"
    assert Job.objects.count() == 1


def test_a_retired_connection_is_not_asked(connection: Connection, clock: Clock) -> None:
    ask_job(organization=connection.organization, work=collection_of(1), by="ana", at=BEGAN)
    retire_connection(
        organization=connection.organization,
        number=1,
        reason="left",
        seen=1,
        on=BEGAN.date(),
        by="ana",
        at=BEGAN,
    )

    assert work_once(clock=clock) is None

    job = Job.objects.get()
    assert (job.state, job.reason) == ("missed", "the connection was retired before it was asked")
    assert not Run.objects.exists()


def test_the_example_is_never_asked(
    connection: Connection, larkspur: Organization, clock: Clock
) -> None:
    """Its sources were invented: asking them would reach somebody else."""
    plan(connection, DAILY)
    Organization.objects.filter(pk=larkspur.pk).update(is_example=True)
    clock.now = BEGAN + DAY

    assert not is_due(clock.now)
    assert work_once(clock=clock) is None
    assert not Job.objects.exists()


def test_another_organizations_jobs_are_left_to_its_worker(
    connection: Connection, stranger: Callable[..., object], clock: Clock
) -> None:
    ask_job(organization=connection.organization, work=collection_of(1), by="ana", at=BEGAN)
    other = Organization.objects.exclude(pk=connection.organization.pk).get()

    assert work_once(clock=clock, organization=other) is None
    assert work_once(clock=clock, organization=connection.organization)


def test_schedules_of_the_same_time_begin_spread_and_always_alike(
    larkspur: Organization, says: Acme, clock: Clock
) -> None:
    """Else every source and the machine would be busy at the same minute of the night."""
    rows = [connect(larkspur, f"Acme {number}") for number in range(20)]
    for row in rows:
        plan(row, DAILY)
    offsets = [each.offset for each in JobSchedule.objects.order_by("pk")]
    assert len(set(offsets)) > 5
    assert max(offsets) < timedelta(minutes=30)
    plan(rows[0], Schedule(Every.DAY, hour=4), seen=1)
    assert JobSchedule.objects.get(connection=rows[0]).offset == offsets[0]
    clock.now = BEGAN + DAY

    expect_jobs(organization=larkspur, at=clock.now)

    due = Job.objects.exclude(connection=rows[0]).order_by("connection").values_list("due_at")
    three = datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert [each - three for (each,) in due] == offsets[1:]


def test_a_worker_gives_signs_of_life_before_and_after_its_work(
    connection: Connection, clock: Clock, manager: Client
) -> None:
    """The page says when nothing would be done, and since when."""
    address = "/o/larkspur/connections/jobs/"
    assert "None ever gave a sign of life" in manager.get(address).content.decode()
    clock.now = datetime.now(UTC)
    worker = begin_worker(host="worker-1", process=7, at=clock.now)
    ask_job(organization=connection.organization, work=collection_of(1), by="ana", at=clock.now)

    work_once(clock=clock, worker=worker)

    (row,) = workers()
    assert (row.done, row.job, is_alive(row, at=clock.now)) == (1, None, True)
    assert "1 worker at hand" in manager.get(address).content.decode()
    later_on = clock.now + LEASE + timedelta(seconds=1)
    assert not is_alive(row, at=later_on)
    assert health_of_workers(at=later_on).living == 0
    end_worker(worker=worker, at=clock.now)
    assert "No worker lives." in manager.get(address).content.decode()
    begin_worker(host="worker-2", process=8, at=clock.now + 8 * DAY)
    assert [each.host for each in workers()] == ["worker-2"]


def test_the_page_of_a_job_shows_each_attempt_and_when_the_next_one_is(
    connection: Connection, clock: Clock, says: Acme, manager: Client
) -> None:
    says.failure = "no route to acme"
    job = ask_job(organization=connection.organization, work=collection_of(1), by="a", at=BEGAN)
    for _ in range(2):
        work_once(clock=clock)
        job.refresh_from_db()
        clock.now = job.not_before

    page = " ".join(manager.get("/o/larkspur/connections/jobs/1/").content.decode().split())

    assert page.count("no route to acme") == 3  # of the job, and of both attempts
    assert f"again at {clock.now:%-d %b, %H:%M}" in page
    assert manager.get("/o/larkspur/connections/jobs/9/").status_code == 404
