"""Checking a log that a database keeps: order, signatures, changes, and checkpoints kept elsewhere.

Pure: it is given the rows.  Every difference is reported, not only the first.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reperform.base.canonical import sha256_hex
from reperform.base.problem import Problem
from reperform.ledger.checkpoint import parse_checkpoint
from reperform.ledger.merkle import leaf_hash
from reperform.ledger.note import NoteRefusedError, Verifier
from reperform.ledger.statement import EntryRefusedError, Statement, open_statement
from reperform.ledger.tree import Tree

SALT_BYTES = 32
_KEPT = "the checkpoint that was kept"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What one act changed, as the database has it; `content` is the salt and the sealed JSON."""

    log: str
    at: datetime
    by: str
    act: str
    subject: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LeafRow:
    """One leaf, as the database has it; `change` is None when its row is gone."""

    number: int
    entry: bytes
    change: ChangeRow | None


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """What a check found.

    Attributes:
        size: how many entries there are.
        root: over them; None when one is missing.
        problems: every difference; empty when the log is whole.
    """

    size: int
    root: bytes | None
    problems: tuple[Problem, ...]


def check_trail(
    leaves: Iterable[LeafRow],
    *,
    log: str,
    origin: str,
    size: int,
    verifier: Verifier,
    kept: Iterable[bytes] = (),
) -> TrailCheck:
    """Check a log of changes from its first entry to its last.

    Args:
        leaves: in the order of their numbers.
        log: its name, which every leaf repeats.
        origin: its name in checkpoints.
        size: how many leaves the database says there are.
        verifier: the key that signs it.
        kept: checkpoints of it that were kept outside the database.
    """
    problems: list[Problem] = []
    hashes: list[bytes] = []
    is_whole, expected = True, 0
    for leaf in leaves:
        if leaf.number > expected:
            problems.append(_missing(expected, leaf.number - 1))
            is_whole = False
        expected = leaf.number + 1
        hashes.append(leaf_hash(leaf.entry))
        problems += check_leaf(leaf, log=log, verifier=verifier)
    if expected < size:
        problems.append(_missing(expected, size - 1))
        is_whole = False
    elif expected > size:
        what = f"there are {expected:,} entries, and the database counts {size:,}"
        problems.append(_problem("entries", what))
    tree = Tree(hashes) if is_whole else None
    for checkpoint in kept:
        problems += _begins_with(checkpoint, tree, origin, verifier)
    return TrailCheck(expected, tree.root() if tree else None, tuple(problems))


def _missing(first: int, last: int) -> Problem:
    if first == last:
        return _problem(f"entry {first}", "it is missing")
    return _problem(f"entries {first} to {last}", "they are missing")


def check_leaf(leaf: LeafRow, *, log: str, verifier: Verifier) -> Iterator[Problem]:
    """Yield what is wrong with one leaf and what it sealed."""
    where = f"entry {leaf.number}"
    try:
        statement = open_statement(leaf.entry, verifier)
    except EntryRefusedError as error:
        yield _problem(where, error.what)
        return
    place = {name: statement.predicate.get(name) for name in ("log", "number")}
    if place != {"log": log, "number": leaf.number}:
        yield _problem(where, "it was signed as another entry, or of another log")
    if leaf.change is None:
        yield _problem(where, "what it sealed is gone")
        return
    yield from _change(leaf.change, statement, log, where)


def _change(change: ChangeRow, statement: Statement, log: str, where: str) -> Iterator[Problem]:
    if statement.subjects.get("change") != sha256_hex(change.content):
        yield _problem(where, "what was changed is not what it sealed")
        return
    said = json.loads(change.content[SALT_BYTES:])
    beside = {
        "act": change.act,
        "at": change.at.isoformat(),
        "by": change.by,
        "subject": change.subject,
        "log": change.log,
    }
    differing = [
        name for name, value in beside.items() if value != (log if name == "log" else said[name])
    ]
    if differing:
        yield _problem(where, f"its {' and '.join(differing)} is not what it sealed")


def _begins_with(
    content: bytes, tree: Tree | None, origin: str, verifier: Verifier
) -> Iterator[Problem]:
    try:
        kept, note = parse_checkpoint(content)
    except NoteRefusedError as error:
        yield _problem(_KEPT, error.what)
        return
    if kept.origin != origin or not note.signed_by(verifier):
        yield _problem(_KEPT, "it is of another log, or not signed by its key")
    elif tree is None:
        yield _problem(_KEPT, "it was not compared: entries are missing")
    elif kept.size > len(tree):
        what = f"it covers {kept.size:,} entries, and there are {len(tree):,}: the end was cut off"
        yield _problem(_KEPT, what)
    elif tree.root(kept.size) != kept.root:
        what = f"history was rewritten: the first {kept.size:,} entries are not those it covers"
        yield _problem(_KEPT, what)


def _problem(where: str, what: str) -> Problem:
    todo = "do not rely on it; restore the database from a backup, and find out who was in it"
    return Problem(where, what, todo, "trail-differs")
