"""`reperform remind`: write to everybody who has something to do, at most once a day."""

import logging
from datetime import UTC, datetime
from smtplib import SMTPException
from typing import Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.cli import site
from reperform.cli.noticing import tell_notices
from reperform.cli.readiness import OrganizationUnknownError

_WHO = "the installation"
_log = logging.getLogger(__name__)


class MailServerNeededError(RefusalError):
    """Letters are to be sent, and no server is named that sends them."""

    slug = "mail-server-needed"


def remind(
    *,
    organization: Annotated[
        str, typer.Option(help="Address of one organization; all of them when left out.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
    ] = False,
) -> None:
    """Write to each member what is late and what comes in the next seven days.

    Run it each day from a timer of the system. A member gets at most one letter a day, however
    often it runs; compliance managers also read what is overdue of others. What was noticed is told
    once to who looks after the program and to whose it is. Nobody of the example company is
    written to.
    """
    site.open_site()
    from django.conf import settings  # noqa: PLC0415 - after open_site

    from reperform.accounts.models import Organization  # noqa: PLC0415 - as above

    if not settings.MAIL_IS_SENT and not dry_run:
        raise MailServerNeededError(
            "nobody was reminded: REPERFORM_SMTP_URL names no mail server",
            why="A timer that runs and sends nothing would look like a program without work.",
            todo="set it as docs/how-to/run-a-server.md says, or look with --dry-run",
        )
    found = Organization.objects.filter(is_example=False).order_by("slug")
    if organization:
        found = found.filter(slug=organization)
        if not found.exists():
            raise OrganizationUnknownError(
                f"nobody was reminded: there is no organization {organization!r}",
                why="Whoever relies on a letter would wait for one that nobody sends.",
                todo="take an address from: reperform organization list",
            )
    failed = sum(_remind(each, dry_run=dry_run) for each in found)
    if failed:
        typer.echo(f"{failed} not sent: run it again", err=True)
        raise typer.Exit(1)


def _remind(organization: object, *, dry_run: bool) -> int:
    """Write to the members of one organization; return how many letters were not taken."""
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after open_site
    from reperform.program.calendar.letter import letter  # noqa: PLC0415 - as above
    from reperform.program.queries.reminders import digests, was_reminded  # noqa: PLC0415

    assert isinstance(organization, Organization)  # noqa: S101 - what the caller read
    at, failed = datetime.now(UTC), 0
    today = at.date()
    url = f"{site.url()}/o/{organization.slug}"
    for member, found in digests(organization, today=today):
        named = f"{organization.slug}  {member.user.email}"
        said = f"{len(found.items)} to do, {len(found.late)} late, {len(found.overdue)} of others"
        if found.is_empty:
            continue
        if was_reminded(member, today):
            typer.echo(f"{named}  reminded today already")
        elif dry_run:
            typer.echo(f"{named}  would read: {said}")
        else:
            subject, text = letter(found, organization=organization.name, url=url)
            outcome = _send(member, subject, text, things=len(found.items) + len(found.overdue))
            failed += outcome == "not sent"
            typer.echo(f"{named}  {outcome}: {said}")
    return failed + tell_notices(organization, url=site.url(), dry_run=dry_run)


def _send(member: object, subject: str, text: str, *, things: int) -> str:
    """Send one letter, and return what became of it."""
    from django.core.mail import send_mail  # noqa: PLC0415 - after open_site

    from reperform.accounts.models import Membership  # noqa: PLC0415 - as above
    from reperform.program.actions.reminders import (  # noqa: PLC0415 - as above
        claim_reminder,
        keep_reminder,
        release_reminder,
    )

    assert isinstance(member, Membership)  # noqa: S101 - what the caller read
    today = datetime.now(UTC).date()
    if not claim_reminder(member=member, on=today, items=things):
        return "reminded today already"
    try:
        send_mail(subject, text, None, [member.user.email])
    except (SMTPException, OSError) as error:
        release_reminder(member=member, on=today)
        _log.warning("a reminder was not sent: %s", type(error).__name__)
        return "not sent"
    keep_reminder(member=member, on=today, by=_WHO, at=datetime.now(UTC))
    return "sent"
