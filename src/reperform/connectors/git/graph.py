"""The list of all commits: which belong to a period, and which are the branch's own line."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import IO, NamedTuple

from reperform.base.period import Period
from reperform.connectors.answer import Kept
from reperform.connectors.git.describe import Found
from reperform.connectors.git.people import moment
from reperform.connectors.git.plumbing import Git

_MARGIN = timedelta(days=1)
_LINES = 1 << 18
_LAST_SECOND = 253_402_300_799


def request(found: Found) -> tuple[str, ...]:
    """Return what git is asked: time, commit and parents, no commit before one that follows it."""
    return ("rev-list", "--topo-order", "--timestamp", "--parents", found.head)


def listed(git: Git, found: Found, chosen: IO[bytes], period: Period | None) -> Iterator[bytes]:
    """Yield the whole list, and write to `chosen` the commits of the period, one a line.

    A commit whose time git cannot read, or no calendar has, is chosen too: it must not get out
    of the population by that.
    """
    first, last = 0, _LAST_SECOND
    if period:
        begins = datetime.combine(period.first, time(), UTC) - _MARGIN
        ends = datetime.combine(period.last, time(), UTC) + 2 * _MARGIN
        first, last = int(begins.timestamp()), int(ends.timestamp()) - 1
    width = 64 if found.object_format == "sha256" else 40
    with git.open(*request(found)) as output:
        while lines := output.readlines(_LINES):
            commits = []
            for line in lines:
                stamp, _, rest = line.partition(b" ")
                if period is None or first <= (at := int(stamp)) <= last or _is_odd(at):
                    commits.append(rest[:width])
            chosen.write(b"\n".join(commits) + b"\n" if commits else b"")
            yield b"".join(lines)
    chosen.flush()


def _is_odd(stamp: int) -> bool:
    return not 0 < stamp <= _LAST_SECOND


class Graph(NamedTuple):
    """What the list of commits says.

    Attributes:
        commits: how many there are.
        first_at: earliest committer time, or None.
        own_line: the commits on the line of first parents from the head.
    """

    commits: int
    first_at: str | None
    own_line: frozenset[bytes]


def read_graph(kept: Kept) -> Graph:
    """Return what the kept list says."""
    commits, first = 0, _LAST_SECOND
    own_line = []
    expected = b""
    with kept.open() as file:
        for line in file:
            stamp, commit, *parents = line.split(None, 3)
            if not commits or commit == expected:
                own_line.append(commit)
                # Children come before parents, so the line can be followed while reading.
                expected = parents[0] if parents else b""
            commits += 1
            at = int(stamp)
            if 0 < at < first:
                first = at
    return Graph(commits, moment(first) if first < _LAST_SECOND else None, frozenset(own_line))
