"""Running git: plumbing only, nothing that the repository's own configuration could start."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reperform.base.visible import visible
from reperform.connectors.answer import NotCollectedError

_CHUNK = 1 << 20
_SAID = 2_000
_PATIENCE = 5
_ASIDE = ("hint:", "warning:")
_STOPPED = (-signal.SIGPIPE, 128 + signal.SIGPIPE)

REPAIR = (
    "run `git fsck --full` in the repository, and restore what it names from another",
    "clone; then run the same command again",
)

# A hostile repository can name programs in its configuration; these settings take them away.
# `core.commitGraph=false`: a cache that lies about parents is not asked, only the commits are.
_HARMLESS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.alternateRefsCommand": "",
    "core.commitGraph": "false",
    # An empty list of grafts is given below; git would warn of it before it says what is wrong.
    "advice.graftFileDeprecated": "false",
    "protocol.allow": "never",
    "log.showSignature": "false",
    "log.mailmap": "false",
    "gpg.ssh.allowedSignersFile": os.devnull,
    "gpg.ssh.revocationFile": "",
    "gpg.ssh.defaultKeyCommand": "",
    "gpg.minTrustLevel": "undefined",
}
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    # Stronger than protocol.allow, which protocol.NAME.allow in the repository would override.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_GRAFT_FILE": os.devnull,
}
_KEPT_VARIABLES = ("HOME", "USER", "SUDO_UID", "TMPDIR", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL")
_OLDEST = (2, 34)
_VERSION = re.compile(r"git version (\d+)\.(\d+)")


class GitFailedError(NotCollectedError):
    """git stopped before it had answered to the end."""

    slug = "git-failed"


class GitMissingError(NotCollectedError):
    """git is not installed, or is too old to be asked safely."""

    slug = "git-missing"


@dataclass(frozen=True, slots=True)
class Said:
    """What a short command answered, when its failure is an answer too."""

    code: int
    out: str
    error: str


class Git:
    """git in one repository, read only."""

    def __init__(
        self,
        repository: Path,
        *,
        settings: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Find git.

        Raises:
            GitMissingError: git is not installed.
        """
        # A relative entry of PATH would be looked up inside the repository.
        places = os.environ.get("PATH", os.defpath).split(os.pathsep)
        path = os.pathsep.join(place for place in places if Path(place).is_absolute())
        program = shutil.which("git", path=path)
        if program is None:
            raise _missing("git is not installed")
        self._repository = repository
        gpg = shutil.which("gpg", path=path) or os.devnull
        programs = {
            "gpg.program": gpg,
            "gpg.openpgp.program": gpg,
            "gpg.ssh.program": shutil.which("ssh-keygen", path=path) or os.devnull,
            # gpgsm would ask the network for revocation lists.
            "gpg.x509.program": os.devnull,
        }
        chosen = {**_HARMLESS, **programs, **(settings or {})}
        pairs = [part for item in chosen.items() for part in ("-c", "=".join(item))]
        self._command = [program, "-C", str(repository), "--no-pager", *pairs]
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        # Only the folder named is examined, never a repository that happens to enclose it.
        ceiling = {"GIT_CEILING_DIRECTORIES": str(Path(os.path.realpath(repository)).parent)}
        self._environment = {
            "PATH": path,
            **kept,
            **ceiling,
            **_ENVIRONMENT,
            **(variables or {}),
        }

    def refuse_old(self) -> None:
        """Accept a git that knows what this connector asks.

        Raises:
            GitMissingError: it is older.
        """
        said = self.say("version")
        found = _VERSION.match(said)
        if not found or (int(found[1]), int(found[2])) < _OLDEST:
            raise _missing(f"{said or 'git'} is installed, and 2.34 or newer is needed")

    def with_settings(
        self,
        *,
        settings: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
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

    def attempt(self, *arguments: str) -> Said:
        """Return what a short command answered, for commands whose failure is an answer."""
        done = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        out, error = (
            text.decode("utf-8", errors="replace").rstrip("\n")
            for text in (done.stdout, done.stderr)
        )
        return Said(done.returncode, out, error)

    @contextmanager
    def open(self, *arguments: str, given: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
        """Open what a command prints, with the file `given`, from its beginning, as its input.

        Raises:
            GitFailedError: it exits with anything but 0; raised when the block ends.
        """
        if given is not None:
            given.flush()
            # The child reads from the descriptor, whose place Python's own seek may not move.
            os.lseek(given.fileno(), 0, os.SEEK_SET)
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [*self._command, *arguments],
                env=self._environment,
                stdin=given or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=_CHUNK,
            )
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            try:
                with process.stdout as output:
                    yield output
            except NotCollectedError as found:
                # An answer that breaks off: git's own reason, if it gave one, says more.
                code = _ended(process)
                if code not in (0, *_STOPPED):
                    raise self._failed(arguments, code, errors) from found
                raise
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.wait() != 0:
                raise self._failed(arguments, process.returncode, errors)

    def stream(self, *arguments: str, given: IO[bytes] | None = None) -> Iterator[bytes]:
        """Yield what a command prints, in pieces.

        Raises:
            GitFailedError: it exits with anything but 0; raised after the last piece.
        """
        with self.open(*arguments, given=given) as output:
            while chunk := output.read(_CHUNK):
                yield chunk

    def _failed(self, arguments: Sequence[str], code: int, errors: IO[bytes]) -> GitFailedError:
        errors.seek(0)
        text = errors.read(_SAID).decode("utf-8", errors="replace").strip()
        ended = f"git was ended by signal {-code}" if code < 0 else f"git ended with code {code}"
        said = [line for line in text.splitlines() if not line.startswith(_ASIDE)]
        first = visible(said[0]) if said else ended
        return GitFailedError(
            f"the repository was not read to the end: {first}",
            why=f"`{visible(self.asked(*arguments), limit=200)}` stopped, and half a history looks "
            "like a whole.",
            todo=REPAIR,
        )


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Return how git ended by itself, or 0 when it had to be stopped."""
    try:
        return process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return 0


def _missing(what: str) -> GitMissingError:
    return GitMissingError(
        f"the repository was not read: {what}",
        why="The history is read through git itself.",
        todo="install git, for example: apt-get install git",
    )
