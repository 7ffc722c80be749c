"""A quickstart that is killed, or meets a full disk, loses nothing that it had acknowledged."""

import base64
import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from outside import PERIOD, YEAR, Ran, fast_import
from reperform.cli.workspace import OUTPUTS
from reperform.ledger.tiles import unpack_entries

Reperform = Callable[..., Ran]


def command(tmp_path: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "reperform", "quickstart", "--no-host", "--period", PERIOD),
        *("--repo", str(tmp_path / "repo"), "--out", str(tmp_path / "out")),
    ]


def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "REPERFORM_HOME": str(tmp_path / "home" / "reperform"),
    }


DIES_WHILE_COLLECTING = """
import os, signal
from reperform.cli.app import main
from reperform.connectors import git
from reperform.connectors.answer import Question

real = git.question

def dying(*arguments, **named):
    def ask():
        yield next(real(*arguments, **named).ask())
        os.kill(os.getpid(), signal.SIGKILL)
    return Question(stream=git.SOURCE.stream, target="here", ask=ask)

git.question = dying
main()
"""


def acts_on(stream: str, bundle: Path) -> list[tuple[str, int]]:
    """Return what the ledger in a bundle says was done on a stream, in order."""
    with zipfile.ZipFile(bundle) as archive:
        name = next(n for n in archive.namelist() if n.startswith("ledger/tile/entries"))
        entries = [json.loads(entry) for entry in unpack_entries(archive.read(name))]
    acts = [json.loads(base64.b64decode(entry["payload"])) for entry in entries]
    return [
        (act["predicateType"].split(":")[2], act["predicate"]["sequence"])
        for act in acts
        if act["predicate"].get("stream") == stream
    ]


@pytest.mark.parametrize("moment", [0.5, 1.1, 1.7, 2.3, 3.0])
def test_a_run_that_was_killed_is_taken_up_by_the_next(
    reperform: Reperform, tmp_path: Path, moment: float
) -> None:
    """Whatever the moment: the same command again writes all six files, and they verify."""
    fast_import(tmp_path / "repo", YEAR)
    process = subprocess.Popen(
        command(tmp_path),
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = sorted(path.name for path in (tmp_path / "out").glob("*"))
    if left != sorted(OUTPUTS):  # else this machine was done before the moment came
        again = reperform(*command(tmp_path)[3:])
        assert again.code == 0, again.err

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(OUTPUTS)
    verified = reperform("verify", tmp_path / "out" / "bundle.zip")
    assert verified.code == 0, verified.out


def test_a_collection_that_was_killed_is_recorded_as_abandoned(
    reperform: Reperform, tmp_path: Path
) -> None:
    """A dropped run shows in the ledger: its number is there, and the next has the following."""
    fast_import(tmp_path / "repo", YEAR)
    died = subprocess.run(
        [sys.executable, "-c", DIES_WHILE_COLLECTING, *command(tmp_path)[3:]],
        env=environment(tmp_path),
        check=False,
    )
    assert died.returncode == -signal.SIGKILL

    again = reperform(*command(tmp_path)[3:])

    assert again.code == 0, again.err
    verified = reperform("verify", tmp_path / "out" / "bundle.zip")
    assert verified.code == 0, verified.out
    assert acts_on("git/history", tmp_path / "out" / "bundle.zip") == [
        ("collection-started", 1),
        ("collection-abandoned", 1),
        ("collection-started", 2),
        ("collection-ended", 2),
    ]


@pytest.mark.parametrize("kilobytes", [4, 40, 100, 150])
def test_a_full_disk_is_said_and_the_next_run_goes_on(
    reperform: Reperform, tmp_path: Path, kilobytes: int
) -> None:
    """No file may grow beyond so much: exit 1, a reason, no output; then room, and all is well."""
    fast_import(tmp_path / "repo", YEAR)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    done = subprocess.run(
        command(tmp_path),
        # Python would leave half a compiled module where it writes the first, for all who follow.
        env=environment(tmp_path) | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=small_files,
    )

    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "-written]" in done.stderr
    assert not set(OUTPUTS) & {path.name for path in (tmp_path / "out").glob("*")}

    again = reperform(*command(tmp_path)[3:])
    assert again.code == 0, again.err
    assert reperform("verify", tmp_path / "out" / "bundle.zip").code == 0
