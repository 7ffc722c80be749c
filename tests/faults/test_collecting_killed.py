"""A collection that is killed loses nothing that it had acknowledged, and leaves no hole."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from outside import run_reperform
from plugged import MAKES, environment, python

__all__ = ["environment"]

DIES = """
import os, signal, sys
import acme
from reperform.cli.app import main
from reperform.connectors.answer import Answer

real, number = acme._events, int(os.environ["DIES_AT"])
asked = []

def dying(access, first):
    asked.append(first)
    def body():
        yield b"["
        os.kill(os.getpid(), signal.SIGKILL)
    if len(asked) == number:
        yield Answer("events", "GET /events", body())
    yield from real(access, first)

acme._events = dying
acme.source.events = [1, 2, 3, 4, 5]
main()
"""
COLLECTS = """
import acme
from reperform.cli.app import main
acme.source.events = [1, 2, 3, 4, 5, 6]
main()
"""
LOOKS = """
import json, sys
from reperform.cli.site import open_site
open_site()
import duckdb
from reperform.accounts.models import Organization
from reperform.evidence.folders import collection_folder
from reperform.evidence.models import CollectionRecord, Run
from reperform.ledger.home import home
from reperform.ledger.queries import changes, shown
found = Organization.objects.get()
events, folders = [], []
for row in CollectionRecord.objects.order_by("pk"):
    folder = collection_folder(found.log, row.stream, row.sequence)
    folders.append(folder.path.exists())
    if row.is_used and row.stream == "acme/events":
        path = folder.path / "tables" / "acme.events.parquet"
        events += [each[0] for each in duckdb.from_parquet(str(path)).fetchall()]
columns = ("stream", "sequence", "outcome")
print(json.dumps({
    "events": events,
    "runs": list(Run.objects.order_by("pk").values_list("number", "outcome")),
    "collections": list(CollectionRecord.objects.order_by("pk").values_list(*columns)),
    "folders": folders,
    "left": len(list((home() / "evidence").rglob("incoming-*"))),
    "acts": [shown(each).act for each in changes(found.log).order_by("leaf")],
}))
"""


@pytest.mark.parametrize("dies_at", [1, 3])
def test_a_killed_run_is_taken_up_without_holes_and_without_doubles(
    environment: dict[str, str], dies_at: int
) -> None:
    """By kill -9 in the middle of an answer: the next run says what became of it."""
    assert python(MAKES, environment=environment).returncode == 0
    killed = python(
        DIES, "connectors", "collect", environment={**environment, "DIES_AT": str(dies_at)}
    )
    assert killed.returncode == -signal.SIGKILL
    again = python(COLLECTS, "connectors", "collect", environment=environment)
    assert again.returncode == 0, again.stderr
    assert "run 2: complete" in again.stdout

    found = json.loads(python(LOOKS, environment=environment).stdout)
    assert found["events"] == [1, 2, 3, 4, 5, 6]
    assert found["runs"] == [[1, "abandoned"], [2, "complete"]]
    sequences = [each[1] for each in found["collections"] if each[0] == "acme/events"]
    assert sequences == list(range(1, len(sequences) + 1))
    abandoned = [each[2] == "abandoned" for each in found["collections"]]
    assert sum(abandoned) == 1
    assert found["folders"] == [not each for each in abandoned]
    assert found["left"] == 0
    assert found["acts"].count("collection.started") == len(abandoned)
    assert found["acts"].count("collection.ended") == len(abandoned) - 1
    assert found["acts"].count("collection.abandoned") == 1


def test_the_commands_list_check_and_collect(environment: dict[str, str]) -> None:
    """The contract is shown; reach and permissions are; an incomplete run exits 1."""
    assert python(MAKES, environment=environment).returncode == 0
    command = (sys.executable, "-m", "reperform", "connectors")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, text=True, check=False
        )

    listed = run("list")
    assert "acme  Acme" in listed.stdout
    assert "needs: accounts:read: names of accounts" in listed.stdout
    assert "fills: acme/events (cursor): acme.events" in listed.stdout
    declared = {each["name"]: each for each in json.loads(run("list", "--json").stdout)}
    assert declared["acme"]["settings"][2]["is_secret"]
    assert {"git", "host", "tls"} <= set(declared)

    checked = run("check")
    assert checked.returncode == 0, checked.stderr
    assert "larkspur  CON-1 Acme  acme as sales\n  accounts:read: granted\n" in checked.stdout
    collected = run("collect", "--organization", "larkspur", "--connection", "1")
    assert (collected.returncode, collected.stdout) == (
        0,
        "larkspur  CON-1 Acme  run 1: complete\n",
    )
    for arguments in (("--connection", "7"), ("--organization", "nobody")):
        refused = run("collect", *arguments)
        assert refused.returncode == 1
        assert "nothing was asked" in refused.stderr


def test_without_any_connection_nothing_is_asked(tmp_path: Path) -> None:
    ran = run_reperform("connectors", "collect", home=tmp_path)
    assert (ran.code, ran.out) == (0, "")
