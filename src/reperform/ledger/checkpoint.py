"""Checkpoints: the log's name, size and root, signed.  Source: C2SP tlog-checkpoint."""

import re
from dataclasses import dataclass

from reperform.ledger.encoding import base64_text, from_base64
from reperform.ledger.merkle import HASH_BYTES
from reperform.ledger.note import Note, NoteRefusedError, parse_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head.

    Attributes:
        origin: the log's name, unique for each log.
        size: how many entries.
        root: the 32 bytes of the root.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text.

        >>> Checkpoint("example.org/log", 0, bytes(32)).text.splitlines()[:2]
        ['example.org/log', '0']
        """
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"


def parse_checkpoint(content: bytes) -> tuple[Checkpoint, Note]:
    """Return the checkpoint that a signed note holds, and the note with its signatures.

    The signatures are not checked here: see `Note.signed_by`.

    Raises:
        NoteRefusedError: it is not a signed note, or its text is not a checkpoint.
    """
    note = parse_note(content)
    lines = note.text.removesuffix("\n").split("\n")
    # Lines beyond the third are extensions: opaque, and allowed as long as none is empty.
    if len(lines) < _LINES or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise _refused("its lines are not name, size and root")
    try:
        root = from_base64(lines[2])
    except ValueError as error:
        raise _refused(f"its root: {error}") from error
    if len(root) != HASH_BYTES:
        raise _refused(f"its root has {len(root)} bytes, not {HASH_BYTES}")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root), note


def _refused(what: str) -> NoteRefusedError:
    return NoteRefusedError(
        f"the checkpoint was not read: {what}",
        why="Without name, size and root nobody can tell which entries it covers.",
        todo="ask for the checkpoint again, byte for byte",
    )
