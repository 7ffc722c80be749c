"""The log on disk: SQLite decides the order, tiles and checkpoint are derived from it.

An entry is durable in SQLite before `append` returns.  Tiles are written before the checkpoint
that covers them, each whole or not at all; whatever is killed in between, the next `checkpoint`
derives the rest from SQLite.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.base.refusal import RefusalError
from reperform.ledger.checkpoint import Checkpoint, parse_checkpoint
from reperform.ledger.merkle import leaf_hash, root_of
from reperform.ledger.note import Verifier, sign_note
from reperform.ledger.tiles import (
    LARGEST_ENTRY,
    WIDTH,
    entry_paths,
    hash_tiles,
    pack_entries,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS log (one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL)
STRICT;
CREATE TRIGGER IF NOT EXISTS entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END;
"""
_WAIT_SECONDS = 30


class HistoryLostError(RefusalError):
    """What a signed checkpoint or a full tile covers is not what the log holds."""

    slug = "history-lost"


class Log:
    """One append-only log in a folder.  Safe for several processes at once."""

    def __init__(self, folder: Path, *, origin: str, key_name: str, key: Ed25519PrivateKey) -> None:
        """Open the log, or begin it under the name `origin`; one that exists keeps its name.

        Raises:
            HistoryLostError: the signed checkpoint covers what the log does not hold.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key, self._key_name = folder, key, key_name
        self._database = sqlite3.connect(
            folder / "log.sqlite", timeout=_WAIT_SECONDS, isolation_level=None
        )
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(_SCHEMA)
        self._database.execute("INSERT OR IGNORE INTO log VALUES (1, ?)", (origin,))
        self._refuse_lost_history()

    def close(self) -> None:
        """Close the log."""
        self._database.close()

    @property
    def origin(self) -> str:
        """The log's name."""
        return str(self._database.execute("SELECT origin FROM log").fetchone()[0])

    @property
    def verifier(self) -> Verifier:
        """The key that verifies this log's signatures."""
        return Verifier(name=self._key_name, public=self._key.public_key().public_bytes_raw())

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def append(self, entry: bytes) -> int:
        """Append an entry, durable before this returns; return its number.

        Raises:
            ValueError: the entry is larger than a tile can hold.
        """
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"an entry has at most {LARGEST_ENTRY:,} bytes, not {len(entry):,}")
        with self._transaction() as database:
            query = "SELECT coalesce(max(number) + 1, 0) FROM entry"
            number = int(database.execute(query).fetchone()[0])
            database.execute("INSERT INTO entry VALUES (?, ?)", (number, entry))
        return number

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM entry").fetchone()[0])

    def entries(self) -> list[bytes]:
        """Return every entry in order."""
        with closing(self._database.execute("SELECT content FROM entry ORDER BY number")) as rows:
            return [bytes(content) for (content,) in rows]

    def checkpoint(self) -> Checkpoint:
        """Write the tiles of every entry there is, then sign and write the checkpoint.

        Raises:
            HistoryLostError: a full tile on disk is not what the entries give.
        """
        entries = self.entries()
        leaves = [leaf_hash(entry) for entry in entries]
        for number, (path, width) in enumerate(entry_paths(len(entries))):
            self._write_tile(path, pack_entries(entries[number * WIDTH :][:width]), width)
        for path, content in hash_tiles(leaves):
            self._write_tile(path, content, len(content) // 32)
        checkpoint = Checkpoint(origin=self.origin, size=len(entries), root=root_of(leaves))
        signed = sign_note(checkpoint.text, name=self._key_name, key=self._key)
        self._write("checkpoint", signed)
        return checkpoint

    def _write_tile(self, path: str, content: bytes, width: int) -> None:
        target = self._folder / path
        if target.exists():
            if target.read_bytes() == content:
                return
            if width == WIDTH:
                raise _lost(f"{path} is not what the entries give")
        self._write(path, content)

    def _write(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix="incoming-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(name).replace(target)
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _refuse_lost_history(self) -> None:
        path = self._folder / "checkpoint"
        if not path.exists():
            return
        checkpoint, _ = parse_checkpoint(path.read_bytes())
        leaves = [leaf_hash(entry) for entry in self.entries()[: checkpoint.size]]
        if len(leaves) < checkpoint.size or root_of(leaves) != checkpoint.root:
            raise _lost(f"its checkpoint covers {checkpoint.size:,} entries that differ")


def _lost(what: str) -> HistoryLostError:
    return HistoryLostError(
        f"nothing was appended: {what}",
        why="The log was signed with another content; going on would hide that.",
        todo="restore the log's folder from a backup, or begin in a new folder and keep this one",
    )
