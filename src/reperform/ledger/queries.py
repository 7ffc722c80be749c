"""Reading the trail of changes back, each checked against its leaf."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from reperform.ledger.key import KEY_NAME, installation_key
from reperform.ledger.merkle import leaf_hash
from reperform.ledger.models import Change, Head, Leaf, TrailVerification
from reperform.ledger.note import Verifier
from reperform.ledger.trail_check import SALT_BYTES, ChangeRow, LeafRow, check_leaf
from reperform.ledger.tree import Tree


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


def changes(
    log: str, *, subject: str | None = None, act: str | None = None, by: str | None = None
) -> QuerySet[Change]:
    """Return the changes of a log, newest first: of one subject, one act, one person, or all."""
    found = Change.objects.filter(log=log).select_related("leaf").order_by("-leaf")
    asked = {"subject": subject, "act": act, "by": by}
    return found.filter(**{name: value for name, value in asked.items() if value is not None})


def part(found: QuerySet[Change], first: int, end: int) -> list[Change]:
    """Return those of `found` from `first` to before `end`.

    What is skipped is skipped by its place in an index: the further back, the more that matters,
    as every change that is read brings its leaf.
    """
    chosen = list(found.values_list("pk", flat=True)[first:end])
    return list(found.filter(pk__in=chosen))


def shown(change: Change) -> ChangeView:
    """Return a change as a page shows it."""
    said = json.loads(bytes(change.content)[SALT_BYTES:])
    return ChangeView(
        number=change.leaf.number,
        at=change.at,
        by=change.by,
        act=change.act,
        subject=change.subject,
        before=said["before"] or {},
        after=said["after"] or {},
    )


def change(log: str, number: int) -> Change | None:
    """Return the change that entry `number` sealed; None when there is none."""
    found = Change.objects.filter(log=log, leaf__log=log, leaf__number=number)
    return found.select_related("leaf").first()


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
    """Check the newest leaves of a log, in two queries; `trail_check` checks every one."""
    whole = size(log)
    expected = range(max(0, whole - most), whole)
    intact = {
        leaf.number
        for leaf in leaf_rows(log, first=expected.start)
        if not any(check_leaf(leaf, log=log, verifier=verifier))
    }
    return LedgerCheck(
        size=whole,
        checked=len(expected),
        altered=tuple(number for number in expected if number not in intact),
    )


def acts(log: str) -> list[str]:
    """Return every kind of act in a log, by name."""
    return sorted(Change.objects.filter(log=log).values_list("act", flat=True).distinct())


def size(log: str) -> int:
    """Return how many entries a log has; 0 for one that was never begun."""
    head = Head.objects.filter(log=log).first()
    return head.size if head else 0


def entries(log: str, first: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the entries of a log in order, from `first` to before `end`, or to the last."""
    leaves = Leaf.objects.filter(log_id=log, number__gte=first).order_by("number")
    if end is not None:
        leaves = leaves.filter(number__lt=end)
    for entry in leaves.values_list("entry", flat=True).iterator():
        yield bytes(entry)


def changes_of(log: str, *, acts: Collection[str], end: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and sealed content of the changes of some acts, in order, before entry `end`."""
    found = Change.objects.filter(log=log, act__in=acts, leaf__number__lt=end)
    rows = found.order_by("leaf__number").values_list("leaf__number", "content")
    for number, content in rows.iterator():
        yield number, bytes(content)


def tree(log: str) -> Tree:
    """Return the Merkle tree over a log's entries, read whole each time.

    Nothing of it is kept between two calls: a proof must be of what the database holds now, and a
    tree from memory would hide that somebody changed it.  docs/explanation/performance.md has what
    that takes.
    """
    return Tree(leaf_hash(entry) for entry in entries(log))


def leaf_rows(log: str, *, first: int = 0) -> Iterator[LeafRow]:
    """Yield what a log holds, entry by entry, for `trail_check.check_trail`."""
    leaves = Leaf.objects.filter(log_id=log, number__gte=first)
    for leaf in leaves.select_related("change").order_by("number").iterator():
        change = getattr(leaf, "change", None)
        yield LeafRow(
            number=leaf.number,
            entry=bytes(leaf.entry),
            change=change
            and ChangeRow(
                log=change.log,
                at=change.at,
                by=change.by,
                act=change.act,
                subject=change.subject,
                content=bytes(change.content),
            ),
        )


def latest_check(log: str) -> TrailVerification | None:
    """Return when a log was last checked, and what was found; None when it never was."""
    return TrailVerification.objects.filter(log=log).order_by("-pk").first()
