"""The log on disk: the sequencer decides the order; tiles and checkpoint are derived from it.

An entry is durable in the sequencer before `append` returns.  Tiles are written before the
checkpoint that covers them, each whole or not at all.  So whatever is killed in between, the
checkpoint on disk is covered by the tiles on disk, and the next `checkpoint` derives the rest.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.base.refusal import RefusalError
from reperform.ledger.checkpoint import Checkpoint, parse_checkpoint
from reperform.ledger.durable import sweep, write_whole
from reperform.ledger.merkle import HASH_BYTES, leaf_hash
from reperform.ledger.note import NoteRefusedError, Verifier, sign_note
from reperform.ledger.sequencer import SqliteSequencer
from reperform.ledger.statement import refuse_large
from reperform.ledger.tiles import WIDTH, entry_paths, pack_entries
from reperform.ledger.tree import Tree, consistency_proof, inclusion_proof

CHECKPOINT = "checkpoint"
DATABASE = "log.sqlite"
_WAIT_SECONDS = 30.0


class HistoryLostError(RefusalError):
    """What a signed checkpoint or a full tile covers is not what the log holds."""

    slug = "history-lost"


class LogKeyError(RefusalError):
    """The log was begun with another key."""

    slug = "log-key"


class Log:
    """One append-only log in a folder.  Safe for several processes; one object for each thread."""

    def __init__(
        self,
        folder: Path,
        *,
        origin: str,
        key_name: str,
        key: Ed25519PrivateKey,
        wait: float = _WAIT_SECONDS,
    ) -> None:
        """Open the log, or begin it under the name `origin`; one that exists keeps its name.

        Args:
            folder: holds `log.sqlite`, `tile/` and `checkpoint`.
            origin: the name of a new log, unique for each.
            key_name: the key's name in signatures.
            key: signs checkpoints.
            wait: seconds to wait for another process that writes.

        Raises:
            LogKeyError: the log was begun with another key.
            HistoryLostError: the signed checkpoint covers what the log does not hold.
            LogBusyError, LogNotWrittenError, LogDamagedError: see `SqliteSequencer`.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key, self._key_name = folder, key, key_name
        self._sequencer = SqliteSequencer(
            folder / DATABASE, origin=origin, verifier=str(self.verifier), wait=wait
        )
        self._tree, self._written = Tree(), 0
        try:
            self._refuse_other_key()
            with self._sequencer.hold():
                self._take_in_new_entries()
                self._signed()
                sweep(folder)
        except BaseException:
            self._sequencer.close()
            raise

    def close(self) -> None:
        """Close the log."""
        self._sequencer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._sequencer.origin

    @property
    def verifier(self) -> Verifier:
        """The key that verifies this log's signatures."""
        return Verifier(name=self._key_name, public=self._key.public_key().public_bytes_raw())

    def append(self, entry: bytes) -> int:
        """Append an entry, durable before this returns; return its number.

        Raises:
            EntryRefusedError: the entry is larger than a tile can hold.
            LogBusyError, LogNotWrittenError: it was not appended.
        """
        refuse_large(entry)
        return self._sequencer.append(entry)

    def __len__(self) -> int:
        return len(self._sequencer)

    def entries(self, first: int = 0, end: int | None = None) -> list[bytes]:
        """Return the entries from `first` to before `end`, or to the last, in order."""
        return list(self._sequencer.entries(first, end))

    def root(self, size: int) -> bytes:
        """Return the root over the first `size` entries.

        Raises:
            IndexError: there are not that many.
        """
        self._take_in_new_entries()
        if not 0 <= size <= len(self._tree):
            raise IndexError(f"there is no tree of {size} entries in a log of {len(self._tree)}")
        return self._tree.root(size)

    def inclusion_proof(self, *, index: int, size: int) -> list[bytes]:
        """Return the audit path of entry `index` in the tree over the first `size` entries.

        Raises:
            IndexError: there is no such entry, or no tree of that size.
        """
        self.root(size)
        return inclusion_proof(self._tree.hashes, index=index, size=size)

    def consistency_proof(self, *, old_size: int, size: int) -> list[bytes]:
        """Return the proof that the first `old_size` entries begin the first `size`.

        Raises:
            IndexError: there are not that many, or `old_size` is larger than `size`.
        """
        self.root(size)
        return consistency_proof(self._tree.hashes, old_size=old_size, size=size)

    def checkpoint(self) -> Checkpoint:
        """Write the tiles of every entry there is, then sign and write the checkpoint.

        A checkpoint that covers them all already stays as it is, with every signature on it.

        Raises:
            HistoryLostError: a full tile or the checkpoint on disk is not what the entries give.
            LogBusyError, LogNotWrittenError: see `SqliteSequencer`.
        """
        with self._sequencer.hold():
            self._take_in_new_entries()
            signed = self._signed()
            for path, content, width in self._tiles():
                self._write_tile(path, content, width)
            self._written = len(self._tree)
            if signed and signed.size == len(self._tree):
                return signed
            checkpoint = Checkpoint(self.origin, len(self._tree), self._tree.root())
            note = sign_note(checkpoint.text, name=self._key_name, key=self._key)
            write_whole(self._folder / CHECKPOINT, note)
            return checkpoint

    def _refuse_other_key(self) -> None:
        began = self._sequencer.verifier
        if began != str(self.verifier):
            raise LogKeyError(
                f"the log in {self._folder} was not opened: it was begun with the key {began},"
                f" not {self.verifier}",
                why="Its readers know that key; what another signs they must refuse.",
                todo="use the key that it was begun with, or begin in a new folder",
            )

    def _take_in_new_entries(self) -> None:
        for entry in self._sequencer.entries(len(self._tree)):
            self._tree.append(leaf_hash(entry))

    def _tiles(self) -> Iterator[tuple[str, bytes, int]]:
        """Yield path, content and width of what this object has not yet seen on disk.

        The first time that is every tile, so that a lost one is derived again.
        """
        size, since = len(self._tree), self._written
        first = since // WIDTH * WIDTH
        for path, width in entry_paths(size, since=since):
            yield path, pack_entries(self.entries(first, first + width)), width
            first += width
        for path, content in self._tree.tiles(since=since):
            yield path, content, len(content) // HASH_BYTES

    def _write_tile(self, path: str, content: bytes, width: int) -> None:
        target = self._folder / path
        found = target.read_bytes() if target.exists() else None
        if found is not None and found != content and width == WIDTH:
            raise _lost(target, "it is final, and not what the entries give")
        if found != content:
            write_whole(target, content)

    def _signed(self) -> Checkpoint | None:
        """Return the checkpoint on disk, after checking it against the entries.

        Raises:
            HistoryLostError: it cannot be read, is not this log's, or covers something else.
        """
        path = self._folder / CHECKPOINT
        if not path.exists():
            return None
        try:
            checkpoint, note = parse_checkpoint(path.read_bytes())
        except NoteRefusedError as error:
            raise _lost(path, error.what) from error
        if checkpoint.origin != self.origin or not note.signed_by(self.verifier):
            raise _lost(path, "it is not this log's, or not signed by its key")
        size = checkpoint.size
        if size > len(self._tree):
            raise _lost(path, f"it covers {size:,} entries, the log holds {len(self._tree):,}")
        if self._tree.root(size) != checkpoint.root:
            raise _lost(path, f"the first {size:,} entries are not those that it covers")
        return checkpoint


def _lost(path: Path, what: str) -> HistoryLostError:
    return HistoryLostError(
        f"the log was not continued: {path}: {what}",
        why="Something was signed or published that the log no longer holds; going on hides that.",
        todo=(
            "restore the log's folder from a backup, or begin in a new folder and keep this one",
            "a tile may be moved away when the log itself is right: it is derived again",
        ),
    )
