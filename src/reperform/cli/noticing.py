"""The letters of notices that `reperform remind` writes and sends, where no worker does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Organization

_WHO = "the installation"


def tell_notices(organization: "Organization", *, url: str, dry_run: bool) -> int:
    """Look, write to those who are told what is due to them, and send it; return failures.

    Args:
        organization: of which program.
        url: of the site, without a slash at the end.
        dry_run: say how much would wait for whom; keep and send nothing.
    """
    from reperform.noticing.actions.looking import look  # noqa: PLC0415 - after open_site
    from reperform.noticing.actions.telling import send_once, tell_once  # noqa: PLC0415 - as above
    from reperform.noticing.queries.telling import audience, pending_for  # noqa: PLC0415 - as above

    if dry_run:
        for member in audience(organization):
            waits = len(pending_for(member, at=_now()))
            if waits:
                typer.echo(f"{organization.slug}  {member.user.email}  {waits} notices wait")
        return 0
    look(organization=organization, by=_WHO, at=_now())
    while tell_once(clock=_now, organization=organization, url=url):
        pass
    failed = 0
    while letter := send_once(clock=_now, organization=organization):
        failed += letter.sent_at is None
        outcome = "told" if letter.sent_at else f"not sent: {letter.reason}"
        typer.echo(f"{organization.slug}  {letter.member.user.email}  {outcome}: {letter.subject}")
    return failed


def _now() -> datetime:
    return datetime.now(UTC)
