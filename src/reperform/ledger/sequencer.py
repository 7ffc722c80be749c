"""The sequencer: decides the order of entries and keeps them.  SQLite, one file.

`Log` asks of a sequencer no more than this class offers: the identity it was begun with, `append`,
`entries`, `len`, `hold` and `close`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reperform.base.refusal import RefusalError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT
---
CREATE TABLE IF NOT EXISTS log (
    one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, verifier TEXT NOT NULL
) STRICT
---
CREATE TRIGGER IF NOT EXISTS entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END
---
CREATE TRIGGER IF NOT EXISTS entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END
"""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DISK = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}


class LogBusyError(RefusalError):
    """Another process held the log for as long as this one waited."""

    slug = "log-busy"


class LogNotWrittenError(RefusalError):
    """The disk would not take an entry."""

    slug = "log-not-written"


class LogDamagedError(RefusalError):
    """The log's database is not one, is damaged, or has a gap."""

    slug = "log-damaged"


class SqliteSequencer:
    """Entries in one SQLite file.  Safe for several processes; one object for each thread."""

    def __init__(self, path: Path, *, origin: str, verifier: str, wait: float) -> None:
        """Open the file, or begin it with this identity; one that exists keeps its own.

        Args:
            path: the file.
            origin: the log's name.
            verifier: verifier key text of the key that signs the log.
            wait: seconds to wait for another process.

        Raises:
            LogBusyError, LogNotWrittenError, LogDamagedError: it cannot be opened.
        """
        self._path, self._wait = path, wait
        with self._refusing():
            self._database = sqlite3.connect(path, timeout=wait, isolation_level=None)
        try:
            self._begin(origin, verifier)
        except BaseException:
            self._database.close()
            raise

    def _begin(self, origin: str, verifier: str) -> None:
        with self._refusing():
            self._database.execute("PRAGMA journal_mode = WAL")
            # NORMAL would lose acknowledged entries when the power fails.
            self._database.execute("PRAGMA synchronous = FULL")
        with self.hold():
            for statement in _SCHEMA.split("---"):
                self._database.execute(statement)
            self._database.execute("INSERT OR IGNORE INTO log VALUES (1, ?, ?)", (origin, verifier))
        with self._refusing():
            found = self._database.execute("SELECT origin, verifier FROM log").fetchone()
            count, last = self._database.execute(
                "SELECT count(*), coalesce(max(number), -1) FROM entry"
            ).fetchone()
        self.origin, self.verifier = map(str, found)
        if count != last + 1:
            raise _damaged(path=self._path, what=f"{count:,} entries are numbered up to {last:,}")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other processes from appending, for the length of the block.

        What the block appends is durable when it ends, all of it or, when it raises, nothing.

        Raises:
            LogBusyError, LogNotWrittenError, LogDamagedError: nothing was appended.
        """
        with self._refusing():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite roll back by itself; a second time is an error.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def append(self, entry: bytes) -> int:
        """Append an entry, durable before this returns; return its number.

        Raises:
            LogBusyError, LogNotWrittenError, LogDamagedError: it was not appended.
        """
        with self.hold():
            number = len(self)
            self._database.execute("INSERT INTO entry VALUES (?, ?)", (number, entry))
        return number

    def __len__(self) -> int:
        with self._refusing():
            query = "SELECT coalesce(max(number) + 1, 0) FROM entry"
            return int(self._database.execute(query).fetchone()[0])

    def entries(self, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the entries from `first` to before `end`, or to the last, in order."""
        query = "SELECT content FROM entry WHERE number >= ? AND number < ? ORDER BY number"
        stop = end if end is not None else (1 << 62)
        with self._refusing(), closing(self._database.execute(query, (first, stop))) as rows:
            for (content,) in rows:
                yield bytes(content)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Say what SQLite's errors mean for the log."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
            if code in _BUSY:
                raise LogBusyError(
                    f"nothing was appended to {self._path}: another process has held the log"
                    f" for {self._wait:g} s",
                    why="Two writers at once would give two entries one number.",
                    todo="wait until the other process ends, then do it again",
                ) from error
            if code in _DISK:
                raise LogNotWrittenError(
                    f"nothing was appended to {self._path}: {error}",
                    why="An entry counts only once it is safe on disk.",
                    todo="make room on the disk and the folder writable, then do it again",
                ) from error
            if code in _DAMAGED:
                raise _damaged(path=self._path, what=str(error)) from error
            raise


def _damaged(*, path: Path, what: str) -> LogDamagedError:
    return LogDamagedError(
        f"the log was not opened: {path}: {what}",
        why="Entries that cannot be read back are lost; going on would hide that.",
        todo="restore the log's folder from a backup, or begin in a new folder and keep this one",
    )
