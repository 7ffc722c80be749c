"""Who and when: the line of an author, a committer, a tagger or a reflog's entry."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from reperform.connectors.git.text import text_of

_DAY = 86_400
_LAST_SECOND = 253_402_300_799
_EPOCH = date(1970, 1, 1)
_MOST = 500
_MINUTES = [f" {hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)]
_SECONDS = [f"{second:02}" for second in range(60)]


class Identity(NamedTuple):
    """A person and a moment.

    `at` is None when the object has no time that a calendar has; an empty name or address is
    what the object says.
    """

    name: str
    email: str
    at: str | None


@lru_cache(maxsize=4_096)
def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()


@lru_cache(maxsize=4_096)
def _person(raw: bytes, encoding: str) -> tuple[str, str]:
    name, bracket, rest = raw.partition(b"<")
    email = rest.partition(b">")[0] if bracket else b""
    # Cut, so that a name of a megabyte does not stand in every row.
    return (
        text_of(name, encoding).strip()[:_MOST],
        text_of(email, encoding).strip().lower()[:_MOST],
    )


def moment(seconds: int) -> str | None:
    """Return seconds since 1970 as `2026-07-31 23:59:59` in UTC; None beyond the calendar.

    >>> moment(0), moment(1 << 62)
    ('1970-01-01 00:00:00', None)
    """
    if not 0 <= seconds <= _LAST_SECOND:
        return None
    day, rest = divmod(seconds, _DAY)
    return _day(day) + _MINUTES[rest // 60] + _SECONDS[rest % 60]


def identity(raw: bytes, encoding: str = "") -> Identity:
    """Return who and when a line such as `Ana <ana@example.org> 1700000000 +0100` says.

    As git does: the address ends at the first `>`, the time follows the last.
    """
    who, bracket, when = raw.rpartition(b">")
    if not bracket:
        return Identity(*_person(raw, encoding), None)
    name, email = _person(who + b">", encoding)
    fields = when.split(None, 1)
    is_time = bool(fields) and fields[0].isdigit() and len(fields[0]) < 20  # noqa: PLR2004 - 2**64
    return Identity(name, email, moment(int(fields[0])) if is_time else None)
