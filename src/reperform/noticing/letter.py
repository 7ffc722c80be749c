"""The letter that tells of notices.  Pure."""

from collections.abc import Sequence
from datetime import datetime

from reperform.noticing.notice import Noticed

MOST_NAMED = 30
"""Notices that one letter names; it says how many more there are."""
Told = tuple[Noticed, datetime | None]
"""A notice, and when it was seen to be over; None while it holds."""


def notice_letter(found: Sequence[Told], *, organization: str, url: str) -> tuple[str, str]:
    """Return subject and text of the letter that tells of notices, each in two lines.

    Args:
        found: at least one.
        organization: its name.
        url: of the organization's pages, without a slash at the end; empty for none.
    """
    name = " ".join(organization.split())
    things = "1 thing" if len(found) == 1 else f"{len(found)} things"
    lines = [line for each in found[:MOST_NAMED] for line in _lines(*each)]
    if len(found) > MOST_NAMED:
        lines.append(f"- and {len(found) - MOST_NAMED} more")
    where = (
        f"Everything that holds now: {url}/notices/",
        f"When you are told: {url}/notices/told/",
    )
    text = "\n".join(
        (
            f"What was noticed at {name}:",
            "",
            *lines,
            "",
            *(where if url else ()),
            "Nothing in this letter is told by another one.",
            "",
        )
    )
    return f"{things} noticed at {name}"[:200], text


def _lines(each: Noticed, over_at: datetime | None) -> tuple[str, str]:
    said = " ".join(f"{each.subject} {each.title}: {each.text}".split())
    return (
        f"- {said} ({each.kind.value} since {each.since:%Y-%m-%d %H:%M} UTC)",
        f"  over since {over_at:%Y-%m-%d %H:%M} UTC" if over_at else f"  {each.todo}",
    )
