"""Due days as iCalendar (RFC 5545): one all-day event for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_OCTETS = 75
"""Of a line, without its end (RFC 5545, section 3.1)."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One due day.

    Attributes:
        uid: names it for good: a program that reads it again moves it and makes no second one.
        day: the day.
        said: what is due.
    """

    uid: str
    day: date
    said: str


def icalendar(dated: Iterable[Dated], *, name: str, at: datetime) -> bytes:
    """Return a calendar.

    Args:
        dated: what is due.
        name: of the calendar.
        at: when it was made, in UTC.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Reperform//Calendar//EN",
        f"X-WR-CALNAME:{_text(f'{name}: controls')}",
        *(line for each in dated for line in _event(each, at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode("utf-8")


def _event(each: Dated, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(each.uid)}"
    yield f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(each.said)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(said: str) -> str:
    r"""Return a text as a value (RFC 5545, section 3.3.11).

    >>> print(_text("a, b; c"))
    a\, b\; c
    """
    plain = "".join(char if char.isprintable() else " " for char in said)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Return a line, cut where it would be longer than a line may be, never within a character."""
    parts, part, size = [], "", 0
    for char in line:
        octets = len(char.encode("utf-8"))
        if size + octets > _OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + char, size + octets
    return "\r\n".join([*parts, part])
