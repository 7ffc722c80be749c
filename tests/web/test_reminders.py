"""Reminders by mail, against a real server on this machine, and what work and gap analysis say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings
from typer.testing import CliRunner

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.queries import gap_analysis
from reperform.base.refusal import RefusalError
from reperform.catalog.installed import catalog
from reperform.cli.app import app
from reperform.ledger.models import Change
from reperform.program.actions.control_keeping import NewControl
from reperform.program.actions.controls import adopt_controls
from reperform.program.actions.occurrences import prove_occurrence
from reperform.program.actions.plan import make_task
from reperform.program.actions.scope import change_scope
from reperform.program.calendar.entries import EntryFields, EntryKind
from reperform.program.controls.document import ControlDocument
from reperform.program.gap.traces import TraceState
from reperform.program.models import SentReminder
from reperform.program.plan import TaskFields
from reperform.program.queries.work import work_of, worker_of
from reperform.program.scope.document import ScopeDocument
from web.test_mail import Box, box

__all__ = ["box"]
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

NOW = datetime.now(UTC)
TODAY = NOW.date()
WEEKLY = ControlDocument(
    "Look at the alerts",
    "Ada looks.",
    ("CC7.2",),
    nature="detective",
    kind="manual",
    frequency="weekly",
)


@pytest.fixture(autouse=True)
def _opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reperform.cli.site.open_site", lambda: None)
    monkeypatch.setattr("reperform.cli.site.url", lambda: "https://soc.example.com")


@pytest.fixture
def owner(larkspur: Organization, member: Callable[[Role], User]) -> Membership:
    """An owner of a weekly control that nobody did for some weeks."""
    membership = Membership.objects.get(user=member(Role.CONTROL_OWNER), organization=larkspur)
    adopt_controls(
        organization=larkspur,
        controls=[NewControl("OWN-01", WEEKLY, owner=membership)],
        by="test",
        at=NOW - timedelta(days=60),
    )
    first = TODAY - timedelta(days=45)
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(system="X", type=2, first=first, last=first + timedelta(days=364)),
        seen=0,
        library="0" * 64,
        by="test",
        at=NOW,
    )
    return membership


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["remind", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_owner_reads_what_is_late_once_a_day(
    larkspur: Organization, owner: Membership, box: Box
) -> None:
    first, second = run(), run()

    (letter,) = box.letters
    text = letter.get_payload(decode=True).decode()
    assert letter["To"] == owner.user.email
    assert "1 late" in letter["Subject"]
    assert "OWN-01 Look at the alerts (control to do)" in text
    assert "https://soc.example.com/o/larkspur/calendar/" in text
    assert f"{owner.user.email}  sent: " in first
    assert f"{owner.user.email}  reminded today already" in second
    assert Change.objects.filter(act="reminder.sent").count() == 1


def test_the_compliance_manager_reads_what_others_let_pass(
    larkspur: Organization, owner: Membership, member: Callable[[Role], User], box: Box
) -> None:
    manager = member(Role.COMPLIANCE_MANAGER)
    member(Role.READ_ONLY)

    run()

    letters = {each["To"]: each.get_payload(decode=True).decode() for each in box.letters}
    assert set(letters) == {owner.user.email, manager.email}
    assert "Overdue, and others do it:" in letters[manager.email]
    assert f"OWN-01 Look at the alerts ({owner.user})" in letters[manager.email]
    assert "others do it" not in letters[owner.user.email]


def test_what_the_mail_server_refuses_is_sent_by_the_next_run(
    larkspur: Organization, owner: Membership, box: Box, settings: Settings
) -> None:
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1

    failed = CliRunner().invoke(app, ["remind"])
    settings.EMAIL_PORT = port

    assert failed.exit_code == 1
    assert "not sent" in failed.output
    assert not SentReminder.objects.exists()
    assert not Change.objects.filter(act="reminder.sent").exists()
    assert "sent: " in run()
    assert len(box.letters) == 1


def test_without_a_mail_server_nothing_is_pretended(
    larkspur: Organization, owner: Membership, settings: Settings
) -> None:
    settings.MAIL_IS_SENT = False

    refused = CliRunner().invoke(app, ["remind"])

    assert isinstance(refused.exception, RefusalError)
    assert refused.exception.slug == "mail-server-needed"
    assert "would read: 2 to do, 1 late" in run("--dry-run")
    assert not SentReminder.objects.exists()


def test_nobody_is_written_to_about_nothing(
    larkspur: Organization, member: Callable[[Role], User], box: Box
) -> None:
    member(Role.CONTROL_OWNER)

    assert run() == ""
    assert not box.letters


def test_nobody_of_the_example_is_written_to(
    larkspur: Organization, owner: Membership, box: Box
) -> None:
    Organization.objects.update(is_example=True)

    run()

    assert not box.letters


def test_titles_make_no_second_line_of_a_letter(
    larkspur: Organization, owner: Membership, box: Box
) -> None:
    """What people write is text of one line, also in a subject."""
    Organization.objects.update(name="Lark\r\nBcc: all@example.com")
    title = "Review\nBcc: x@example.com"
    make_task(
        organization=larkspur,
        fields=TaskFields(title, owner=owner.pk, due_on=TODAY),
        by="test",
        at=NOW,
    )

    run()

    (letter,) = box.letters
    assert letter["Bcc"] is None
    assert letter["Subject"].startswith("Lark Bcc: all@example.com")
    assert "Review Bcc: x@example.com" in letter.get_payload(decode=True).decode()


def test_an_unknown_organization_is_refused(larkspur: Organization, box: Box) -> None:
    refused = CliRunner().invoke(app, ["remind", "--organization", "no-such"])

    assert isinstance(refused.exception, RefusalError)


def test_ones_own_work_names_the_control_until_it_is_done(
    larkspur: Organization, owner: Membership
) -> None:
    before = [each.key for each in work_of(worker_of(owner, today=TODAY))]
    for days in (0, 7):
        prove(larkspur, owner, days)

    assert before.count("OWN-01") == 2
    assert "OWN-01" not in [each.key for each in work_of(worker_of(owner, today=TODAY))]


def prove(organization: Organization, member: Membership, days: int) -> None:
    prove_occurrence(
        organization=organization,
        code="OWN-01",
        fields=EntryFields(EntryKind.DONE, TODAY - timedelta(days=days)),
        member=member,
        limited=False,
        by="test",
        at=NOW,
    )


def test_the_gap_analysis_says_what_was_missed(larkspur: Organization, owner: Membership) -> None:
    prove(larkspur, owner, 0)

    found = gap_analysis(larkspur, catalog=catalog(), at=NOW).traces["OWN-01"]

    (trace,) = [each for each in found if each.register == "Calendar"]
    assert trace.state is TraceState.LACKING
    assert "missed on" in trace.said
    assert (trace.page, trace.key) == ("calendar_control", "OWN-01")
