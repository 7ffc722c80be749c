"""Checkpoints: the log's name, size and root, signed.  Source: C2SP tlog-checkpoint."""

import base64
import binascii
import re
from dataclasses import dataclass

from reperform.ledger.note import Note, NoteRefusedError, parse_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_ROOT_BYTES = 32
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
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(content: bytes) -> tuple[Checkpoint, Note]:
    """Return the checkpoint that a signed note holds, and the note with its signatures.

    The signatures are not checked here: see `Note.signed_by`.

    Raises:
        NoteRefusedError: it is not a signed note, or its text is not a checkpoint.
    """
    note = parse_note(content)
    lines = note.text.split("\n")
    try:
        root = base64.b64decode(lines[2], validate=True) if len(lines) > _LINES else b""
    except (binascii.Error, ValueError):
        root = b""
    if len(lines) <= _LINES or not lines[0] or not _SIZE.fullmatch(lines[1]):
        root = b""
    if len(root) != _ROOT_BYTES:
        raise NoteRefusedError(
            "the checkpoint was not read: its lines are not name, size and root",
            why="Without them nobody can tell which entries it covers.",
            todo="ask for the checkpoint again, byte for byte",
        )
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root), note
