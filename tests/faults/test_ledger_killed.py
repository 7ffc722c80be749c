"""Kill -9: whenever the writer dies, what it acknowledged is there and the head still verifies.

The writer is a real process.  It dies in two ways: by its own hand before each step on the file
system in turn, and from outside at any moment.
"""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.ledger.log import Log
from reperform.ledger.note import Verifier
from reperform.ledger.statement import Statement, seal_statement
from reperform.ledger.verify import verify_log

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
VERIFIER = Verifier("log", KEY.public_key().public_bytes_raw())
BEGUN = 253

# Appends statements, says so of each, and signs a checkpoint after every fourth.
WRITER = """
import os, signal, sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from reperform.ledger.log import Log
from reperform.ledger.statement import Statement, seal_statement

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

def write(folder, count):
    with Log(Path(folder), origin="log/1", key_name="log", key=KEY) as log:
        for done in range(count):
            said = Statement("urn:e:v1", {"number": len(log)}, {"blob/0": "0" * 64})
            print(log.append(seal_statement(said, name="log", key=KEY)), flush=True)
            if done % 4 == 3:
                print("signed", log.checkpoint().size, flush=True)
"""

ENDLESS = f"{WRITER}\nwrite(sys.argv[1], 1_000_000)\n"

# For each line `STEP FOLDER` it reads, forks a writer that kills itself before that step.
STEPWISE = f"""
{WRITER}
STEPS = {{"open", "os.mkdir", "os.rename", "os.remove", "os.chmod", "sqlite3.connect"}}

def die_before(step, folder):
    left = [step]
    def count(event, arguments):
        if event in STEPS and folder in str(arguments[0]):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)

for line in sys.stdin:
    step, folder = line.rstrip("\\n").split(" ", 1)
    child = os.fork()
    if child == 0:
        die_before(int(step), folder)
        write(folder, 4)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print("killed" if os.WIFSIGNALED(status) else "lived", flush=True)
"""


def statement(number: int) -> Statement:
    return Statement("urn:e:v1", {"number": number}, {"blob/0": "0" * 64})


def signed_size(folder: Path) -> int:
    """Verify the folder as it lies, like a reader, and return how many entries are signed."""
    if not (folder / "checkpoint").exists():
        return 0
    log = verify_log(lambda path: (folder / path).read_bytes(), verifier=VERIFIER)
    assert log.problems == ()
    assert log.checkpoint is not None
    assert log.statements == tuple(map(statement, range(log.checkpoint.size)))
    return log.checkpoint.size


def check(folder: Path, said: list[str]) -> None:
    """Check what a dead writer left, against what it said before it died."""
    numbers = [int(word) for word in said if word.isdecimal()]
    signed = [int(word.removeprefix("signed ")) for word in said if word.startswith("signed ")]
    assert signed_size(folder) >= max(signed, default=0)

    with Log(folder, origin="log/1", key_name="log", key=KEY) as log:
        size = len(log)
        assert size >= max(numbers, default=-1) + 1
        assert log.append(seal_statement(statement(size), name="log", key=KEY)) == size
        log.checkpoint()

    assert signed_size(folder) == size + 1
    assert list(folder.rglob("incoming-*")) == []


def test_a_writer_killed_before_any_step_loses_nothing(tmp_path: Path) -> None:
    """Each open, mkdir, rename and so on of a checkpoint that fills a tile: 30 deaths or more."""
    begun = tmp_path / "begun"
    with Log(begun, origin="log/1", key_name="log", key=KEY) as log:
        for number in range(BEGUN):
            log.append(seal_statement(statement(number), name="log", key=KEY))
        log.checkpoint()
    with subprocess.Popen(
        [sys.executable, "-c", STEPWISE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        deaths, fate = 0, ""
        while fate != "lived":
            folder = tmp_path / f"step-{deaths}"
            shutil.copytree(begun, folder)
            driver.stdin.write(f"{deaths} {folder}\n")
            driver.stdin.flush()
            said = []
            while (line := driver.stdout.readline().strip()) not in {"killed", "lived"}:
                assert line, "the driver itself died"
                said.append(line)
            fate = line
            deaths += fate == "killed"
            check(folder, said)
            shutil.rmtree(folder)
        driver.stdin.close()

    assert "signed 257" in said
    assert deaths >= 30, deaths


def test_a_writer_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    """One log, written on by one process after the other, each killed after a random while."""
    chance = random.Random(20260731)  # noqa: S311 - moments, not secrets
    folder = tmp_path / "log"
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(folder)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            said = [writer.stdout.readline().strip()]
            time.sleep(chance.uniform(0, 0.3))
            writer.kill()
            # A last line may be cut off; only whole ones were acknowledged.
            said += [line.strip() for line in writer.stdout if line.endswith("\n")]
        assert said[0].isdecimal()
        check(folder, said)
