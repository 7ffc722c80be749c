"""Running restic: nothing is written to the repository, not even a lock or a cache."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.restic import place
from reperform.connectors.settings import Access

_SECONDS = 6 * 3_600
_SAID = 600


class ResticError(NotCollectedError):
    """A repository was not opened, or restic did not come to its end."""

    slug = "restic-not-collected"

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(
            what,
            why="Backups that nobody could look at must not pass for backups that are there.",
            todo=todo or "check repository and password of the connection, then collect again",
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of restic ended; `said` is what it wrote of errors, without the password."""

    code: int
    output: bytes
    said: str


def run(access: Access, *arguments: str) -> Ended:
    """Run restic on the repository.

    Raises:
        CallFailedError: its host is on a network that is not open to connections.
        ResticError: it is not opened by its name, restic is not installed, or does not end.
    """
    repository = access.text("repository")
    if why := place.flaw(repository):
        raise ResticError(f"{repository} was not asked: it {why}", "name it as restic -r takes it")
    if access.private is not None and (host := place.host(repository)):
        refuse_host(host, access.private)
    path = shutil.which("restic", path="/usr/local/bin:/usr/bin:/bin")
    if path is None:
        what = f"{repository} was not asked: restic is not installed"
        raise ResticError(what, "install it; on Debian: apt-get install restic")
    command = [path, "-r", repository, "--no-cache", "--no-lock", *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={
                "PATH": os.defpath,
                "HOME": os.environ.get("HOME", "/nonexistent"),
                "LC_ALL": "C",
                "RESTIC_PASSWORD": access.secret("password"),
            },
        )
    except subprocess.TimeoutExpired as error:
        raise ResticError(f"{repository}: restic did not end") from error
    words = " ".join(done.stderr.decode("utf-8", errors="replace").split())
    return Ended(done.returncode, done.stdout, access.hide(words)[-_SAID:])


def opened(access: Access, *arguments: str) -> bytes:
    """Return what restic prints when it succeeds.

    Raises:
        ResticError: it does not.
    """
    ended = run(access, *arguments)
    if ended.code != 0:
        raise ResticError(f"{access.text('repository')} was not opened: {ended.said}")
    return ended.output
