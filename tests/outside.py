"""Running the program from the outside: repositories to examine, and the command itself."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ANA = "Ana Diaz <ana@example.org>"
BEN = "Ben Roy <ben@example.org>"
JULY = 1_751_328_000
"""2025-07-01 00:00:00 UTC."""
DAY = 86_400


@dataclass(frozen=True)
class Commit:
    """One commit to make: message, author, and days after 1 July 2025."""

    message: bytes
    author: str = ANA
    day: float = 0
    merges: Sequence[int] = field(default_factory=tuple)


def fast_import(repository: Path, commits: Sequence[Commit]) -> Path:
    """Make a repository with these commits on main, oldest first, through git fast-import."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    stream = bytearray()
    for number, commit in enumerate(commits, start=1):
        who = f"{commit.author} {JULY + int(commit.day * DAY)} +0000".encode()
        stream += b"commit refs/heads/main\nmark :%d\n" % number
        stream += b"author %b\ncommitter %b\n" % (who, who)
        stream += b"data %d\n%b\n" % (len(commit.message), commit.message)
        if number > 1:
            stream += b"from :%d\n" % (number - 1)
        stream += b"".join(b"merge :%d\n" % merged for merged in commit.merges)
        stream += b"M 644 inline file\ndata %d\n%d\n\n" % (len(str(number)), number)
    command = ["git", "-C", str(repository), "fast-import", "--quiet"]
    subprocess.run(command, input=bytes(stream), check=True)
    return repository


@dataclass(frozen=True)
class Ran:
    """What a run of the command printed, and its exit code."""

    code: int
    out: str
    err: str


def run_reperform(*arguments: str | Path, home: Path, env: dict[str, str] | None = None) -> Ran:
    """Run the command `reperform` as a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "reperform", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={
            **kept,
            "HOME": str(home),
            "REPERFORM_HOME": str(home / "reperform"),
            "COLUMNS": "200",
            "PYTHONWARNINGS": "error",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **(env or {}),
        },
    )
    return Ran(
        done.returncode,
        done.stdout.decode("utf-8", errors="replace"),
        done.stderr.decode("utf-8", errors="replace"),
    )


REVIEWED = b"Add limits\n\nReviewed-by: Ben Roy <ben@example.org>\n"
OWN_REVIEW = b"Add more\n\nReviewed-by: Ana Diaz <ana@example.org>\n"

YEAR = [
    Commit(b"Begin", day=-10),
    *(Commit(REVIEWED, day=30 * month) for month in range(1, 9)),
    Commit(OWN_REVIEW, day=300),
    Commit(b"Hurry\n\nNo review here.\n", author=BEN, day=301),
]
PERIOD = "2025-07-01..2026-06-30"
