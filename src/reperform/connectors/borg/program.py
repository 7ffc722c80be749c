"""Running borg: no lock is taken, and what it remembers lies in a folder that is removed."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.borg import place
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.settings import Access

_SECONDS = 6 * 3_600
_SAID = 600
_COLUMNS = "{archive}{id}{hostname}{command_line}{start}{end}"


class BorgError(NotCollectedError):
    """A repository was not opened, or borg did not come to its end."""

    slug = "borg-not-collected"

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(
            what,
            why="Backups that nobody could look at must not pass for backups that are there.",
            todo=todo or "check repository and passphrase of the connection, then collect again",
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of borg ended; `said` is what it wrote of errors, without the passphrase."""

    code: int
    output: bytes
    said: str


def run(access: Access, command: str, *arguments: str, archive: str = "", at: str = "/") -> Ended:
    """Run a command of borg on the repository, or on one archive of it.

    Args:
        access: names the repository.
        command: such as `list`.
        arguments: its options.
        archive: name of an archive; empty for the repository.
        at: the folder that it runs in.

    Raises:
        CallFailedError: its host is on a network that is not open to connections.
        BorgError: it is not opened by its name, borg is not installed, or does not end.
    """
    repository = access.text("repository")
    if why := place.flaw(repository):
        raise BorgError(f"{repository} was not asked: it {why}", "name it as the setting says")
    if access.private is not None and (host := place.host(repository)):
        refuse_host(host, access.private)
    path = shutil.which("borg", path="/usr/local/bin:/usr/bin:/bin")
    if path is None:
        what = f"{repository} was not asked: borg is not installed"
        raise BorgError(what, "install it; on Debian: apt-get install borgbackup")
    target = f"{repository}::{archive}" if archive else repository
    with tempfile.TemporaryDirectory(prefix="reperform-borg-") as base:
        try:
            done = subprocess.run(
                [path, command, "--bypass-lock", *arguments, target],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                cwd=at,
                timeout=_SECONDS,
                env=_environment(access, base),
            )
        except subprocess.TimeoutExpired as error:
            raise BorgError(f"{repository}: borg did not end") from error
    words = " ".join(done.stderr.decode("utf-8", errors="replace").split())
    return Ended(done.returncode, done.stdout, access.hide(words)[-_SAID:])


def _environment(access: Access, base: str) -> dict[str, str]:
    """Return what borg is told: no question is asked, and times are in UTC."""
    home = os.environ.get("HOME", "/nonexistent")
    return {
        "PATH": os.defpath,
        "HOME": home,
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "BORG_BASE_DIR": base,
        "BORG_KEYS_DIR": str(Path(home, ".config", "borg", "keys")),
        "BORG_PASSPHRASE": access.secrets.get("passphrase", ""),
        "BORG_RSH": "ssh -oBatchMode=yes",
        "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
    }


def opened(access: Access, command: str, *arguments: str, archive: str = "") -> bytes:
    """Return what borg prints when it succeeds.

    Raises:
        BorgError: it does not, or warns: what it printed may not be all.
    """
    ended = run(access, command, *arguments, archive=archive)
    if ended.code != 0:
        raise BorgError(f"{access.text('repository')} was not opened: {ended.said}")
    return ended.output


def listed(access: Access) -> bytes:
    """Return the list of archives, with those of backups that were broken off.

    Raises:
        BorgError: the repository cannot be opened.
    """
    return opened(access, "list", "--json", "--consider-checkpoints", "--format", _COLUMNS)


def archives_of(output: bytes) -> list[Mapping[str, Any]]:
    """Return the archives of a list.

    Raises:
        BorgError: it is not a list as borg 1.x writes it.
    """
    try:
        found = json.loads(output)["archives"]
        return [one for one in found if isinstance(one["name"], str) and isinstance(one, dict)]
    except (ValueError, TypeError, KeyError) as error:
        raise BorgError("the list of archives is not as borg 1.x writes it") from error


def system(access: Access) -> str:
    """Return the repository as rows name it."""
    return f"borg {access.text('repository')}"
