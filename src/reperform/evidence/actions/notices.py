"""Keeping what was noticed at connections, and whom a letter told of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.evidence.models import Connection, Notice, ToldNotice
from reperform.evidence.notice import Noticed
from reperform.evidence.queries.notices import noticed
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock

_Key = tuple[int, str, datetime]


@transaction.atomic
def keep_notices(*, organization: Organization, by: str, at: datetime) -> int:
    """Keep what is to be noticed now, and what holds no more; return how many are new.

    Args:
        organization: whose connections.
        by: who looked.
        at: when.
    """
    lock(organization)
    now = {_key(each): each for each in noticed(organization, at=at)}
    of = Q(over_at=None) | Q(since__in={since for _, _, since in now})
    kept = Notice.objects.filter(of, organization=organization).select_related("connection")
    known = {(each.connection.number, each.kind, each.since): each for each in kept}
    over = [each for key, each in known.items() if each.over_at is None and key not in now]
    again = [known[key] for key in now if key in known and known[key].over_at is not None]
    new = [each for key, each in now.items() if key not in known]
    if not over and not again and not new:
        return 0
    Notice.objects.filter(pk__in=[each.pk for each in over]).update(over_at=at)
    Notice.objects.filter(pk__in=[each.pk for each in again]).update(over_at=None)
    numbers = {each.connection for each in new}
    rows = Connection.objects.filter(organization=organization, number__in=numbers)
    ids = dict(rows.values_list("number", "pk"))
    Notice.objects.bulk_create(
        Notice(
            organization=organization,
            connection_id=ids[each.connection],
            kind=each.kind.value,
            since=each.since,
            text=each.text,
            noticed_at=at,
        )
        for each in new
    )
    record(
        log=organization.log,
        act="notices.kept",
        by=by,
        at=at,
        subject="notices",
        after={
            "new": [f"CON-{each.connection} {each.kind.value}: {each.text}" for each in new],
            "again": [_said(each) for each in again],
            "over": [_said(each) for each in over],
        },
    )
    return len(new)


def _key(each: Noticed) -> _Key:
    return each.connection, each.kind.value, each.since


def _said(row: Notice) -> str:
    return f"CON-{row.connection.number} {row.kind}"


@transaction.atomic
def claim_notices(*, member: Membership, notices: Sequence[Notice]) -> list[Notice]:
    """Return those of which it is ours to tell a member: of two that try at once, one's.

    What is claimed is confirmed by `keep_told`, or given back by `release_notices`.
    """
    return [
        each for each in notices if ToldNotice.objects.get_or_create(notice=each, member=member)[1]
    ]


def release_notices(*, member: Membership, notices: Sequence[Notice]) -> None:
    """Give claims back: the mail server did not take the letter."""
    ToldNotice.objects.filter(member=member, notice__in=notices, sent_at=None).delete()


@transaction.atomic
def keep_told(*, member: Membership, notices: Sequence[Notice], by: str, at: datetime) -> None:
    """Record that the mail server took the letter that tells a member of notices."""
    rows = ToldNotice.objects.filter(member=member, notice__in=notices, sent_at=None)
    count = rows.update(sent_at=at)
    if not count:
        return
    record(
        log=member.organization.log,
        act="notices.told",
        by=by,
        at=at,
        subject=f"member {member.pk}",
        after={"notices": count},
    )
