"""Reading the trail of changes back, each checked against its leaf."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from reperform.base.canonical import sha256_hex
from reperform.ledger.key import KEY_NAME, installation_key
from reperform.ledger.models import Change, Head, Leaf
from reperform.ledger.note import Verifier
from reperform.ledger.statement import EntryRefusedError, open_statement

_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change as a page shows it."""

    number: int
    at: datetime
    by: str
    act: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        """Field, before and after, for each field that differs."""
        names = dict.fromkeys((*self.before, *self.after))
        return [
            (name, self.before.get(name), self.after.get(name))
            for name in names
            if self.before.get(name) != self.after.get(name)
        ]


def changes(log: str, *, subject: str | None = None) -> QuerySet[Change]:
    """Return the changes of a log, or of one subject in it, newest first."""
    found = Change.objects.filter(log=log).select_related("leaf").order_by("-leaf")
    return found if subject is None else found.filter(subject=subject)


def shown(change: Change) -> ChangeView:
    """Return a change as a page shows it."""
    said = json.loads(bytes(change.content)[_SALT_BYTES:])
    return ChangeView(
        number=change.leaf.number,
        at=change.at,
        by=change.by,
        act=change.act,
        subject=change.subject,
        before=said["before"] or {},
        after=said["after"] or {},
    )


def entries(log: str) -> Iterator[bytes]:
    """Yield the entries of a log in order."""
    for leaf in Leaf.objects.filter(log_id=log).order_by("number").iterator():
        yield bytes(leaf.entry)


def installation_verifier() -> Verifier:
    """Return what this installation's seals are checked with."""
    return Verifier(name=KEY_NAME, public=installation_key().public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What a look at the end of a log found.

    Attributes:
        size: leaves of the log.
        checked: how many of the newest were looked at.
        altered: numbers of leaves that are gone, or whose change is not what was sealed.
    """

    size: int
    checked: int
    altered: tuple[int, ...]


def check_newest(log: str, verifier: Verifier, *, most: int = 50) -> LedgerCheck:
    """Check the newest leaves of a log, in two queries; `altered_changes` checks every one."""
    head = Head.objects.filter(log=log).first()
    size = head.size if head else 0
    expected = range(max(0, size - most), size)
    newest = Leaf.objects.filter(log_id=log, number__gte=expected.start).select_related("change")
    intact = {leaf.number for leaf in newest if _agrees(leaf, verifier)}
    return LedgerCheck(
        size=size,
        checked=len(expected),
        altered=tuple(number for number in expected if number not in intact),
    )


def altered_changes(log: str, verifier: Verifier) -> list[int]:
    """Return the numbers of leaves whose change is gone, or is not what was sealed.

    The columns beside the content are compared as well: pages read them.
    """
    found = []
    head = Head.objects.filter(log=log).first()
    leaves = Leaf.objects.filter(log_id=log).select_related("change").order_by("number")
    expected = 0
    for leaf in leaves.iterator():
        if leaf.number != expected or not _agrees(leaf, verifier):
            found.append(expected)
        expected = leaf.number + 1
    if head and expected != head.size:
        found.append(expected)
    return found


def _agrees(leaf: Leaf, verifier: Verifier) -> bool:
    """Return whether a leaf, read with its change, seals what the change and its columns say."""
    change: Change | None = getattr(leaf, "change", None)
    if change is None:
        return False
    try:
        statement = open_statement(bytes(leaf.entry), verifier)
    except EntryRefusedError:
        return False
    if statement.subjects["change"] != sha256_hex(bytes(change.content)):
        return False
    said = json.loads(bytes(change.content)[_SALT_BYTES:])
    beside = (change.act, change.at.isoformat(), change.by, change.subject)
    return beside == (said["act"], said["at"], said["by"], said["subject"])
