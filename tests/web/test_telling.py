"""Letters over a real mail server: due, not in quiet hours, nothing lost, nothing told twice."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.evidence.models import Connection
from reperform.ledger.models import Change
from reperform.noticing.actions import telling
from reperform.noticing.actions.being_told import set_being_told
from reperform.noticing.actions.looking import look
from reperform.noticing.actions.telling import LEASE, MOST_ATTEMPTS, send_once, tell_once
from reperform.noticing.models import Letter, Telling, ToldNotice
from reperform.noticing.notice import Kind
from reperform.noticing.preferences import Preferences, When
from reperform.noticing.queries.notices import CONNECTIONS
from reperform.noticing.queries.tending import is_tending_due
from web.test_mail import Box, box

__all__ = ["box"]
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
NOON = datetime(2026, 9, 9, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NIGHT = Preferences(quiet_from=time(22), quiet_until=time(7))


@pytest.fixture
def manager_here(larkspur: Organization, member: Callable[[Role], User]) -> Membership:
    return Membership.objects.get(user=member(Role.COMPLIANCE_MANAGER), organization=larkspur)


def break_one(organization: Organization, at: datetime) -> None:
    Connection.objects.create(
        organization=organization,
        number=1 + Connection.objects.count(),
        title=f"Acme {Connection.objects.count()}",
        connector="git",
        changed_by="test",
        changed_at=at - 40 * DAY,
    )
    look(organization=organization, by="test", at=at, watches=(CONNECTIONS,))


def wants(member: Membership, preferences: Preferences) -> None:
    set_being_told(member=member, preferences=preferences, seen=0, by="ana", at=NOON - DAY)


def work(at: datetime) -> None:
    """Do what a worker would: write what is due, and send it."""
    while tell_once(clock=lambda: at, url="https://soc.example.com"):
        pass
    while send_once(clock=lambda: at):
        pass


def texts(box: Box) -> list[str]:
    return [each.get_payload(decode=True).decode() for each in box.letters]


def test_what_is_told_at_once_is_told_at_once_and_once(
    larkspur: Organization, manager_here: Membership, box: Box
) -> None:
    break_one(larkspur, NOON)
    for _ in range(3):
        work(NOON)
        look(organization=larkspur, by="test", at=NOON, watches=(CONNECTIONS,))

    (text,) = texts(box)
    assert "- CON-1 Acme 0: no run of it was ever complete (silent since" in text
    assert "https://soc.example.com/o/larkspur/notices/" in text
    assert box.letters[0]["To"] == manager_here.user.email
    assert Change.objects.filter(act="notices.told").count() == 1
    assert not Telling.objects.exists()


def test_what_is_noticed_in_the_night_comes_in_one_letter_in_the_morning(
    larkspur: Organization, manager_here: Membership, box: Box
) -> None:
    wants(manager_here, NIGHT)
    night = NOON + 11 * HOUR
    for hour in range(3):
        break_one(larkspur, night + hour * HOUR)
        work(night + hour * HOUR)
    assert box.letters == []
    assert Telling.objects.get().next_at == NOON + 19 * HOUR
    work(NOON + 19 * HOUR - timedelta(seconds=1))
    assert box.letters == []

    work(NOON + 19 * HOUR)

    (text,) = texts(box)
    assert text.count("- CON-") == 3


def test_what_was_over_before_the_night_was_is_told_with_its_end(
    larkspur: Organization, manager_here: Membership, box: Box
) -> None:
    """Nothing is lost in quiet hours, not even what mended itself."""
    wants(manager_here, NIGHT)
    break_one(larkspur, NOON + 11 * HOUR)
    Connection.objects.update(changed_at=NOON + 12 * HOUR)
    look(organization=larkspur, by="test", at=NOON + 12 * HOUR, watches=(CONNECTIONS,))

    work(NOON + 19 * HOUR)

    (text,) = texts(box)
    assert "over since 2026-09-10 00:00 UTC" in text


def test_a_digest_comes_at_its_time_and_what_is_urgent_does_not_wait_for_it(
    larkspur: Organization, manager_here: Membership, box: Box
) -> None:
    wants(manager_here, Preferences(when={Kind.SILENT: When.DAILY}))
    break_one(larkspur, NOON)
    work(NOON)
    assert box.letters == []
    assert Telling.objects.get().next_at == NOON + 20 * HOUR

    work(NOON + 20 * HOUR)

    assert len(box.letters) == 1


def test_who_wants_never_is_not_told_and_who_changes_their_mind_is(
    larkspur: Organization, manager_here: Membership, box: Box
) -> None:
    wants(manager_here, Preferences(when={Kind.SILENT: When.NEVER}))
    break_one(larkspur, NOON)
    work(NOON)
    assert box.letters == []
    set_being_told(member=manager_here, preferences=Preferences(), seen=1, by="ana", at=NOON + HOUR)

    work(NOON + HOUR)

    assert len(box.letters) == 1


def test_a_worker_that_dies_after_sending_sends_the_same_letter_again(
    larkspur: Organization, manager_here: Membership, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once, and by the same Message-ID: it is one letter to a mailbox that looks."""
    break_one(larkspur, NOON)
    with monkeypatch.context() as killed:
        killed.setattr(telling, "end_letter", _die)
        with pytest.raises(KeyboardInterrupt):
            work(NOON)
    work(NOON + LEASE)
    assert len(box.letters) == 1

    work(NOON + LEASE + timedelta(seconds=1))
    work(NOON + DAY)

    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].startswith("<notices-")
    assert first.get_payload() == second.get_payload()
    assert Letter.objects.get().attempts == 2
    assert ToldNotice.objects.count() == 1


