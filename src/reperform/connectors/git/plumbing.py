"""Running git: plumbing only, nothing that the repository's own configuration could start."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reperform.connectors.answer import NotCollectedError

_CHUNK = 1 << 20
_SAID = 2_000

# A hostile repository can name programs in its configuration; these settings take them away.
_HARMLESS = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "gpg.program=gpg", "-c", "gpg.openpgp.program=gpg"),
    *("-c", "gpg.ssh.program=ssh-keygen", "-c", "gpg.ssh.defaultKeyCommand="),
    *("-c", "gpg.x509.program=gpgsm", "-c", "protocol.allow=never"),
    *("-c", "core.pager=cat", "-c", "log.showSignature=false", "-c", "core.alternateRefsCommand="),
)
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_GRAFT_FILE": os.devnull,
}
_KEPT_VARIABLES = ("PATH", "HOME", "USER", "TMPDIR", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL")


class GitFailedError(NotCollectedError):
    """git stopped before it had answered to the end."""

    slug = "git-failed"


class Git:
    """git in one repository, read only."""

    def __init__(
        self,
        repository: Path,
        *,
        settings: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Find git.

        Raises:
            GitFailedError: git is not installed.
        """
        program = shutil.which("git")
        if program is None:
            raise GitFailedError(
                "the repository was not read: git is not installed",
                why="The history is read through git itself.",
                todo="install git, for example: apt-get install git",
            )
        self._repository = repository
        self._command = [program, "-C", str(repository), "--no-pager", *_HARMLESS, *settings]
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self._environment = {**kept, **_ENVIRONMENT, **(variables or {})}

    def with_settings(
        self, *, settings: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> "Git":
        """Return git in the same repository with further settings (`-c`, `name=value`)."""
        return Git(self._repository, settings=settings, variables=variables)

    def asked(self, *arguments: str) -> str:
        """Return the request as a reader would repeat it."""
        return " ".join(["git", *arguments])

    def say(self, *arguments: str) -> str:
        """Return what a short command prints, without the last line break.

        Raises:
            GitFailedError: it exits with anything but 0.
        """
        return self.read(*arguments).decode("utf-8", errors="replace").rstrip("\n")

    def read(self, *arguments: str) -> bytes:
        """Return what a short command prints.

        Raises:
            GitFailedError: it exits with anything but 0.
        """
        with self.open(*arguments) as output:
            return output.read()

    def attempt(self, *arguments: str) -> tuple[int, str]:
        """Return exit code and everything printed, for commands whose failure is an answer."""
        done = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", errors="replace")

    @contextmanager
    def open(self, *arguments: str, lines: Sequence[str] | IO[bytes] = ()) -> Iterator[IO[bytes]]:
        """Open what a command prints, giving it `lines` as its input.

        Raises:
            GitFailedError: it exits with anything but 0; raised when the block ends.
        """
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
            source = given
            if isinstance(lines, Sequence):
                given.writelines(f"{line}\n".encode() for line in lines)
                given.seek(0)
            else:
                source = lines  # type: ignore[assignment]
            process = subprocess.Popen(
                [*self._command, *arguments],
                env=self._environment,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            try:
                with process.stdout as output:
                    yield output
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.wait() != 0:
                errors.seek(0)
                raise self._failed(arguments, process.returncode, errors.read(_SAID))

    def stream(self, *arguments: str, lines: Sequence[str] = ()) -> Iterator[bytes]:
        """Yield what a command prints, in pieces.

        Raises:
            GitFailedError: it exits with anything but 0; raised after the last piece.
        """
        with self.open(*arguments, lines=lines) as output:
            while chunk := output.read(_CHUNK):
                yield chunk

    def _failed(self, arguments: Sequence[str], code: int, said: bytes) -> GitFailedError:
        text = said.decode("utf-8", errors="replace").strip()
        first = text.splitlines()[0] if text else f"exit code {code}"
        return GitFailedError(
            f"the repository was not read to the end: {first}",
            why=f"`{self.asked(*arguments)[:200]}` stopped, and half a history looks like a whole.",
            todo=(
                "run `git fsck --full` in the repository, and restore what it names from another",
                "clone; then run the same command again",
            ),
        )
