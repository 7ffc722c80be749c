"""Verifying a log from its files alone: signature, tree, tiles, statements.  Pure.

Every difference is reported, not only the first, so that a reader sees what still stands.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.ledger.checkpoint import Checkpoint, parse_checkpoint
from reperform.ledger.merkle import HASH_BYTES, leaf_hash
from reperform.ledger.note import Note, NoteRefusedError, Verifier
from reperform.ledger.statement import EntryRefusedError, Statement, open_statement
from reperform.ledger.tiles import WIDTH, entry_paths, tile_path, unpack_entries
from reperform.ledger.tree import Tree

_LARGEST_LOG = 10_000_000
_KEPT = "the checkpoint that you kept"
_ASK = "do not rely on this ledger; ask for it again, byte for byte"

Read = Callable[[str], bytes]
"""Path within the log's folder -> content.  Raises OSError or KeyError when there is none."""


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """What a log says, and what is wrong with it.

    Attributes:
        checkpoint: its head; None when it cannot be read.
        statements: in order; None for an entry that is missing, or is not a statement signed by
            the key.
        problems: every difference found; empty when the log is whole.
    """

    checkpoint: Checkpoint | None
    statements: tuple[Statement | None, ...]
    problems: tuple[Problem, ...]


def verify_log(read: Read, *, verifier: Verifier, earlier: bytes | None = None) -> VerifiedLog:
    """Check a log against its checkpoint, and its checkpoint against a key.

    The root is computed from the entries themselves.  Signatures of keys other than `verifier`,
    such as witnesses, are passed over.

    Args:
        read: gives the log's files.
        verifier: the key that the reader trusts, or the one that came with the log.
        earlier: a checkpoint of the same log that the reader kept; the log must still begin
            with what it covered.
    """
    try:
        checkpoint, note = parse_checkpoint(read("checkpoint"))
    except NoteRefusedError as error:
        return VerifiedLog(None, (), (_problem("checkpoint", error.what),))
    except (OSError, KeyError):
        return VerifiedLog(None, (), (_problem("checkpoint", "it is missing"),))
    problems = _signature(note, verifier)
    if checkpoint.size > _LARGEST_LOG:
        problems.append(_problem("checkpoint", f"it claims {checkpoint.size:,} entries"))
        return VerifiedLog(checkpoint, (), tuple(problems))
    entries, leaves, broken = _read_entries(read, checkpoint.size)
    kept, unusable = _kept(earlier, checkpoint, verifier)
    problems += broken + unusable
    known = [leaf for leaf in leaves if leaf is not None]
    if len(known) == len(leaves):
        tree = Tree(known)
        problems += _tree(read, tree, checkpoint) + _begins_with(tree, kept)
    else:
        lost = len(leaves) - len(known)
        problems.append(_problem("checkpoint", f"its root was not compared: {lost:,} leaves lack"))
    statements, refused = _statements(entries, verifier)
    return VerifiedLog(checkpoint, statements, (*problems, *refused))


def _problem(where: str, what: str) -> Problem:
    return Problem(f"ledger/{where}", what, _ASK, "ledger-differs")


def _signature(note: Note, verifier: Verifier) -> list[Problem]:
    if note.signed_by(verifier):
        return []
    return [_problem("checkpoint", f"it is not signed by {verifier}")]


def _file(read: Read, path: str) -> tuple[bytes, list[Problem]]:
    try:
        return read(path), []
    except (OSError, KeyError):
        return b"", [_problem(path, "it is missing")]


def _read_entries(
    read: Read, size: int
) -> tuple[list[bytes | None], list[bytes | None], list[Problem]]:
    """Return entries, leaf hashes and problems.

    Where an entry bundle cannot be read, its leaf hashes are those of the tile, so that the rest
    of the tree can still be checked; both are None where the tile cannot be read either.
    """
    entries: list[bytes | None] = []
    leaves: list[bytes | None] = []
    problems: list[Problem] = []
    for number, (path, width) in enumerate(entry_paths(size)):
        found, broken = _bundle(read, path, width)
        problems += broken
        entries += found or [None] * width
        leaves += [leaf_hash(entry) for entry in found] or _leaves_of_tile(read, number, width)
    return entries, leaves, problems


def _bundle(read: Read, path: str, width: int) -> tuple[list[bytes], list[Problem]]:
    content, problems = _file(read, path)
    if problems:
        return [], problems
    try:
        found = unpack_entries(content)
    except ValueError as error:
        return [], [_problem(path, str(error))]
    if len(found) != width:
        return [], [_problem(path, f"it holds {len(found)} entries, not {width}")]
    return found, []


def _leaves_of_tile(read: Read, number: int, width: int) -> list[bytes | None]:
    tile, _ = _file(read, tile_path(0, number, width))
    if len(tile) != width * HASH_BYTES:
        return [None] * width
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def _tree(read: Read, tree: Tree, checkpoint: Checkpoint) -> list[Problem]:
    problems = []
    if tree.root() != checkpoint.root:
        what = f"its root is not that of the {len(tree):,} entries"
        problems.append(_problem("checkpoint", what))
    for path, content in tree.tiles():
        found, missing = _file(read, path)
        problems += missing
        if not missing and found != content:
            problems.append(_problem(path, _where_hashes_differ(path, found, content)))
    return problems


def _where_hashes_differ(path: str, found: bytes, content: bytes) -> str:
    if len(found) != len(content):
        return f"it holds {len(found):,} bytes, not {len(content):,}"
    byte = next(at for at, (a, b) in enumerate(zip(found, content, strict=True)) if a != b)
    groups = path.removesuffix(f".p/{len(content) // HASH_BYTES}").split("/")[2:]
    tile = int("".join(group.removeprefix("x") for group in groups))
    return f"its hash {tile * WIDTH + byte // HASH_BYTES} is not that of the entries"


def _kept(
    earlier: bytes | None, checkpoint: Checkpoint, verifier: Verifier
) -> tuple[Checkpoint | None, list[Problem]]:
    """Return the checkpoint that the reader kept, or why it says nothing about this log."""
    if earlier is None:
        return None, []
    try:
        kept, note = parse_checkpoint(earlier)
    except NoteRefusedError as error:
        return None, [_problem(_KEPT, error.what)]
    if kept.origin != checkpoint.origin:
        return None, [_problem(_KEPT, f"it is of another log: {visible(kept.origin, limit=100)}")]
    if not note.signed_by(verifier):
        return None, [_problem(_KEPT, f"it is not signed by {verifier}")]
    return kept, []


def _begins_with(tree: Tree, kept: Checkpoint | None) -> list[Problem]:
    if kept is None:
        return []
    if kept.size > len(tree):
        what = f"it covers {kept.size:,} entries, this log {len(tree):,}: an older copy, or cut off"
        return [_problem(_KEPT, what)]
    if tree.root(kept.size) != kept.root:
        what = f"history was rewritten: the first {kept.size:,} entries are not those it covers"
        return [_problem(_KEPT, what)]
    return []


def _statements(
    entries: list[bytes | None], verifier: Verifier
) -> tuple[tuple[Statement | None, ...], list[Problem]]:
    statements: list[Statement | None] = []
    problems = []
    for number, entry in enumerate(entries):
        statement = None
        if entry is not None:
            try:
                statement = open_statement(entry, verifier)
            except EntryRefusedError as error:
                problems.append(_problem(f"entry {number}", error.what))
        statements.append(statement)
    return tuple(statements), problems
