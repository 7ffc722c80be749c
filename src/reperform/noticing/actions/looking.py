"""Looking for what is to be noticed, and keeping when each notice begins and is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.noticing.actions.outbox import add_deliveries
from reperform.noticing.actions.telling import ask_to_tell
from reperform.noticing.models import Look, Notice
from reperform.noticing.notice import Noticed
from reperform.noticing.queries.notices import EVERY, WATCHES, Watch, noticed
from reperform.program.actions.rows import lock, next_number

_MOST_SAID = 200
"""Notices of a sort that an entry of the trail names; it counts the rest."""
_BATCH = 2_000
_Key = tuple[str, str, datetime]


def look(
    *, organization: Organization, by: str, at: datetime, watches: Sequence[Watch] = WATCHES
) -> int:
    """Keep what is to be noticed now, and what holds no more; return how many are new.

    A look that ends after a newer one changes nothing: the newer one saw what it saw, or later.

    Args:
        organization: whose program.
        by: who looked.
        at: when.
        watches: which parts are looked at; what the others found stays as it is.
    """
    found = noticed(organization, at=at, watches=watches)
    with transaction.atomic():
        lock(organization)
        if not _keep_look(organization, at, is_whole=set(watches) >= set(WATCHES)):
            return 0
        return _keep(organization, found, watches, by=by, at=at)


def _keep_look(organization: Organization, at: datetime, *, is_whole: bool) -> bool:
    """Keep that one looked; return whether nobody looked later."""
    row, _ = Look.objects.get_or_create(
        organization=organization, defaults={"at": at, "next_at": at}
    )
    if row.at > at:
        return False
    row.at = at
    if is_whole:
        row.whole_at, row.next_at = at, at + EVERY
    row.save()
    return True


def _keep(
    organization: Organization,
    found: Iterable[Noticed],
    watches: Sequence[Watch],
    *,
    by: str,
    at: datetime,
) -> int:
    kinds = [kind.value for watch in watches for kind in watch.kinds]
    rows = Notice.objects.filter(organization=organization, kind__in=kinds)
    holding = list(rows.filter(over_at=None))
    now = {_key(each): each for each in _as_they_hold(found, holding)}
    was = rows.filter(since__in={since for _, _, since in now}).exclude(over_at=None)
    known = {(each.kind, each.subject, each.since): each for each in (*holding, *was)}
    over = [each for each in holding if (each.kind, each.subject, each.since) not in now]
    again = [known[key] for key in now if key in known and known[key].over_at is not None]
    changed = [row for key, each in now.items() if (row := known.get(key)) and _say(row, each)]
    new = [each for key, each in now.items() if key not in known]
    Notice.objects.filter(pk__in=[each.pk for each in over]).update(over_at=at)
    Notice.objects.filter(pk__in=[each.pk for each in again]).update(over_at=None)
    Notice.objects.bulk_update(changed, _CHANGED, batch_size=_BATCH)
    number = next_number(Notice, organization)
    rows_made = [_row(organization, number + place, each, at) for place, each in enumerate(new)]
    Notice.objects.bulk_create(rows_made, batch_size=_BATCH)
    said = {
        "new": [f"{each.subject} {each.kind.value}: {each.text}" for each in new],
        "again": [f"{each.subject} {each.kind}" for each in again],
        "over": [f"{each.subject} {each.kind}" for each in over],
        "changed": [f"{each.subject} {each.kind}: {each.text}" for each in changed],
    }
    for each in over:
        each.over_at = at
    add_deliveries(organization, began=[*again, *rows_made], over=over, at=at)
    if new or again or over:
        ask_to_tell(organization=organization, at=at)
    if any(said.values()):
        record(
            log=organization.log,
            act="notices.kept",
            by=by,
            at=at,
            subject="notices",
            after={name: _bounded(lines) for name, lines in said.items() if lines},
        )
    return len(new)


_CHANGED = ("title", "text", "todo", "page", "key", "owner")


def _key(each: Noticed) -> _Key:
    return each.kind.value, each.subject, each.since


def _as_they_hold(found: Iterable[Noticed], holding: Sequence[Notice]) -> Iterable[Noticed]:
    """Yield what was found; what stands for many is what holds of its kind and subject already."""
    since = {(each.kind, each.subject): each.since for each in holding}
    for each in found:
        held = since.get((each.kind.value, each.subject)) if each.is_gathered else None
        yield replace(each, since=held) if held else each


def _say(row: Notice, each: Noticed) -> bool:
    """Let a kept notice say what is so now; return whether that is something else."""
    now = {**_said(each)}
    if all(getattr(row, name) == value for name, value in now.items()):
        return False
    for name, value in now.items():
        setattr(row, name, value)
    return True


def _said(each: Noticed) -> Mapping[str, object]:
    return {
        "title": each.title[:300],
        "text": each.text,
        "todo": each.todo,
        "page": each.page,
        "key": each.key,
        "owner_id": each.owner,
    }


def _row(organization: Organization, number: int, each: Noticed, at: datetime) -> Notice:
    return Notice(
        organization=organization,
        number=number,
        kind=each.kind.value,
        topic=each.topic.value,
        subject=each.subject,
        since=each.since,
        noticed_at=at,
        **_said(each),
    )


def _bounded(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_SAID
    return [*lines[:_MOST_SAID], *([f"and {more} more"] if more > 0 else [])]
