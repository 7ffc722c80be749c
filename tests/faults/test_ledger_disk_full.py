"""A disk that takes no more: what was acknowledged stays, and the writer can go on later.

A limit on the size of a file (RLIMIT_FSIZE) stands for the full disk: writes fail in the middle.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.ledger.checkpoint import parse_checkpoint
from reperform.ledger.log import Log

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

HEAD = """
import json, resource, sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from reperform.ledger.log import Log
from reperform.ledger.sequencer import LogNotWrittenError

key = Ed25519PrivateKey.from_private_bytes(bytes(32))
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

log = Log(Path(sys.argv[1]), origin="log/1", key_name="log", key=key)
"""

APPENDING = f"""
{HEAD}
limit(300_000)
acknowledged, refusal = 0, ""
while not refusal:
    try:
        assert log.append(b"%d " % acknowledged + bytes(10_000)) == acknowledged
        acknowledged += 1
    except LogNotWrittenError as error:
        refusal = str(error)
refused_again = False
try:
    log.append(bytes(60_000))
except LogNotWrittenError:
    refused_again = True
limit(hard)
number = log.append(b"%d " % acknowledged + bytes(10_000))
log.checkpoint()
print(json.dumps(
    {{"acknowledged": acknowledged, "refusal": refusal, "again": refused_again, "number": number}}
))
"""

SIGNING = f"""
{HEAD}
log.append(b"first")
first = log.checkpoint().size
for _ in range(10):
    log.append(bytes(10_000))
limit(50_000)
refusal = ""
try:
    log.checkpoint()
except OSError as error:
    refusal = error.strerror
limit(hard)
if len(sys.argv) > 2:
    log.checkpoint()
print(json.dumps({{"refusal": refusal}}))
"""


def run(script: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_an_append_that_the_disk_refuses_is_a_refusal_and_loses_nothing(tmp_path: Path) -> None:
    """Every number that was given is there; the refused entry's number goes to the next."""
    result = run(APPENDING, str(tmp_path / "log"))

    assert "nothing was appended" in result["refusal"]
    assert "[log-not-written]" in result["refusal"]
    assert result["again"]
    assert result["acknowledged"] > 5
    assert result["number"] == result["acknowledged"]
    with Log(tmp_path / "log", origin="log/1", key_name="log", key=KEY) as log:
        assert log.entries() == [b"%d " % n + bytes(10_000) for n in range(result["number"] + 1)]


def test_a_checkpoint_that_the_disk_refuses_leaves_the_one_before(tmp_path: Path) -> None:
    """No half tile, no half checkpoint, no left-over; with room again the next one is whole."""
    folder = tmp_path / "log"
    assert run(SIGNING, str(folder)) == {"refusal": "File too large"}

    assert parse_checkpoint((folder / "checkpoint").read_bytes())[0].size == 1
    assert list(folder.rglob("incoming-*")) == []
    with Log(folder, origin="log/1", key_name="log", key=KEY) as log:
        assert log.checkpoint().size == 11


def test_the_same_writer_signs_once_there_is_room(tmp_path: Path) -> None:
    """The process that was refused needs no restart."""
    run(SIGNING, str(tmp_path / "log"), "go on")

    assert parse_checkpoint((tmp_path / "log/checkpoint").read_bytes())[0].size == 11
