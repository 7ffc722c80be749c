"""Several processes on one log: every entry gets its own number, and no head goes back."""

import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.ledger.checkpoint import parse_checkpoint
from reperform.ledger.log import Log

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

WRITER = """
import sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from reperform.ledger.log import Log

folder, name, count = sys.argv[1:]
key = Ed25519PrivateKey.from_private_bytes(bytes(32))
with Log(Path(folder), origin=f"log/{name}", key_name="log", key=key) as log:
    for done in range(int(count)):
        print(log.append(f"{name} {done}".encode()), flush=True)
        if done % 10 == 9:
            log.checkpoint()
"""


def test_writers_at_once_all_succeed(tmp_path: Path) -> None:
    """Three processes begin one log and append 60 each: 180 numbers, none twice, none missing.

    While they do, the checkpoint on disk only grows, and in the end all agree on one name.
    """
    folder = tmp_path / "log"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), name, "60"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b", "c")
    ]
    sizes = [0]
    while any(writer.poll() is None for writer in writers):
        if (folder / "checkpoint").exists():
            sizes.append(parse_checkpoint((folder / "checkpoint").read_bytes())[0].size)
    numbers = []
    for writer in writers:
        said, _ = writer.communicate()
        assert writer.returncode == 0
        numbers.append([int(line) for line in said.split()])

    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 1
    assert sorted(number for own in numbers for number in own) == list(range(180))
    with Log(folder, origin="unused", key_name="log", key=KEY) as log:
        entries = log.entries()
        assert log.checkpoint().size == 180
        assert log.origin in {"log/a", "log/b", "log/c"}
    for name, own in zip("abc", numbers, strict=True):
        assert [entries[number] for number in own] == [f"{name} {n}".encode() for n in range(60)]
