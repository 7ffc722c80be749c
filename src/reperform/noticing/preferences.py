"""When somebody wants to be told: at once or in a digest, and not in their quiet hours.

Pure.  Hours and days are those of their own clock, so that a change to daylight saving moves
nothing: eight o'clock stays eight o'clock.  A time that a day does not have, because clocks go
forward, comes that much later; one that it has twice counts the first time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.zones import zone_flaw
from reperform.noticing.notice import Kind

SLUG = "being-told"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)
_MOST_STEPS = 30


class When(StrEnum):
    """How soon somebody is told of a kind of notice."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


USUAL: Mapping[Kind, When] = MappingProxyType(
    {
        **dict.fromkeys(Kind, When.AT_ONCE),
        **dict.fromkeys((Kind.HOLE, Kind.EXPIRING, Kind.OVERDUE, Kind.LATE), When.DAILY),
        Kind.BETTER: When.WEEKLY,
    }
)
"""Kind -> how soon, where somebody decided nothing else."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody decided about being told.

    Attributes:
        zone: name of their time zone.
        quiet_from: when their quiet hours begin each day; None for none.
        quiet_until: when they end; on the next day when that is earlier.
        quiet_days: weekdays that are quiet from midnight to midnight; 0 is Monday.
        digest_at: when digests are sent.
        digest_day: weekday of the weekly one.
        when: kind -> how soon; those that are left out as `USUAL`.
    """

    zone: str = "UTC"
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_days: frozenset[int] = frozenset()
    digest_at: time = time(8)
    digest_day: int = 0
    when: Mapping[Kind, When] = field(default_factory=dict)

    def of(self, kind: Kind) -> When:
        """Return how soon they are told of a kind."""
        return self.when.get(kind, USUAL[kind])


def is_quiet(preferences: Preferences, at: datetime) -> bool:
    """Return whether somebody is not to be told anything at a moment."""
    local = at.astimezone(ZoneInfo(preferences.zone))
    if local.weekday() in preferences.quiet_days:
        return True
    begin, end, now = preferences.quiet_from, preferences.quiet_until, local.time()
    if begin is None or end is None:
        return False
    return begin <= now < end if begin < end else now >= begin or now < end


def quiet_until(preferences: Preferences, at: datetime) -> datetime:
    """Return the first moment from `at` on that is not quiet, in UTC.

    >>> night = Preferences(quiet_from=time(22), quiet_until=time(7))
    >>> quiet_until(night, datetime(2026, 8, 1, 23, tzinfo=UTC)).isoformat()
    '2026-08-02T07:00:00+00:00'
    """
    for _ in range(_MOST_STEPS):
        if not is_quiet(preferences, at):
            break
        ends = [time(0)] if preferences.quiet_until is None else [time(0), preferences.quiet_until]
        at = min(_next(preferences.zone, end, at) for end in ends)
    return at


def due_at(preferences: Preferences, kind: Kind, noticed_at: datetime) -> datetime | None:
    """Return when somebody is to be told of what was noticed, quiet or not; None for never."""
    match preferences.of(kind):
        case When.AT_ONCE:
            return noticed_at
        case When.DAILY:
            return _next(preferences.zone, preferences.digest_at, noticed_at)
        case When.WEEKLY:
            day = preferences.digest_day
            return _next(preferences.zone, preferences.digest_at, noticed_at, weekday=day)
        case When.NEVER:
            return None


def next_letter(
    preferences: Preferences, pending: Iterable[tuple[Kind, datetime]]
) -> datetime | None:
    """Return when the next letter is due that tells any of what is pending; None for none.

    Args:
        preferences: whose.
        pending: kind and when it was noticed, of each that was not told.
    """
    moments = [due_at(preferences, kind, at) for kind, at in pending]
    due = [each for each in moments if each is not None]
    return quiet_until(preferences, min(due)) if due else None


