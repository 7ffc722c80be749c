"""How long the tree over a trail takes to read, entry by entry, as each proof and checkpoint does.

    python bench/trail.py [--entries 100000] [--times 5]

Entries are as long as those of a change.  `REPERFORM_DATABASE_URL` measures PostgreSQL, in an empty
database that is thrown away.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime

from reperform.cli.site import open_site

_LOG = "bench"


def main() -> None:
    """Write the entries, read the tree a few times, and print the median."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=5)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REPERFORM_HOME"] = folder
        open_site()
        measure(said.entries, said.times)


def measure(count: int, times: int) -> None:
    """Print what reading takes."""
    from reperform.ledger.queries import tree  # noqa: PLC0415 - the site is open only now

    length = write(count)
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        assert len(tree(_LOG)) == count  # noqa: S101 - a benchmark of less would lie
        seconds.append(time.perf_counter() - begun)
    median = statistics.median(seconds)
    print(f"{count:,} entries of {length} bytes: {median:.2f} s, {count / median:,.0f} a second")


def write(count: int) -> int:
    """Write one entry as an action does, the others as its copies; return its length."""
    from django.db import transaction  # noqa: PLC0415 - as above

    from reperform.ledger.actions import record  # noqa: PLC0415
    from reperform.ledger.models import Head, Leaf  # noqa: PLC0415

    with transaction.atomic():
        change = record(
            log=_LOG,
            act="control.changed",
            by="ada@larkspur.example",
            at=datetime.now(UTC),
            subject="control CHG-01",
            before={"text": "before"},
            after={"text": "after"},
        )
        entry, head = bytes(change.leaf.entry), Head.objects.get(log=_LOG)
        copies = (Leaf(log=head, number=number, entry=entry) for number in range(1, count))
        Leaf.objects.bulk_create(copies, batch_size=2_000)
        Head.objects.filter(log=_LOG).update(size=count)
    return len(entry)


if __name__ == "__main__":
    main()
