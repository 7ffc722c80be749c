"""Collecting git history, beside `git log` printing the same fields.

Makes a repository of 50,000 commits with trailers (git fast-import, in a temporary folder), then
in one run times, in turn and three times each,

a. `git log` writing the same fields to a file,
b. collecting every answer to files, each object checked against its name, and
c. shaping those answers to NDJSON rows,

and compares the medians.  The budget is for collecting: exits 1 when b takes more than twice as
long as a, or the peak memory is above 500 MB.  Shaping is printed beside it; it is not collecting,
happens once more at every `reperform verify`, and is several times slower than git log.

    python bench/collect_git.py [COMMITS]
"""

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reperform.connectors import git

COMMITS = 50_000
ROUNDS = 3
MOST_TIMES = 2.0
MOST_MEGABYTES = 500
FIELDS = "%H%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s%x00%(trailers:only,unfold)%x00"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An answer in a file, as shaping reads it."""

    name: str
    asked: str
    refused: str
    absent: str
    blob: str
    path: Path

    def open(self) -> IO[bytes]:
        """Open the answer's bytes."""
        return self.path.open("rb")


def history(commits: int) -> Iterator[bytes]:
    """Yield a fast-import stream: sign-offs, reviews, change requests, and a merge each 20."""
    people = [(f"Person {n}", f"person{n}@example.org") for n in range(40)]
    start = 1_700_000_000
    for n in range(1, commits + 1):
        (author, email), (other, address) = people[n % 40], people[(n * 7 + 1) % 40]
        message = (
            f"module {n % 97}: change the handling of case {n} (#{n})\n\n"
            f"Callers passed a value that nobody had checked, and case {n} was then\n"
            f"answered with the text of another. Check it where it comes in.\n\n"
            f"Fixes #{n * 3}\n\n"
            f"Signed-off-by: {author} <{email}>\nReviewed-by: {other} <{address}>\n"
        ).encode()
        when = start + n * 600
        yield (
            f"commit refs/heads/{'side' if n % 20 == 0 else 'main'}\nmark :{n}\n"
            f"author {author} <{email}> {when} +0100\ncommitter {other} <{address}> {when} +0000\n"
            f"data {len(message)}\n"
        ).encode() + message
        if n % 20 == 0:
            yield f"from :{n - 1}\n".encode()
        elif n % 20 == 1 and n > 1:
            yield f"from :{n - 2}\nmerge :{n - 1}\n".encode()
        yield f"M 100644 inline file{n % 50}\ndata {len(str(n))}\n{n}\n".encode()


def make(folder: Path, commits: int) -> Path:
    """Return a new bare repository with that many commits."""
    repository = folder / "many.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repository], check=True)
    command = ["git", "-C", str(repository), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None  # noqa: S101 - PIPE was asked for
        importer.stdin.writelines(history(commits))
    if importer.returncode != 0:
        sys.exit("git fast-import failed")
    return repository


def log(repository: Path, folder: Path) -> int:
    """Write what git log prints of each commit; return the bytes."""
    target = folder / "log"
    with target.open("wb") as file:
        command = ["git", "-C", str(repository), "log", f"--format={FIELDS}", "main"]
        subprocess.run(command, stdout=file, check=True)
    return target.stat().st_size


def collect(repository: Path, folder: Path) -> list[KeptFile]:
    """Keep every answer in a file."""
    kept = []
    for number, answer in enumerate(git.question(repository).ask()):
        path = folder / str(number)
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for piece in answer.body:
                digest.update(piece)
                file.write(piece)
        blob = "" if answer.absent or answer.refused else digest.hexdigest()
        kept.append(KeptFile(answer.name, answer.asked, answer.refused, answer.absent, blob, path))
    return kept


def shape(kept: list[KeptFile], folder: Path) -> int:
    """Write a line of JSON for each row; return how many there are."""
    rows = 0
    with (folder / "rows.ndjson").open("wb") as file:
        for row in git.SOURCE.shape(kept):
            file.write(json.dumps({**row.values, "blob": row.blob, "at": row.at}).encode("ascii"))
            file.write(b"\n")
            rows += 1
    return rows


def rounds(repository: Path, folder: Path) -> tuple[float, float, float]:
    """Return the median wall times of git log, collecting and shaping."""
    times: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        log(repository, folder)
        logged = time.perf_counter()
        kept = collect(repository, folder)
        collected = time.perf_counter()
        shape(kept, folder)
        times.append((logged - start, collected - logged, time.perf_counter() - collected))
    a, b, c = (statistics.median(column) for column in zip(*times, strict=True))
    return a, b, c


def main() -> int:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description="Collecting git history, beside git log.")
    parser.add_argument("commits", nargs="?", type=int, default=COMMITS)
    commits = parser.parse_args().commits
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        repository = make(folder, commits)
        log(repository, folder)
        a, b, c = rounds(repository, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{commits:,} commits, medians of {ROUNDS} rounds in turn")
    print(f"a. git log to a file      {a:6.2f} s")
    print(f"b. collect to files       {b:6.2f} s   b/a       {b / a:5.2f} (most {MOST_TIMES:g})")
    print(f"c. shape to NDJSON rows   {c:6.2f} s   (b+c)/a   {(b + c) / a:5.2f}")
    print(f"peak memory               {peak:6.0f} MB (under {MOST_MEGABYTES})")
    return 0 if b / a <= MOST_TIMES and peak < MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
