"""Schedules: the moments at which something runs by itself.

Pure.  A schedule belongs to a time zone, as people's working days do; its moments are in UTC.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.zones import zone_flaw

SLUG = "schedule"
_FIELDS = ("every", "hour", "minute", "weekday", "day", "zone")
_LAST_SURE_DAY = 28  # every month has it
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_TWO_MONTHS = timedelta(days=63)


class Every(StrEnum):
    """How often something runs."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_SPREAD = {Every.HOUR: 10, Every.DAY: 30, Every.WEEK: 30, Every.MONTH: 30}
"""Minutes among which the beginnings of schedules are spread."""


class Weekday(StrEnum):
    """The days of a week, Monday first (ISO 8601)."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something runs.

    Attributes:
        every: how often.
        hour: of the day, 0 to 23; means nothing for hourly ones.
        minute: of the hour, 0 to 59.
        weekday: of weekly ones.
        day: of the month, 1 to 28, for monthly ones.
        zone: the time zone that the others are told in, a name of the IANA database.
    """

    every: Every
    hour: int = 0
    minute: int = 0
    weekday: Weekday = Weekday.MONDAY
    day: int = 1
    zone: str = "UTC"

    def __str__(self) -> str:
        """Say it as people do.

        >>> str(Schedule(Every.WEEK, hour=3, minute=5, zone="Europe/Berlin"))
        'every week on monday at 03:05 (Europe/Berlin)'
        >>> str(Schedule(Every.HOUR, minute=7))
        'every hour at minute 7'
        """
        if self.every is Every.HOUR:
            return f"every hour at minute {self.minute}"
        on = {
            Every.DAY: "",
            Every.WEEK: f" on {self.weekday.value}",
            Every.MONTH: f" on day {self.day}",
        }[self.every]
        return f"every {self.every.value}{on} at {self.hour:02}:{self.minute:02} ({self.zone})"


def moments(schedule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield each moment after `after`, up to and with `until`, in UTC, in order.

    A time that a clock put forward leaves out is taken by what the clock showed before (RFC 5545,
    3.3.5: the offset before the gap), so that no day is without its run; a time that comes twice
    is taken the first time only.

    >>> [str(m) for m in moments(Schedule(Every.DAY, hour=2, minute=30, zone="Europe/Berlin"),
    ...     datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC))]
    ['2026-03-28 01:30:00+00:00', '2026-03-29 01:30:00+00:00', '2026-03-30 00:30:00+00:00']
    """
    if schedule.every is Every.HOUR:
        yield from _hourly(schedule.minute, after, until)
        return
    zone = ZoneInfo(schedule.zone)
    day = after.astimezone(zone).date() - _DAY
    last = until.astimezone(zone).date() + _DAY
    while day <= last:
        if _is_on(schedule, day):
            local = datetime.combine(day, time(schedule.hour, schedule.minute), zone)
            moment = local.astimezone(UTC)
            if after < moment <= until:
                yield moment
        day += _DAY


def offset_of(seed: str, every: Every) -> timedelta:
    """Return how much later than it says a schedule's moments are, the same for the same seed.

    So that not all that is planned for three in the morning begins at three: up to ten minutes of
    an hour, up to half an hour of longer times, whole minutes.

    >>> [offset_of(f"larkspur connection {n}", Every.DAY).seconds // 60 for n in (1, 3, 7)]
    [28, 14, 5]
    """
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    return timedelta(minutes=number % _SPREAD[every])


def later(
    schedule: Schedule, offset: timedelta, after: datetime, until: datetime
) -> Iterator[datetime]:
    """Yield the moments as `moments`, each `offset` later."""
    return (each + offset for each in moments(schedule, after - offset, until - offset))


def next_moment(schedule: Schedule, after: datetime, offset: timedelta = timedelta()) -> datetime:
    """Return the first moment after `after`, in UTC; every schedule has one within two months.

    Each moment is `offset` later than the schedule says.

    >>> str(next_moment(Schedule(Every.MONTH, day=28), datetime(2026, 1, 28, tzinfo=UTC)))
    '2026-02-28 00:00:00+00:00'
    """
    return next(later(schedule, offset, after, after + _TWO_MONTHS))


def _hourly(minute: int, after: datetime, until: datetime) -> Iterator[datetime]:
    moment = after.astimezone(UTC).replace(minute=minute, second=0, microsecond=0)
    while moment <= until:
        if moment > after:
            yield moment
        moment += _HOUR


def _is_on(schedule: Schedule, day: date) -> bool:
    if schedule.every is Every.WEEK:
        return day.weekday() == tuple(Weekday).index(schedule.weekday)
    return schedule.every is not Every.MONTH or day.day == schedule.day


def read_schedule(content: Mapping[str, Any]) -> tuple[Schedule, list[Problem]]:
    """Read a schedule as a form, an answer or a file has it; see `schedule_content`."""
    reader = Reader(content, SLUG)
    reader.refuse_others(_FIELDS, "a schedule")
    zone = reader.line("zone") or "UTC"
    if zone_flaw(zone):
        reader.problem("zone", f"there is no time zone {zone[:40]}", "write it as Europe/Berlin")
        zone = "UTC"
    schedule = Schedule(
        every=reader.choice("every", Every, Every.DAY),
        hour=reader.number("hour", least=0, most=23) or 0,
        minute=reader.number("minute", least=0, most=59) or 0,
        weekday=reader.choice("weekday", Weekday, Weekday.MONDAY),
        day=reader.number("day", least=1, most=_LAST_SURE_DAY) or 1,
        zone=zone,
    )
    return schedule, reader.problems


def schedule_content(schedule: Schedule) -> dict[str, Any]:
    """Return the JSON values that `read_schedule` reads back."""
    return {
        "every": schedule.every.value,
        "hour": schedule.hour,
        "minute": schedule.minute,
        "weekday": schedule.weekday.value,
        "day": schedule.day,
        "zone": schedule.zone,
    }
