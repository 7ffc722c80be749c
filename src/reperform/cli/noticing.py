"""The letter about connections that `reperform remind` sends: each notice once to each reader."""

import logging
from datetime import UTC, datetime
from smtplib import SMTPException
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Membership, Organization
    from reperform.evidence.models import Notice

_WHO = "the installation"
_log = logging.getLogger(__name__)


def tell_notices(organization: "Organization", *, url: str, dry_run: bool) -> int:
    """Write to those who may change connections what they were not told; return failures.

    Args:
        organization: whose connections.
        url: of its pages.
        dry_run: say what would be sent of what was kept before; keep and send nothing.
    """
    from reperform.evidence.actions.notices import keep_notices  # noqa: PLC0415 - after open_site
    from reperform.evidence.queries.notices import untold  # noqa: PLC0415 - as above

    if not dry_run:
        keep_notices(organization=organization, by=_WHO, at=datetime.now(UTC))
    failed = 0
    for member, found in untold(organization):
        if not found:
            continue
        named = f"{organization.slug}  {member.user.email}"
        if dry_run:
            typer.echo(f"{named}  would be told of {len(found)} at connections")
            continue
        outcome = _tell(member, found, url=url)
        failed += outcome == "not sent"
        typer.echo(f"{named}  {outcome}: {len(found)} at connections")
    return failed


def _tell(member: "Membership", found: "list[Notice]", *, url: str) -> str:
    """Send one letter, and return what became of it."""
    from django.core.mail import send_mail  # noqa: PLC0415 - after open_site

    from reperform.evidence.actions.notices import (  # noqa: PLC0415 - as above
        claim_notices,
        keep_told,
        release_notices,
    )
    from reperform.evidence.notice import notice_letter  # noqa: PLC0415 - as above
    from reperform.evidence.queries.notices import as_noticed  # noqa: PLC0415 - as above

    ours = claim_notices(member=member, notices=found)
    if not ours:
        return "told already"
    subject, text = notice_letter(
        [as_noticed(each) for each in ours], organization=member.organization.name, url=url
    )
    try:
        send_mail(subject, text, None, [member.user.email])
    except (SMTPException, OSError) as error:
        release_notices(member=member, notices=ours)
        _log.warning("a letter about connections was not sent: %s", type(error).__name__)
        return "not sent"
    keep_told(member=member, notices=ours, by=_WHO, at=datetime.now(UTC))
    return "told"
