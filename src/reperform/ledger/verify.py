"""Verifying a log from its files alone: signature, tree, tiles, statements."""

from collections.abc import Callable
from dataclasses import dataclass

from reperform.base.problem import Problem
from reperform.ledger.checkpoint import Checkpoint, parse_checkpoint
from reperform.ledger.merkle import leaf_hash, root_of
from reperform.ledger.note import NoteRefusedError, Verifier
from reperform.ledger.statement import EntryRefusedError, Statement, open_statement
from reperform.ledger.tiles import entry_paths, hash_tiles, unpack_entries

_LARGEST_LOG = 10_000_000
_ASK = "do not rely on this ledger; ask for it again, byte for byte"

Read = Callable[[str], bytes]
"""Path within the log's folder -> content.  Raises FileNotFoundError when there is none."""


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """What a log says, and what is wrong with it.

    Attributes:
        checkpoint: its signed head; None when it cannot be read.
        statements: in order; None for an entry that is not a statement signed by the key.
        problems: every difference found; empty when the log is whole.
    """

    checkpoint: Checkpoint | None
    statements: tuple[Statement | None, ...]
    problems: tuple[Problem, ...]


def verify_log(read: Read, *, verifier: Verifier, earlier: bytes | None = None) -> VerifiedLog:
    """Check a log against its checkpoint, and its checkpoint against a key.

    Args:
        read: gives the log's files.
        verifier: the key that the reader trusts, or the one that came with the log.
        earlier: a checkpoint of the same log that the reader kept; the log must still begin
            with what it covered.

    Every difference is reported, not only the first.
    """
    try:
        checkpoint, note = parse_checkpoint(read("checkpoint"))
    except (FileNotFoundError, NoteRefusedError) as error:
        return VerifiedLog(None, (), (_problem("checkpoint", str(error).splitlines()[0]),))
    problems = []
    if not note.signed_by(verifier):
        problems.append(_problem("checkpoint", f"it is not signed by {verifier}"))
    entries, broken = _entries(read, checkpoint)
    problems += broken
    leaves = [leaf_hash(entry) for entry in entries]
    if len(entries) != checkpoint.size or root_of(leaves) != checkpoint.root:
        problems.append(
            _problem("checkpoint", f"its root is not that of the {len(entries):,} entries")
        )
    problems += _tiles(read, leaves)
    problems += _earlier(earlier, checkpoint, leaves, verifier)
    statements, refused = _statements(entries, verifier)
    return VerifiedLog(checkpoint, tuple(statements), (*problems, *refused))


def _problem(where: str, what: str) -> Problem:
    return Problem(f"ledger/{where}", what, _ASK, "ledger-differs")


def _entries(read: Read, checkpoint: Checkpoint) -> tuple[list[bytes], list[Problem]]:
    if checkpoint.size > _LARGEST_LOG:
        return [], [_problem("checkpoint", f"it claims {checkpoint.size:,} entries")]
    entries: list[bytes] = []
    for path, width in entry_paths(checkpoint.size):
        try:
            found = unpack_entries(read(path))
        except FileNotFoundError:
            return entries, [_problem(path, "it is missing")]
        except ValueError as error:
            return entries, [_problem(path, str(error))]
        if len(found) != width:
            return entries, [_problem(path, f"it holds {len(found)} entries, not {width}")]
        entries += found
    return entries, []


def _tiles(read: Read, leaves: list[bytes]) -> list[Problem]:
    problems = []
    for path, content in hash_tiles(leaves):
        try:
            if read(path) != content:
                problems.append(_problem(path, "its hashes are not those of the entries"))
        except FileNotFoundError:
            problems.append(_problem(path, "it is missing"))
    return problems


def _earlier(
    earlier: bytes | None, checkpoint: Checkpoint, leaves: list[bytes], verifier: Verifier
) -> list[Problem]:
    if earlier is None:
        return []
    try:
        kept, note = parse_checkpoint(earlier)
    except NoteRefusedError as error:
        return [_problem("checkpoint", f"the earlier one: {str(error).splitlines()[0]}")]
    if kept.origin != checkpoint.origin or not note.signed_by(verifier):
        return [_problem("checkpoint", f"the earlier one is of another log or key: {kept.origin}")]
    if kept.size > len(leaves) or root_of(leaves[: kept.size]) != kept.root:
        what = f"history was rewritten: its first {kept.size:,} entries are not those signed before"
        return [_problem("checkpoint", what)]
    return []


def _statements(
    entries: list[bytes], verifier: Verifier
) -> tuple[list[Statement | None], list[Problem]]:
    statements: list[Statement | None] = []
    problems = []
    for number, entry in enumerate(entries):
        try:
            statements.append(open_statement(entry, verifier))
        except EntryRefusedError as error:
            statements.append(None)
            problems.append(_problem(f"entry {number}", str(error).splitlines()[0]))
    return statements, problems
