"""What is noticed: by itself, told once, and never called over too early."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from typer.testing import CliRunner

from acme import CONNECTOR, SECRET, Acme
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.cli.app import app
from reperform.evidence.actions.connections import make_connection, retire_connection
from reperform.evidence.actions.expecting import expect_jobs
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.actions.schedules import set_schedule
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.job import MOST_ATTEMPTS, collection_of
from reperform.evidence.models import Connection
from reperform.evidence.schedule import Every, Schedule
from reperform.ledger.models import Change
from reperform.noticing.actions.looking import look
from reperform.noticing.actions.working import look_once, work_once
from reperform.noticing.letter import MOST_NAMED, notice_letter
from reperform.noticing.models import Letter, Look, Notice
from reperform.noticing.notice import Kind, Noticed, Topic
from reperform.noticing.queries.notices import CONNECTIONS, noticed
from web.test_mail import Box, box

__all__ = ["box"]

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def connection(larkspur: Organization, says: Acme) -> Connection:
    return connect(larkspur, "Acme", at=NOW - 10 * DAY)


def connect(organization: Organization, title: str, *, at: datetime) -> Connection:
    fields = ConnectionFields(title, {"account": "sales", "plan": "small"}, {"token": SECRET})
    return make_connection(
        organization=organization, connector=CONNECTOR, fields=fields, by="test", at=at
    )


def daily(row: Connection, *, at: datetime) -> None:
    set_schedule(
        organization=row.organization,
        work=collection_of(row.number),
        schedule=Schedule(Every.DAY, hour=3),
        seen=0,
        by="ana",
        at=at,
    )


def collect(row: Connection, *, at: datetime) -> str:
    """Ask for a job and carry it out; return its state."""
    ask_job(organization=row.organization, work=collection_of(row.number), by="ana", at=at)
    job = work_once(clock=lambda: at)
    assert job
    return job.state


def give_up(row: Connection, *, at: datetime) -> datetime:
    """Ask for a job and carry out each of its four attempts, none of which does; return when."""
    assert collect(row, at=at) == "waiting"
    for _ in range(MOST_ATTEMPTS - 1):
        at += 2 * HOUR
        job = work_once(clock=fixed(at))
        assert job
    assert states(row)[-1] == "failed"
    return at


def fixed(at: datetime) -> Callable[[], datetime]:
    """Return a clock that stands."""
    return lambda: at


def states(row: Connection) -> list[str]:
    return list(row.jobs.order_by("due_at", "number").values_list("state", flat=True))


def kinds(organization: Organization, at: datetime) -> list[str]:
    return [each.kind.value for each in noticed(organization, at=at, watches=(CONNECTIONS,))]


def test_a_connection_that_answers_is_no_notice(connection: Connection) -> None:
    assert collect(connection, at=NOW) == "done"
    assert kinds(connection.organization, NOW) == []
    assert not Notice.objects.exists()


def test_silence_is_noticed_by_what_the_schedule_lets_one_expect(connection: Connection) -> None:
    """Three days for one that is asked daily; a month for one that nobody scheduled."""
    collect(connection, at=NOW)
    of = connection.organization

    assert kinds(of, NOW + 31 * DAY) == []
    assert kinds(of, NOW + 32 * DAY) == ["silent"]
    daily(connection, at=NOW)
    assert kinds(of, NOW + 3 * DAY) == []
    assert kinds(of, NOW + 4 * DAY) == ["silent"]


def test_one_that_was_never_whole_is_silent_since_it_was_made(connection: Connection) -> None:
    (found,) = noticed(connection.organization, at=NOW + 30 * DAY)

    assert (found.kind, found.since) == (Kind.SILENT, NOW - 10 * DAY)
    assert found.text == "no run of it was ever complete"


def test_a_run_that_did_not_bring_everything_is_noticed_when_no_attempt_is_left(
    connection: Connection, says: Acme
) -> None:
    """While it is tried again nobody is told; once it is given up, by the words of the source."""
    says.refused = f"403 for {SECRET}"
    of, at = connection.organization, NOW
    assert collect(connection, at=at) == "waiting"
    for _ in range(MOST_ATTEMPTS - 1):
        assert kinds(of, at) == []
        at += 2 * HOUR
        work_once(clock=fixed(at))

    found = noticed(of, at=at)

    assert [each.kind for each in found] == [Kind.LACKING]
    assert "403" in found[0].text
    assert SECRET not in found[0].text
    assert found[0].since == NOW


def test_it_is_over_when_a_run_is_whole_again_and_the_next_break_is_another(
    connection: Connection, says: Acme
) -> None:
    of = connection.organization

    says.refused = "403"
    first = give_up(connection, at=NOW)
    assert Notice.objects.get().over_at is None
    says.refused = ""
    assert collect(connection, at=first + HOUR) == "done"
    assert Notice.objects.get().over_at == first + HOUR
    says.refused = "403"
    second = give_up(connection, at=first + DAY)

    rows = list(Notice.objects.order_by("since").values_list("kind", "over_at"))
    assert rows == [("lacking", first + HOUR), ("lacking", None)]
    assert kinds(of, second) == ["lacking"]


def test_one_that_cannot_even_be_asked_is_noticed(
    connection: Connection, settings: Settings
) -> None:
    """Its secrets were sealed under another key: no run begins, and nobody takes that for quiet."""
    settings.SECRET_KEY = "another" * 8
    at = give_up(connection, at=NOW)

    (found,) = [
        each for each in noticed(connection.organization, at=at) if each.kind != Kind.SILENT
    ]

    assert found.kind is Kind.FAILED
    assert "secrets cannot be opened" in found.text


def test_times_that_were_missed_together_are_one_notice_and_later_ones_another(
    connection: Connection,
) -> None:
    of = connection.organization
    daily(connection, at=NOW - 9 * DAY)
    expect_jobs(organization=of, at=NOW - 5 * DAY)
    work_once(clock=lambda: NOW - 5 * DAY)
    expect_jobs(organization=of, at=NOW)
    work_once(clock=lambda: NOW)

    found = noticed(of, at=NOW)

    assert [each.kind for each in found] == [Kind.MISSED] * 2
    assert [each.since for each in found] == [NOW, NOW - 5 * DAY]
    assert [each.text[0] for each in found] == ["4", "3"]
    assert kinds(of, NOW + 31 * DAY) == ["silent"]


def test_of_a_retired_connection_nothing_is_said(connection: Connection) -> None:
    assert kinds(connection.organization, NOW + 99 * DAY) == ["silent"]
    retire_connection(
        organization=connection.organization,
        number=1,
        reason="left",
        seen=1,
        on=NOW.date(),
        by="ana",
        at=NOW,
    )
    assert kinds(connection.organization, NOW + 99 * DAY) == []


def test_looking_again_keeps_nothing_twice(connection: Connection) -> None:
    of, later = connection.organization, NOW + 40 * DAY

    assert look(organization=of, by="test", at=later) == 1
    assert look(organization=of, by="test", at=later + DAY) == 0

    assert Notice.objects.count() == 1
    assert Change.objects.filter(act="notices.kept").count() == 1


@pytest.mark.enable_socket
def test_who_may_change_connections_is_told_once(  # noqa: PLR0917 - fixtures
    larkspur: Organization,
    connection: Connection,
    member: Callable[[Role], User],
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    """Over a real mail server; what it did not take is told by the next run."""
    monkeypatch.setattr("reperform.cli.site.open_site", lambda: None)
    monkeypatch.setattr("reperform.cli.site.url", lambda: "https://soc.example.com")
    Connection.objects.update(changed_at=NOW - 40 * DAY)
    manager, port = member(Role.COMPLIANCE_MANAGER), settings.EMAIL_PORT
    member(Role.READ_ONLY)
    member(Role.CONTROL_OWNER)

    settings.EMAIL_PORT = 1
    failed = CliRunner().invoke(app, ["remind"])
    assert failed.exit_code == 1
    assert Letter.objects.get().sent_at is None
    settings.EMAIL_PORT = port
    Letter.objects.update(not_before=NOW)
    assert CliRunner().invoke(app, ["remind", "--dry-run"]).exit_code == 0
    for _ in range(2):
        done = CliRunner().invoke(app, ["remind"])
        assert done.exit_code == 0, done.output

    (letter,) = [each for each in box.letters if "noticed" in each["Subject"]]
    assert letter["To"] == manager.email
    said = letter.get_payload(decode=True).decode()
    assert "- CON-1 Acme: no run of it was ever complete (silent since" in said
    assert "https://soc.example.com/o/larkspur/notices/" in said
    assert Change.objects.filter(act="notices.told").count() == 1


def test_a_letter_names_so_many_and_counts_the_rest() -> None:
    one = Noticed(
        kind=Kind.SILENT,
        topic=Topic.CONNECTIONS,
        subject="CON-1",
        title="Acme",
        since=NOW,
        text="it is silent",
        todo="collect",
        page="connection",
    )
    subject, text = notice_letter(
        [(one, None)] * (MOST_NAMED + 3), organization="L", url="https://x/o/l"
    )

    assert subject == f"{MOST_NAMED + 3} things noticed at L"
    assert text.count("- CON-1") == MOST_NAMED
    assert "- and 3 more" in text


def test_the_page_says_that_nobody_looked_and_shows_what_a_look_finds(
    manager: Client, connection: Connection
) -> None:
    """A page that waited for a worker in silence would be calm while none runs."""
    Connection.objects.update(changed_at=NOW - 40 * DAY, title="<b>Acme</b>")
    before = manager.get("/o/larkspur/notices/").content.decode()
    assert "Nobody has ever looked." in before

    shown = manager.post("/o/larkspur/notices/", follow=True).content.decode()

    assert "no run of it was ever complete" in shown
    assert "To do: collect now, or set a schedule" in shown
    assert "&lt;b&gt;Acme&lt;/b&gt;" in shown
    assert "<b>Acme" not in shown
    assert "Nobody has" not in shown
    assert "no run of it was ever complete" in manager.get("/o/larkspur/").content.decode()
    Look.objects.update(whole_at=datetime.now(UTC) - 4 * HOUR)
    assert "Nobody has looked since" in manager.get("/o/larkspur/notices/").content.decode()


def test_the_page_narrows_to_a_kind_a_topic_a_state_and_words(
    manager: Client, connection: Connection
) -> None:
    Connection.objects.update(changed_at=NOW - 40 * DAY)
    look(organization=connection.organization, by="test", at=NOW)
    text = "no run of it was ever complete"

    for query, is_shown in (
        ("kind=silent", True),
        ("kind=missed", False),
        ("topic=connections&state=holds", True),
        ("topic=plan", False),
        ("state=over", False),
        ("q=acme+complete", True),
        ("q=nothing", False),
        ("kind=%00&topic=%F0%9F%98%80&page=-9", False),
    ):
        shown = manager.get(f"/o/larkspur/notices/?{query}").content.decode()
        assert (text in shown) == is_shown, query


def test_a_worker_looks_at_everything_each_hour(connection: Connection) -> None:
    of = connection.organization
    Connection.objects.update(changed_at=NOW - 40 * DAY)

    assert look_once(clock=fixed(NOW)) == of
    assert look_once(clock=fixed(NOW + HOUR - timedelta(seconds=1))) is None
    assert Notice.objects.filter(over_at=None).count() == 1
    Connection.objects.update(changed_at=NOW)
    assert look_once(clock=fixed(NOW + HOUR)) == of
    assert Notice.objects.get().over_at == NOW + HOUR


def test_a_look_that_ends_after_a_newer_one_changes_nothing(connection: Connection) -> None:
    """Two workers: what the slower one saw is older, and must not end what the other found."""
    of = connection.organization
    Connection.objects.update(changed_at=NOW - 30 * DAY)
    look(organization=of, by="test", at=NOW + 2 * DAY)
    assert Notice.objects.get().over_at is None

    assert look(organization=of, by="test", at=NOW) == 0

    assert Notice.objects.get().over_at is None


def test_another_organizations_notices_are_not_shown(
    connection: Connection, stranger: Callable[..., object]
) -> None:
    other = Organization.objects.exclude(pk=connection.organization.pk).get()
    assert noticed(other, at=NOW + 99 * DAY) == []


def test_what_is_noticed_takes_two_queries_for_any_number_of_connections(
    larkspur: Organization,
    connection: Connection,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(8):
        connect(larkspur, f"Acme {number}", at=NOW)
    with django_assert_num_queries(2):
        assert len(noticed(larkspur, at=NOW + 99 * DAY, watches=(CONNECTIONS,))) == 9
