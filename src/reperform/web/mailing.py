"""Sending what a page would otherwise show: the link of an invitation."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from reperform.accounts.models import Invitation

_log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Send the link to whom it is for; return whether the mail server took it.

    What it does not take is not lost: the page shows the link, as without a mail server.
    """
    if not settings.MAIL_IS_SENT or not invitation.email:
        return False
    organization = " ".join(invitation.organization.name.split())
    text = (
        f"{invitation.invited_by} invites you to {organization} in Reperform.\n\n"
        f"{link}\n\n"
        f"The link works once, until {invitation.expires_at:%d %B %Y, %H:%M} UTC. If you do not"
        " know what this is, do nothing.\n"
    )
    try:
        send_mail(f"Invitation to {organization}"[:200], text, None, [invitation.email])
    except (SMTPException, OSError) as error:
        _log.warning("an invitation was not sent: %s", type(error).__name__)
        return False
    return True
