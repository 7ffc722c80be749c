"""Kept answers read again: every report with its file and the moment it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from reperform.connectors.answer import Kept
from reperform.connectors.kept import json_of, moment
from reperform.connectors.reports.found import Report, number
from reperform.connectors.reports.kinds import reports

FILE = "file "
"""What the name of each file's answer begins with."""
COLLECTED = "collected"
"""The setting that a report which names no time is of the day of collecting."""
_NAMELESS = ("", ".", "./", "/")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the first answer says: when was asked, and what the user stated of the files.

    Attributes:
        at: when, `2026-07-31 12:00:00` in UTC.
        zone: of times that name none; empty when nobody stated it: they are not known then.
        undated: `collected`, or empty: what to make of a report that does not say when.
        apart: days that the newest report of a target may be older than the newest of all.
    """

    at: str
    zone: str = ""
    undated: str = ""
    apart: int = 31


@dataclass(frozen=True, slots=True)
class Told:
    """One report of one kept file; `made_at` is in UTC, None when nobody knows it."""

    kept: Kept
    file: str
    report: Report
    made_at: str | None

    @property
    def source(self) -> tuple[str, ...]:
        """Tool, target and folder: reports of the same follow each other.  Empty: not known."""
        if self.report.target in _NAMELESS or self.made_at is None:
            return ()
        folder = self.file.rpartition("/")[0]
        return (folder, self.report.format, self.report.tool, self.report.target)


def facts_of(answers: Sequence[Kept]) -> Facts:
    """Return what the first answer says; of a question that got no answer, nothing is known.

    Raises:
        TypeError: it is not as this connector writes it.
    """
    kept = next((each for each in answers if each.name == "observed" and each.blob), None)
    return Facts(**json_of(kept)) if kept else Facts("")


def told(answers: Sequence[Kept]) -> list[Told]:
    """Return every report, in the order of the files.

    Raises:
        NotReadError: a file that could be read when it was asked for cannot be any more.  Without
            its rows the others would look whole.
    """
    facts = facts_of(answers)
    found = []
    for kept in answers:
        if not kept.blob or not kept.name.startswith(FILE):
            continue
        with kept.open() as file:
            raw = file.read()
        name = kept.name.removeprefix(FILE)
        found += [Told(kept, name, each, _made(each.made_at, facts)) for each in reports(raw)]
    return found


def _made(value: object, facts: Facts) -> str | None:
    found = at_utc(value, facts.zone)
    return facts.at if found is None and facts.undated == COLLECTED else found


def at_utc(value: object, zone: str = "") -> str | None:
    """Return a time as a timestamp in UTC; None when it is none, or nobody stated its zone.

    >>> at_utc(1739539623.5), at_utc("2026-07-31T12:00"), at_utc("2026-07-31T12:00", "Asia/Tokyo")
    ('2025-02-14 13:27:03', None, '2026-07-31 03:00:00')
    """
    if isinstance(value, str):
        return moment(value) or _in_zone(value, zone)
    seconds = number(value)
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, OSError, ValueError):
        return None


def _in_zone(value: str, zone: str) -> str | None:
    most = 40
    if not zone or len(value) > most:
        return None
    try:
        at = datetime.fromisoformat(value)
        local = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
        return local.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return None


def written(facts: Facts) -> Mapping[str, Any]:
    """Return facts as the JSON values of the first answer."""
    return {"at": facts.at, "zone": facts.zone, "undated": facts.undated, "apart": facts.apart}
