"""Telling members: a letter is written once it is due, and sent until a mail server takes it.

Writing a letter and saying what it tells of is one transaction, so nothing is told by two letters
and nothing is lost.  A worker that dies between sending and keeping that it did sends the same
letter again: at least once, with the same Message-ID, by which mailboxes know it.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from reperform.accounts.models import Membership, Organization
from reperform.ledger.actions import record
from reperform.noticing.letter import notice_letter
from reperform.noticing.models import Letter, Notice, Telling, ToldNotice
from reperform.noticing.notice import Kind
from reperform.noticing.preferences import Preferences, due_at, is_quiet, next_letter
from reperform.noticing.queries.notices import as_noticed
from reperform.noticing.queries.telling import (
    audience,
    letters_to_send,
    pending_for,
    preferences_of,
    tellings_due,
)
from reperform.program.actions.rows import lock

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=5)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360))
MOST_ATTEMPTS = 12
"""Over about two days; a mail server that is gone for longer is noticed otherwise."""
_TRIES = 5
_BY = "the worker"
_log = logging.getLogger(__name__)


def ask_to_tell(*, organization: Organization, at: datetime) -> None:
    """Have everybody who is told of anything here looked at, now."""
    for member in audience(organization):
        Telling.objects.update_or_create(member=member, defaults={"next_at": at})


@transaction.atomic
def write_letter(*, member: Membership, url: str, at: datetime) -> Letter | None:
    """Write the letter that is due to a member; None while none is, and in their quiet hours.

    When one is to see again is kept with it: nothing that waits is forgotten.

    Args:
        member: whom.
        url: of the organization's pages; empty where the installation has no address.
        at: now.
    """
    lock(member.organization)
    preferences = preferences_of(member)
    pending = pending_for(member, at=at)
    letter = None
    if not is_quiet(preferences, at):
        due = [each for each in pending if _is_due(preferences, each, at)]
        if due:
            letter = _written(member, due, url=url, at=at)
            pending = [each for each in pending if each not in due]
    following = next_letter(preferences, [(Kind(each.kind), each.noticed_at) for each in pending])
    if following:
        Telling.objects.update_or_create(member=member, defaults={"next_at": following})
    else:
        Telling.objects.filter(member=member).delete()
    return letter


def _is_due(preferences: Preferences, notice: Notice, at: datetime) -> bool:
    due = due_at(preferences, Kind(notice.kind), notice.noticed_at)
    return due is not None and due <= at


def _written(member: Membership, due: list[Notice], *, url: str, at: datetime) -> Letter:
    subject, text = notice_letter(
        [(as_noticed(each), each.over_at) for each in due],
        organization=member.organization.name,
        url=url,
    )
    letter = Letter.objects.create(
        member=member,
        message=f"notices-{secrets.token_hex(16)}",
        subject=subject,
        text=text,
        made_at=at,
        not_before=at,
    )
    ToldNotice.objects.bulk_create(
        ToldNotice(notice=each, member=member, letter=letter) for each in due
    )
    return letter


def tell_once(
    *, clock: Clock, organization: Organization | None = None, url: str = ""
) -> Membership | None:
    """See to one member whose letter may be due, and return them; None for none.

    Args:
        clock: gives the time in UTC.
        organization: whose members only; None for all.
        url: of the site, without a slash at the end; empty for none.
    """
    found = tellings_due(clock(), organization).first()
    if found is None:
        return None
    slug = found.member.organization.slug
    write_letter(member=found.member, url=f"{url}/o/{slug}" if url else "", at=clock())
    return found.member


def send_once(*, clock: Clock, organization: Organization | None = None) -> Letter | None:
    """Send one letter that waits, and keep whether it was taken; None when there is none.

    Args:
        clock: gives the time in UTC.
        organization: to whose members only; None for all.
    """
    for letter in letters_to_send(clock(), organization)[:_TRIES]:
        if _take(letter, at=clock()):
            refused, is_final = _sent(letter)
            return end_letter(letter=letter, refused=refused, is_final=is_final, at=clock())
    return None


def _take(letter: Letter, *, at: datetime) -> bool:
    """Return whether a letter became ours to send: of two that try at once, one's."""
    as_seen = Letter.objects.filter(pk=letter.pk, claim=letter.claim, sent_at=None)
    taken = as_seen.update(
        claim=secrets.token_hex(16), claimed_until=at + LEASE, attempts=F("attempts") + 1
    )
    if taken:
        letter.refresh_from_db()
    return bool(taken)


def _sent(letter: Letter) -> tuple[str, bool]:
    """Hand a letter to the mail server; return why it was not taken, and whether it never will."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    mail = EmailMessage(
        letter.subject,
        letter.text,
        None,
        [letter.member.user.email],
        headers={"Message-ID": f"<{letter.message}@{domain}>"},
    )
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return f"the mail server refuses the address ({codes[0]})", codes[0] >= 550  # noqa: PLR2004 - RFC 5321
    except (SMTPException, OSError) as error:
        _log.warning("a letter of notices was not sent: %s", type(error).__name__)
        return f"the mail server did not take it: {type(error).__name__}", False
    return "", False


@transaction.atomic
def end_letter(*, letter: Letter, refused: str, is_final: bool, at: datetime) -> Letter:
    """Keep whether the mail server took a letter; one that it did not is sent again later.

    One that another worker has taken meanwhile stays as it is.

    Args:
        letter: as it was claimed.
        refused: why it was not taken; empty when it was.
        is_final: it never will be.
        at: when.
    """
    lock(letter.member.organization)
    claim = letter.claim
    letter.refresh_from_db()
    if letter.claim != claim or letter.sent_at:
        return letter
    letter.claim, letter.claimed_until, letter.reason = "", None, refused
    act = ""
    after: dict[str, object] = {"notices": letter.told.count()}
    if not refused:
        letter.sent_at, act = at, "notices.told"
    elif is_final or letter.attempts >= MOST_ATTEMPTS:
        letter.given_up_at, act = at, "notices.untold"
        after |= {"reason": refused}
    else:
        letter.not_before = at + _WAITS[min(letter.attempts, len(_WAITS)) - 1]
    letter.save()
    if act:
        record(
            log=letter.member.organization.log,
            act=act,
            by=_BY,
            at=at,
            subject=f"member {letter.member_id}",
            after=after,
        )
    return letter
