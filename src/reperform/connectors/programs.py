"""Running a program of this machine within bounds: of time, and of what it may print."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

_STEP = 1 << 16
_MOST_SAID = 1 << 16
"""Bytes of errors that are kept; the rest is read and forgotten."""


class TooMuchError(ValueError):
    """A program printed more than anybody asked for; it was killed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program printed and how it ended."""

    code: int
    output: bytes
    errors: str

    @property
    def words(self) -> str:
        """Its errors as one line."""
        return " ".join(self.errors.split())


def run_bounded(
    argv: Sequence[str], *, environment: Mapping[str, str], seconds: float, most: int
) -> Said:
    """Run a program without a shell and without input, to its end.

    Args:
        argv: the program by its absolute path, and its arguments.
        environment: all of it.
        seconds: within which it must end.
        most: bytes that it may print.

    Raises:
        TimeoutError: it did not end; it and what it started were killed.
        TooMuchError: it printed more; it and what it started were killed.
        OSError: it could not be started.
    """
    process = subprocess.Popen(
        list(argv),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - pipes were asked for
    assert process.stderr is not None  # noqa: S101 - pipes were asked for
    try:
        with process.stdout, process.stderr:
            output, errors = _read(process.stdout, process.stderr, seconds=seconds, most=most)
            process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{argv[0]} did not end within {seconds:g} seconds") from error
    except TimeoutError as error:
        raise TimeoutError(f"{argv[0]} did not end within {seconds:g} seconds") from error
    except TooMuchError as error:
        raise TooMuchError(f"{argv[0]} printed more than {most:,} bytes") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return Said(process.returncode, output, errors.decode("utf-8", errors="replace"))


def _read(
    output: IO[bytes], errors: IO[bytes], *, seconds: float, most: int
) -> tuple[bytes, bytes]:
    """Return all that is printed until both pipes are closed."""
    ends = time.monotonic() + seconds
    printed, said = bytearray(), bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(output, selectors.EVENT_READ, printed)
        ready.register(errors, selectors.EVENT_READ, said)
        while ready.get_map():
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in ready.select(left):
                part = os.read(key.fd, _STEP)
                if not part:
                    ready.unregister(key.fileobj)
                elif key.data is printed:
                    printed += part
                    if len(printed) > most:
                        raise TooMuchError
                else:
                    said += part[: max(0, _MOST_SAID - len(said))]
    return bytes(printed), bytes(said)
