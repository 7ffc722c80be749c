"""Several programs at the same moment, each a process of its own on one database.

On SQLite in a folder; on PostgreSQL where REPERFORM_DATABASE_URL names one.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from installed import install

WORKER = Path(__file__).parents[1] / "at_once.py"


class Several:
    """Starts programs, lets them begin together, and says what came of each."""

    def __init__(self, folder: Path) -> None:
        self._start = folder / "start"
        install(folder / "home")
        self._env = os.environ | {"REPERFORM_HOME": str(folder / "home")}
        self.slug = self._said(self._begin("prepare", folder.name, "now"))

    def _begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(WORKER), *arguments],
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _said(self, program: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - JSON
        out, err = program.communicate(timeout=120)
        assert program.returncode == 0, err
        return json.loads(out)

    def at_once(self, *verbs: tuple[str, str]) -> list[Any]:
        programs = [
            self._begin(verb, self.slug, str(self._start), argument) for verb, argument in verbs
        ]
        while len(list(self._start.parent.glob("start.*"))) < len(programs):
            assert all(program.poll() is None for program in programs)
            time.sleep(0.01)
        self._start.touch()
        return [self._said(program) for program in programs]

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = self._said(self._begin("report", self.slug, "now"))
        return found


@pytest.fixture
def several(tmp_path: Path) -> Several:
    return Several(tmp_path)


def test_fifty_entries_at_once_leave_no_hole_and_no_double(several: Several) -> None:
    """Five programs append ten each; the log has the one of its founding and these fifty."""
    outcomes = several.at_once(*[("append", "10")] * 5)

    assert outcomes == ["done"] * 5
    report = several.report()
    assert (report["size"], report["problems"]) == (51, [])


def test_of_two_who_decide_at_once_one_is_told(several: Several) -> None:
    """Both saw nothing decided; one wins, the other is refused, and there is one version."""
    outcomes = several.at_once(("decide", "ada"), ("decide", "grace"))

    assert sorted(outcomes) == ["done", "stale-version"]
    assert several.report()["decided"] == 1


def test_two_administrators_cannot_demote_each_other_at_once(several: Several) -> None:
    """Whoever comes second would leave nobody, and is refused."""
    outcomes = several.at_once(("demote", "ada"), ("demote", "grace"))

    assert sorted(outcomes) == ["done", "last-administrator"]
    assert several.report()["administrators"] == 1
