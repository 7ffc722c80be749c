"""Pages of connections: made by what the connector declares, tested, run, and discreet."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from acme import SECRET, Acme
from answering import Said, answering
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.evidence.actions.expecting import expect_jobs
from reperform.evidence.actions.working import work_once
from reperform.evidence.models import Connection, JobSchedule, Run
from reperform.evidence.queries.access import access_of
from reperform.web.page import now

HOME = "/o/larkspur/connections/"
SAID = {"title": "Acme of sales", "account": "sales", "plan": "large", "token": SECRET}


def text(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def made(manager: Client, larkspur: Organization, says: Acme) -> Connection:
    answer = manager.post(f"{HOME}new/acme/", SAID)
    assert answer["Location"] == f"{HOME}1/", text(answer)
    return Connection.objects.get(organization=larkspur)


def test_an_empty_list_says_what_to_do_next(manager: Client, larkspur: Organization) -> None:
    assert "Nothing is connected yet" in text(manager.get(HOME))


def test_each_connector_says_what_it_asks_needs_and_cannot_see(
    manager: Client, larkspur: Organization, says: Acme
) -> None:
    shown = text(manager.get(f"{HOME}new/"))
    for said in ("Its accounts and its events.", "accounts:read", "acme.events", "everything else"):
        assert said in shown
    assert manager.get(f"{HOME}new/nothing/").status_code == 404


def test_a_connection_is_made_by_what_its_connector_asks(made: Connection) -> None:
    assert (made.title, made.connector, made.number) == ("Acme of sales", "acme", 1)
    assert made.settings == {"account": "sales", "plan": "large"}
    assert access_of(made).secrets == {"token": SECRET}


def test_what_is_wrong_is_said_at_its_field_and_no_secret_is_shown_again(
    manager: Client, larkspur: Organization, says: Acme
) -> None:
    answer = manager.post(f"{HOME}new/acme/", {**SAID, "account": "", "plan": "none"})
    assert answer.status_code == 422
    shown = text(answer)
    assert "Account is empty: at the top of every page of Acme" in shown
    assert "is none of the choices" in shown
    assert "Acme of sales" in shown
    assert SECRET not in shown
    assert not Connection.objects.exists()


def test_two_connections_in_use_have_two_titles(manager: Client, made: Connection) -> None:
    answer = manager.post(f"{HOME}new/acme/", SAID)
    assert answer.status_code == 422
    assert "Title is taken: choose another" in text(answer)


def test_a_secret_left_empty_stays_and_another_replaces_it(
    manager: Client, made: Connection
) -> None:
    form = text(manager.get(f"{HOME}1/edit/"))
    assert "It is kept: leave this empty to keep it" in form
    assert SECRET not in form
    manager.post(f"{HOME}1/edit/", {**SAID, "token": "", "account": "ops", "seen": 1})
    row = Connection.objects.get()
    assert (row.settings["account"], access_of(row).secret("token")) == ("ops", SECRET)
    manager.post(f"{HOME}1/edit/", {**SAID, "token": "another-one", "seen": 2})
    assert access_of(Connection.objects.get()).secret("token") == "another-one"


def test_two_people_who_edit_at_once_lose_nothing(manager: Client, made: Connection) -> None:
    manager.post(f"{HOME}1/edit/", {**SAID, "token": "", "title": "First", "seen": 1})
    answer = manager.post(f"{HOME}1/edit/", {**SAID, "title": "Second", "seen": 1})
    assert answer.status_code == 409
    assert "First" in text(answer)
    assert "Second" in text(answer)
    assert SECRET not in text(answer)
    assert Connection.objects.get().title == "First"


def test_the_test_button_shows_reach_and_each_permission(
    manager: Client, made: Connection, says: Acme
) -> None:
    says.refused = "403 no accounts:read"
    shown = text(manager.post(f"{HOME}1/", {"do": "check"}, follow=True))
    assert "acme as sales" in shown
    assert "403 no accounts:read" in shown
    assert ">denied<" in shown
    assert ">not known<" in shown
    says.failure = "no route to acme"
    shown = text(manager.post(f"{HOME}1/", {"do": "check"}, follow=True))
    assert "Not reached: no route to acme [secret]" in shown


def test_collecting_shows_the_run_its_questions_and_the_days(
    manager: Client, made: Connection, says: Acme
) -> None:
    says.events = [1, 2, 3]
    asked = text(manager.post(f"{HOME}1/", {"do": "collect"}, follow=True))
    assert "Job 1 is waiting: a worker does it." in asked
    assert not Run.objects.exists()
    work_once(clock=now)
    shown = text(manager.get(f"{HOME}1/"))
    assert "complete" in shown
    assert "acme.accounts" in shown
    assert "1 of 365" in shown
    assert "days of acme.accounts are evidenced" in shown
    run = text(manager.get(f"{HOME}1/runs/1/"))
    assert "acme/events no. 2" in run
    assert manager.get(f"{HOME}1/runs/2/").status_code == 404


def test_a_run_that_is_not_whole_says_why(manager: Client, made: Connection, says: Acme) -> None:
    says.refused = "403 no accounts:read"
    manager.post(f"{HOME}1/", {"do": "collect"})
    work_once(clock=now)
    shown = text(manager.get(f"{HOME}1/"))
    assert "partial" in shown
    assert "again at" in shown
    assert "403 no accounts:read" in shown


def test_a_retired_connection_says_so_and_is_not_asked(manager: Client, made: Connection) -> None:
    assert manager.post(f"{HOME}1/retire/", {"reason": " ", "seen": 1}).status_code == 422
    manager.post(f"{HOME}1/retire/", {"reason": "We left Acme", "seen": 1})
    shown = text(manager.get(f"{HOME}1/"))
    assert "We left Acme" in shown
    assert "Collect now" not in shown
    assert manager.post(f"{HOME}1/", {"do": "collect"}).status_code == 422
    assert Connection.objects.get().retired_on is not None
    assert not Run.objects.exists()


def test_who_may_only_read_sees_no_button_and_can_do_nothing(
    made: Connection, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    reader = signed_in(member(Role.AUDITOR))
    shown = text(reader.get(f"{HOME}1/"))
    assert "Acme of sales" in shown
    assert "Collect now" not in shown
    for address in ("1/", "1/edit/", "1/retire/", "new/acme/"):
        assert reader.post(f"{HOME}{address}", SAID).status_code == 403


def test_another_organization_does_not_find_it(
    made: Connection, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(stranger)
    assert browser.get(f"{HOME}1/").status_code == 404
    assert browser.get("/o/other/connections/1/").status_code == 404


def test_files_of_the_server_are_closed_unless_the_installation_opens_them(
    manager: Client, larkspur: Organization, settings: object
) -> None:
    """A link in an open folder opens nothing outside of it."""
    said = {"title": "Code", "repository": "/etc"}
    shown = text(manager.post(f"{HOME}new/git/", said))
    assert "is not below a folder that is open to connections" in shown
    assert "REPERFORM_LOCAL_SOURCES, as /" in text(manager.post(f"{HOME}new/host/", {"title": "H"}))
    settings.LOCAL_SOURCES = ("/srv",)  # type: ignore[attr-defined]
    said["repository"] = "/srv/../etc"
    assert manager.post(f"{HOME}new/git/", said).status_code == 422
    said["repository"] = "/srv/code"
    assert manager.post(f"{HOME}new/git/", said).status_code == 302


@pytest.mark.enable_socket
def test_the_network_of_the_server_is_closed_unless_the_installation_opens_it(
    manager: Client, larkspur: Organization, settings: object
) -> None:
    """Nobody looks into it by way of a connection; nothing is sent there."""
    with answering(lambda *_: Said([])) as server:
        said = {"title": "G", "group": "g", "token": "glpat-x12345", "address": server.address}
        manager.post(f"{HOME}new/gitlab/", said)
        settings.PRIVATE_SOURCES = ()  # type: ignore[attr-defined]
        shown = text(manager.post(f"{HOME}1/", {"do": "check"}, follow=True))

    assert "127.0.0.1 was not called: it is no public address" in shown
    assert server.asked == []


def test_the_days_of_the_scope_are_those_of_the_bar(
    manager: Client, made: Connection, larkspur: Organization
) -> None:
    shown = text(manager.get(f"{HOME}1/"))
    assert date.today().strftime("%Y") in shown  # noqa: DTZ011 - the page's own day
    assert "nothing was collected yet" in shown


def test_search_finds_it_by_its_title_and_its_reference(manager: Client, made: Connection) -> None:
    for question in ("sales", "CON-1"):
        assert f"{HOME}1/" in text(manager.get("/o/larkspur/search/", {"q": question}))


SCHEDULE = {"every": "week", "weekday": "friday", "hour": "3", "minute": "5", "day": "", "seen": 0}


def test_a_schedule_is_set_said_paused_and_resumed(manager: Client, made: Connection) -> None:
    assert "Nobody decided when" in text(manager.get(f"{HOME}1/"))
    said = SCHEDULE | {"zone": "Europe/Berlin"}
    shown = text(manager.post(f"{HOME}1/schedule/", said, follow=True))
    assert "Every week on friday at 03:05 (Europe/Berlin)" in shown
    assert "selected" in text(manager.get(f"{HOME}1/schedule/"))
    assert manager.post(f"{HOME}1/schedule/pause/", {"reason": "", "seen": 1}).status_code == 422
    shown = text(
        manager.post(f"{HOME}1/schedule/pause/", {"reason": "Acme moves", "seen": 1}, follow=True)
    )
    assert "but not for now: Acme moves" in shown
    again = manager.post(f"{HOME}1/schedule/pause/", {"reason": "still", "seen": 2})
    assert "no schedule of it goes on" in text(again)
    manager.post(f"{HOME}1/schedule/", said | {"seen": 2})
    assert JobSchedule.objects.get().paused_reason == ""


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("every", "century", "is none of the choices"),
        ("hour", "24", "Hour"),
        ("minute", "-1", "Minute"),
        ("day", "31", "Day of the month"),
        ("zone", "Mars/Olympus", "there is no time zone Mars/Olympus"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_at_its_field(
    manager: Client, made: Connection, field: str, value: str, complaint: str
) -> None:
    answer = manager.post(f"{HOME}1/schedule/", SCHEDULE | {field: value})
    assert answer.status_code == 422
    assert complaint in text(answer)
    assert not JobSchedule.objects.exists()


def test_of_two_who_schedule_at_once_the_second_is_told(manager: Client, made: Connection) -> None:
    manager.post(f"{HOME}1/schedule/", SCHEDULE)
    for address, said in (("", SCHEDULE | {"hour": "9"}), ("pause/", {"reason": "x", "seen": 0})):
        answer = manager.post(f"{HOME}1/schedule/{address}", said)
        assert answer.status_code == 409
        assert "friday" in text(answer)
    assert JobSchedule.objects.get().plan["hour"] == 3


def test_jobs_are_listed_with_what_was_missed(
    manager: Client, made: Connection, larkspur: Organization
) -> None:
    assert "Nothing was to be done yet" in text(manager.get(f"{HOME}jobs/"))
    manager.post(f"{HOME}1/schedule/", SCHEDULE | {"every": "hour"})
    expect_jobs(organization=larkspur, at=now() + timedelta(hours=3))
    shown = text(manager.get(f"{HOME}jobs/"))
    assert shown.count(">missed<") == 2
    assert shown.count(">waiting<") == 1
    assert "CON-1 Acme of sales" in shown
