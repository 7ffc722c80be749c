"""What must not go unnoticed at a connection, and the letter that says so.

Pure.  A notice is known by its connection, its kind and the moment since which it holds: the same
is never told twice, and the next break is told again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reperform.evidence.schedule import Every

MOST_NAMED = 30
"""Notices that one letter names; it says how many more there are."""
MISSED_SHOWN = timedelta(days=30)
"""How long missed times are a notice: they cannot be made good, only be read."""
_QUIET = {
    Every.HOUR: timedelta(days=1),
    Every.DAY: timedelta(days=3),
    Every.WEEK: timedelta(days=15),
    Every.MONTH: timedelta(days=63),
}
_QUIET_UNPLANNED = timedelta(days=31)


class NoticeKind(StrEnum):
    """What was noticed."""

    MISSED = "missed"
    """Times at which it was to be asked passed without an attempt."""
    FAILED = "failed"
    """It could not even be asked, and will not be before its next time."""
    LACKING = "lacking"
    """Its newest run did not bring everything."""
    SILENT = "silent"
    """No run of it was complete for longer than its schedule explains."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One notice, as it stands.

    Attributes:
        connection: number of the connection.
        title: of the connection.
        kind: what was noticed.
        since: the moment since which it holds.
        text: what happened, in a sentence.
    """

    connection: int
    title: str
    kind: NoticeKind
    since: datetime
    text: str


def quiet(every: Every | None) -> timedelta:
    """Return how long a connection may be without a complete run; None for no schedule.

    More than one time must have passed, so that one which is tried again is no notice.

    >>> quiet(Every.DAY).days, quiet(None).days
    (3, 31)
    """
    return _QUIET[every] if every else _QUIET_UNPLANNED


def notice_letter(found: Sequence[Noticed], *, organization: str, url: str) -> tuple[str, str]:
    """Return subject and text of the letter that tells of notices, each in one line.

    Args:
        found: at least one.
        organization: its name.
        url: of the organization's pages, without a slash at the end.
    """
    things = "1 thing" if len(found) == 1 else f"{len(found)} things"
    lines = [
        f"- CON-{each.connection} {each.title}: {each.text}"
        f" ({each.kind.value} since {each.since:%Y-%m-%d %H:%M} UTC)"
        for each in found[:MOST_NAMED]
    ]
    if len(found) > MOST_NAMED:
        lines.append(f"- and {len(found) - MOST_NAMED} more")
    text = "\n".join(
        (
            f"Evidence of {organization} does not arrive as it should:",
            "",
            *lines,
            "",
            f"Everything that holds now: {url}/connections/notices/",
            "",
            "You get this letter because you may change connections. Nothing in it is told twice.",
            "",
        )
    )
    return f"{things} noticed at connections of {organization}", text