def _next(zone: str, at: time, after: datetime, *, weekday: int | None = None) -> datetime:
    """Return the first moment after `after` at which clocks of a zone show `at`."""
    own = ZoneInfo(zone)
    day: date = after.astimezone(own).date() - _DAY
    while True:
        day += _DAY
        moment = datetime.combine(day, at, tzinfo=own).astimezone(UTC)
        if moment > after and weekday in (None, day.weekday()):
            return moment


def read_preferences(content: Mapping[str, Any]) -> tuple[Preferences, list[Problem]]:
    """Return what a form or an API's body says of being told, and what is wrong with that.

    Args:
        content: by the names of `Preferences`; times as `22:00`, days by name, and for each kind
            of notice `when_` and its name, spaces as `_`.
    """
    reader = Reader(content, SLUG)
    names = {kind: when_name(kind) for kind in Kind}
    own = ("zone", "quiet_from", "quiet_until", "quiet_days", "digest_at", "digest_day")
    reader.refuse_others((*own, *names.values()), "being told")
    zone = reader.line("zone", longest=60) or "UTC"
    if flaw := zone_flaw(zone):
        reader.problem("zone", flaw, "write it as Europe/Berlin")
        zone = "UTC"
    begin, end = _time(reader, "quiet_from"), _time(reader, "quiet_until")
    if (begin is None) != (end is None) and not reader.problems:
        reader.problem("quiet_until", "is of no use without the other", "give both, or neither")
    if begin is not None and begin == end:
        reader.problem("quiet_until", "is when they begin", "give another time, or neither")
    days = frozenset(_weekday(reader, "quiet_days", each) for each in _listed(content))
    if len(days) == len(WEEKDAYS):
        reader.problem("quiet_days", "are all of them", "choose *never* for the kinds instead")
    said = content.get("digest_day") or WEEKDAYS[0]
    return (
        Preferences(
            zone=zone,
            quiet_from=begin,
            quiet_until=end,
            quiet_days=days - {-1},
            digest_at=_time(reader, "digest_at") or time(8),
            digest_day=max(_weekday(reader, "digest_day", str(said)), 0),
            when={kind: reader.choice(name, When, USUAL[kind]) for kind, name in names.items()},
        ),
        reader.problems,
    )


def preferences_content(preferences: Preferences) -> dict[str, Any]:
    """Return preferences as JSON values, which `read_preferences` reads."""

    def text(at: time | None) -> str:
        return f"{at:%H:%M}" if at else ""

    return {
        "zone": preferences.zone,
        "quiet_from": text(preferences.quiet_from),
        "quiet_until": text(preferences.quiet_until),
        "quiet_days": [WEEKDAYS[each] for each in sorted(preferences.quiet_days)],
        "digest_at": text(preferences.digest_at),
        "digest_day": WEEKDAYS[preferences.digest_day],
        **{when_name(kind): preferences.of(kind).value for kind in Kind},
    }


def when_name(kind: Kind) -> str:
    """Return the name of the field that says how soon one is told of a kind.

    >>> when_name(Kind.NOT_PASSED)
    'when_not_passed'
    """
    return f"when_{kind.value.replace(' ', '_')}"


def _time(reader: Reader, name: str) -> time | None:
    said = reader.line(name, longest=5)
    if not said:
        return None
    hours, colon, minutes = said.partition(":")
    is_written = said.isascii() and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2  # noqa: PLR2004 - two digits
    if not (colon and is_written and int(hours) < 24 and int(minutes) < 60):  # noqa: PLR2004 - of a day
        reader.problem(name, "is no time of a day", "write it as 22:00")
        return None
    return time(int(hours), int(minutes))


def _listed(content: Mapping[str, Any]) -> list[str]:
    said = content.get("quiet_days") or []
    return [str(each) for each in said] if isinstance(said, list | tuple) else [str(said)]


def _weekday(reader: Reader, name: str, said: str) -> int:
    """Return the number of a weekday; -1 for what is none."""
    if said not in WEEKDAYS:
        reader.problem(name, "is no weekday", f"choose from: {', '.join(WEEKDAYS)}")
        return -1
    return WEEKDAYS.index(said)
