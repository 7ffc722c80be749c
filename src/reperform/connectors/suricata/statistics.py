"""What a sensor says of itself: on which days it ran, and how many packets it did not look at."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept
from reperform.connectors.jsonlines import Line, inside, whole
from reperform.connectors.kept import moment, said

_DAY = timedelta(days=1)
_SILENT = timedelta(hours=1)
"""Longer than this without statistics, nobody knows whether the sensor ran."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """One statistic: counters since the sensor was started, None when it does not count them."""

    at: datetime
    uptime: int | None
    packets: int | None
    dropped: int | None
    blob: str
    offset: int


@dataclass(slots=True)
class Day:
    """What the statistics of one sensor say of one day."""

    last: Measured
    measurements: int = 0
    packets: int | None = None
    dropped: int | None = None
    longest_gap: int = 0


def system(event: Mapping[str, Any]) -> str:
    """Return the sensor as rows name it: `host` is there when its settings name it."""
    name = said(event.get("host"))
    return f"suricata {name}" if name else "suricata"


def measured(kept: Kept, line: Line) -> Measured | None:
    """Return a line as a statistic; None when it is none, or has no time."""
    at = moment(line.value.get("timestamp"))
    if line.value.get("event_type") != "stats" or at is None:
        return None
    stats = inside(line.value, "stats")
    packets, dropped = (
        whole(inside(stats, "capture", name)) for name in ("kernel_packets", "kernel_drops")
    )
    uptime = whole(inside(stats, "uptime"))
    return Measured(datetime.fromisoformat(at), uptime, packets, dropped, kept.blob, line.at)


class Sensors:
    """The statistics of each sensor, each once: files that were rotated repeat each other's.

    A sensor writes one every eight seconds at most: they are few beside the events, and are held.
    """

    def __init__(self) -> None:
        self._found: dict[str, list[Measured]] = defaultdict(list)
        self._seen: set[bytes] = set()

    def see(self, kept: Kept, line: Line) -> None:
        """Take up a line, if it is a statistic."""
        one = measured(kept, line)
        if one is None:
            return
        digest = hashlib.sha256(line.raw).digest()
        if digest not in self._seen:
            self._seen.add(digest)
            self._found[system(line.value)].append(one)

    def by_name(self) -> dict[str, list[Measured]]:
        """Return them by the sensor's name, in the order of their times."""
        return {
            name: sorted(each, key=lambda one: one.at) for name, each in sorted(self._found.items())
        }


def days_of(sensor: list[Measured]) -> dict[date, Day]:
    """Return what each day between the first and the last statistic counts, silent ones too."""
    days: dict[date, Day] = {}
    before: Measured | None = None
    for one in sensor:
        day = days.setdefault(one.at.date(), Day(one))
        day.last, day.measurements = one, day.measurements + 1
        if before:
            day.packets = _more(day.packets, before, one, before.packets, one.packets)
            day.dropped = _more(day.dropped, before, one, before.dropped, one.dropped)
        before = one
    for number in range((sensor[-1].at.date() - sensor[0].at.date()).days):
        days.setdefault(sensor[0].at.date() + number * _DAY, Day(sensor[0]))
    times: dict[date, list[datetime]] = defaultdict(list)
    for one in sensor:
        times[one.at.date()].append(one.at)
    for on, day in days.items():
        begin = datetime.combine(on, datetime.min.time())
        moments = [begin, *times[on], begin + _DAY]
        day.longest_gap = int(max(b - a for a, b in pairwise(moments)).total_seconds())
    return dict(sorted(days.items()))


def _more(
    sum_: int | None, before: Measured, one: Measured, was: int | None, now: int | None
) -> int | None:
    """Return a sum and what a counter grew by; after a start it counts from nothing."""
    if now is None:
        return sum_
    is_started = was is None or now < was or (one.uptime or 0) < (before.uptime or 0)
    return (sum_ or 0) + (now if is_started else now - (was or 0))


def cover(sensors: Mapping[str, list[Measured]], refused: str) -> Cover:
    """Return the days on which every sensor ran, whole when none was silent or dropped a packet."""
    if not sensors:
        why = "no statistics are there: whether a sensor ran is not known"
        return Cover(None, None, "; ".join(filter(None, [refused, why])))
    told = {name: days_of(each) for name, each in sensors.items()}
    first, last = max(min(days) for days in told.values()), min(max(days) for days in told.values())
    if first > last:
        return Cover(None, None, "the sensors' statistics have no day in common")
    wrong = [
        f"{name} on {on}: {why}"
        for name, days in told.items()
        for on, day in days.items()
        if first <= on <= last and (why := blindness(day))
    ]
    more = [f"and {len(wrong) - _MOST_NAMED:,} more"] if len(wrong) > _MOST_NAMED else []
    missing = "; ".join(filter(None, [refused, *wrong[:_MOST_NAMED], *more]))
    return Cover(first, last, missing, is_whole=not missing)


def blindness(day: Day) -> str:
    """Return what a sensor could not see on a day; empty when it saw all that reached it."""
    if day.longest_gap > _SILENT.total_seconds():
        return f"no statistics for {day.longest_gap // 60:,} minutes"
    if day.dropped is None:
        return "dropped packets are not counted"
    return f"{day.dropped:,} packets were dropped unseen" if day.dropped else ""
