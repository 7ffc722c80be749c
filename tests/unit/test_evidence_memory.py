"""What is held of a file does not grow with it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cloudtrail import record

COLLECTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from reperform.connectors.aws.folder import SOURCE, question
from reperform.evidence.blobs import BlobStore
from reperform.evidence.collect import collect
from reperform.evidence.shape import shape

class NoJournal:
    def start(self, question):
        return 1
    def end(self, collection, record):
        pass

folder = Path(sys.argv[1])
store = BlobStore(folder / "blobs")
collection, _ = collect(
    question(folder / "logs"), store=store, journal=NoJournal(),
    clock=lambda: datetime.now(UTC), asked_by="a test",
)
tables = shape({SOURCE.stream: SOURCE}, [collection], store=store, folder=folder)
print(tables["population.api_activity"].rows, collection.answers[1].size)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["VmHWM"].split()[0])
"""
EVENTS, LETTERS = 2_000, 120_000
MOST = 200 << 10
"""Kilobytes of memory: less than the file, and than half of it as values.

As the kernel tells of this program alone: getrusage tells of the one that started it too.
"""


@pytest.mark.parametrize(
    ("begins", "between", "ends"), [(b'{"Records": [', b", ", b"]}"), (b"", b"\n", b"")]
)
def test_a_file_that_is_larger_than_the_memory_is_collected_and_shaped(
    tmp_path: Path, begins: bytes, between: bytes, ends: bytes
) -> None:
    """As one array, and with a record on each line: 240 MB by a process that has less."""
    (tmp_path / "logs").mkdir()
    with (tmp_path / "logs" / "a.json").open("wb") as file:
        file.write(begins)
        for number in range(EVENTS):
            event = record(f"E{number}", requestParameters={"text": "x" * LETTERS})
            file.write((between if number else b"") + json.dumps(event).encode())
        file.write(ends)

    done = subprocess.run(
        [sys.executable, "-c", COLLECTING, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert not done.stderr
    rows, size, most = map(int, done.stdout.split())
    assert rows == EVENTS
    assert size > EVENTS * LETTERS
    assert most < MOST