def _die(**_: object) -> None:
    raise KeyboardInterrupt


def test_a_worker_that_dies_before_sending_loses_nothing(
    larkspur: Organization, manager_here: Membership, box: Box
) -> None:
    break_one(larkspur, NOON)
    assert tell_once(clock=lambda: NOON) == manager_here

    work(NOON + HOUR)

    assert len(box.letters) == 1


def test_a_mail_server_that_is_down_is_tried_again_and_given_up_visibly(
    larkspur: Organization, manager_here: Membership, box: Box, settings: Settings, manager: Client
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    break_one(larkspur, NOON)
    work(NOON)
    letter = Letter.objects.get()
    assert letter.sent_at is None
    assert letter.not_before == NOON + timedelta(minutes=2)
    assert "did not take it" in manager.get("/o/larkspur/notices/told/").content.decode()
    at = NOON
    for _ in range(MOST_ATTEMPTS - 1):
        at = Letter.objects.get().not_before
        work(at)
    assert Letter.objects.get().given_up_at == at
    assert Change.objects.filter(act="notices.untold").count() == 1

    settings.EMAIL_PORT = port
    work(at + 30 * DAY)

    assert box.letters == []


def test_the_owner_of_a_control_is_told_of_what_is_theirs_only(
    larkspur: Organization, member: Callable[[Role], User], box: Box
) -> None:
    from reperform.noticing.models import Notice  # noqa: PLC0415 - used here only

    owner = Membership.objects.get(user=member(Role.CONTROL_OWNER), organization=larkspur)
    member(Role.READ_ONLY)
    break_one(larkspur, NOON)
    break_one(larkspur, NOON)
    Notice.objects.filter(subject="CON-2").update(owner=owner)
    telling.ask_to_tell(organization=larkspur, at=NOON)

    work(NOON)

    (letter,) = box.letters
    assert letter["To"] == owner.user.email
    assert texts(box)[0].count("- CON-") == 1


def test_somebody_new_is_told_of_what_holds_and_not_of_what_was_over(
    larkspur: Organization, member: Callable[[Role], User], box: Box
) -> None:
    break_one(larkspur, NOON)
    Connection.objects.update(changed_at=NOON)
    look(organization=larkspur, by="test", at=NOON + HOUR, watches=(CONNECTIONS,))
    break_one(larkspur, NOON + HOUR)
    user = member(Role.ADMINISTRATOR)
    Membership.objects.filter(user=user).update(since=NOON + 2 * HOUR)
    telling.ask_to_tell(organization=larkspur, at=NOON + 3 * HOUR)

    work(NOON + 3 * HOUR)

    assert texts(box)[0].count("- CON-") == 1


def test_a_server_wakes_a_worker_only_where_letters_can_be_sent(
    larkspur: Organization, manager_here: Membership
) -> None:
    break_one(larkspur, NOON)
    look(organization=larkspur, by="test", at=NOON)

    assert is_tending_due(NOON, sends_mail=True)
    assert not is_tending_due(NOON, sends_mail=False)


def test_the_page_keeps_what_one_decides_and_refuses_what_cannot_be(
    larkspur: Organization, manager_here: Membership, manager: Client
) -> None:
    url = "/o/larkspur/notices/told/"
    said = {"seen": "0", "zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00"}

    assert manager.post(url, said | {"zone": "Mars"}).status_code == 422
    assert manager.post(url, said | {"quiet_days": ["Sunday"]}).status_code == 302
    shown = manager.get(url).content.decode()
    assert 'value="Europe/Berlin"' in shown
    assert manager.post(url, said | {"zone": "UTC"}).status_code == 409
    assert Change.objects.filter(act="being_told.set").count() == 1
