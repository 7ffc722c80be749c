"""Reading files by SFTP, version 3 (draft-ietf-secsh-filexfer-02): nothing is ever written.

The protocol goes through OpenSSH's client as a subsystem, so no name of a file is a word of any
command.
"""

import os
import selectors
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reperform.connectors.openssh.line import Line, SshError

_INIT, _VERSION = 1, 2
_OPEN, _CLOSE, _READ, _LSTAT, _OPENDIR, _READDIR = 3, 4, 5, 7, 11, 12
_STATUS, _HANDLE, _DATA, _NAME, _ATTRIBUTES = 101, 102, 103, 104, 105
_OK, _END, _NOT_THERE, _DENIED = 0, 1, 2, 3
_SIZE, _OWNER, _MODE, _TIMES, _MORE = 1, 2, 4, 8, 0x80000000
_KIND, _ORDINARY = 0o170000, 0o100000
_THIRD = 3
_READ_ONLY = struct.pack(">II", 1, 0)
_LONGEST = 1 << 20
_CHUNK = 32_768
_SECONDS = 60
_MOST = 10_000


class SftpRefusedError(ValueError):
    """The server does not give one file or folder; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a folder; times are seconds since 1970, by the clock of the server."""

    name: bytes
    size: int | None
    modified: int | None
    is_file: bool


class Sftp:
    """A session with an SFTP server."""

    def __init__(self, line: Line, process: subprocess.Popen[bytes]) -> None:
        self._line, self._process, self._number = line, process, 0
        kind, _ = self._exchange(struct.pack(">BI", _INIT, _THIRD))
        if kind != _VERSION:
            raise self._broken()

    def folder(self, path: str) -> list[Entry]:
        """Return what a folder holds, but for itself and its parent.

        Raises:
            SftpRefusedError: it is not there, is no folder, or may not be listed.
            SshError: the server hung up, does not answer, or speaks something else.
        """
        handle = self._handle(_OPENDIR, _text(path.encode()))
        found: list[Entry] = []
        while True:
            kind, body = self._ask(_READDIR, _text(handle))
            if kind == _STATUS:
                self._refuse(body, but=_END)
                break
            if kind != _NAME:
                raise self._broken()
            reader = _Reader(body)
            for _ in range(reader.number()):
                name = reader.text()
                reader.text()
                found.append(reader.entry(name))
            if len(found) > _MOST:
                raise SftpRefusedError(f"it holds more than {_MOST:,} files")
        self._ask(_CLOSE, _text(handle))
        return [each for each in found if each.name not in (b".", b"..")]

    def entry(self, path: bytes) -> Entry:
        """Return what a path names, links not followed; raises as `folder`."""
        kind, body = self._ask(_LSTAT, _text(path))
        if kind == _STATUS:
            self._refuse(body)
        if kind != _ATTRIBUTES:
            raise self._broken()
        return _Reader(body).entry(path)

    def read(self, path: bytes, most: int) -> bytes:
        """Return a file's bytes, to its end or to one more than `most`; raises as `folder`."""
        handle = self._handle(_OPEN, _text(path) + _READ_ONLY)
        content = bytearray()
        while len(content) <= most:
            request = _text(handle) + struct.pack(">QI", len(content), _CHUNK)
            kind, body = self._ask(_READ, request)
            if kind == _STATUS:
                self._refuse(body, but=_END)
                break
            if kind != _DATA:
                raise self._broken()
            part = _Reader(body).text()
            if not part:
                raise self._broken()
            content += part
        self._ask(_CLOSE, _text(handle))
        return bytes(content)

    def _handle(self, request: int, body: bytes) -> bytes:
        kind, body = self._ask(request, body)
        if kind == _STATUS:
            self._refuse(body)
        if kind != _HANDLE:
            raise self._broken()
        return _Reader(body).text()

    def _refuse(self, body: bytes, *, but: int | None = None) -> None:
        reader = _Reader(body)
        code = reader.number()
        if code == but:
            return
        if code == _OK:
            raise self._broken()
        known = {_NOT_THERE: "it is not there", _DENIED: "permission denied"}
        words = (
            reader.text()[:200].decode("utf-8", errors="backslashreplace") if reader.left else ""
        )
        raise SftpRefusedError(known.get(code, words or f"the server says {code}"))

    def _ask(self, request: int, body: bytes) -> tuple[int, bytes]:
        """Return the kind and the rest of the answer to one request."""
        self._number += 1
        kind, answer = self._exchange(struct.pack(">BI", request, self._number) + body)
        if answer[:4] != struct.pack(">I", self._number):
            raise self._broken()
        return kind, answer[4:]

    def _exchange(self, packet: bytes) -> tuple[int, bytes]:
        ends = time.monotonic() + _SECONDS
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(struct.pack(">I", len(packet)) + packet)
        except OSError as error:
            raise self._broken("hung up") from error
        (length,) = struct.unpack(">I", self._bytes(4, ends))
        if not 1 <= length <= _LONGEST:
            raise self._broken()
        answer = self._bytes(length, ends)
        return answer[0], answer[1:]

    def _bytes(self, count: int, ends: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        found = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            while len(found) < count:
                if not ready.select(max(0.0, ends - time.monotonic())):
                    raise self._broken(f"did not answer within {_SECONDS} seconds")
                part = os.read(self._process.stdout.fileno(), count - len(found))
                if not part:
                    raise self._broken("hung up")
                found += part
        return bytes(found)

    def _broken(self, why: str = "does not speak SFTP as it should") -> SshError:
        return SshError(f"{self._line.host} {why}: nothing of it was read")


@contextmanager
def session(line: Line) -> Iterator[Sftp]:
    """Open a session over a connection, and end it afterwards.

    Raises:
        SshError: the server has no SFTP, or does not answer.
    """
    process = line.subsystem("sftp")
    try:
        yield Sftp(line, process)
    except (struct.error, IndexError) as error:
        raise SshError(f"{line.host} does not speak SFTP as it should") from error
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


class _Reader:
    """Takes an answer apart; what is too short raises `struct.error` or `IndexError`."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._body) - self._at

    def number(self, form: str = ">I") -> int:
        """Return the next number."""
        (value,) = struct.unpack_from(form, self._body, self._at)
        self._at += struct.calcsize(form)
        return int(value)

    def text(self) -> bytes:
        """Return the next text."""
        length = self.number()
        if length > self.left:
            raise IndexError(length)
        self._at += length
        return self._body[self._at - length : self._at]

    def entry(self, name: bytes) -> Entry:
        """Return the next attributes as those of a name."""
        flags = self.number()
        size = self.number(">Q") if flags & _SIZE else None
        if flags & _OWNER:
            self.number(">Q")
        mode = self.number() if flags & _MODE else 0
        modified = None
        if flags & _TIMES:
            self.number()
            modified = self.number()
        for _ in range(2 * self.number() if flags & _MORE else 0):
            self.text()
        return Entry(name, size, modified, mode & _KIND == _ORDINARY)
