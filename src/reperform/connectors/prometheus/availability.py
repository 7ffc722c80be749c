"""prometheus/availability: how many measurements a day holds, and how many found the target up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Client
from reperform.connectors.kept import by_name, json_of, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.prometheus.server import samples

AVAILABILITY = POPULATIONS["population.availability"]
TABLES = (AVAILABILITY,)
BLIND = (
    "targets that gave no sample on any of the days that were asked for together; whether the "
    "server could reach what it watches when users could; samples that were removed, or written "
    "afterwards"
)
MOST_SECONDS = 3_600
_PART = 6
"""Hours of one answer: it stays small with many targets."""
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Watched:
    """Which series of which server are asked for; `seconds` lie between two samples."""

    client: Client
    system: str
    series: str
    seconds: int


def ask(watched: Watched, /, *, first: date, last: date) -> Iterator[Answer]:
    """Yield the samples of some days, a quarter of a day at once.

    Raises:
        CallFailedError: the server does not answer to the end.
    """
    facts = {
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "system": f"prometheus {watched.system}",
        "series": watched.series,
        "seconds": watched.seconds,
        "first": str(first),
        "last": str(last),
    }
    yield Answer("observed", "clock", [canonical_json(facts)])
    for day in days.each_day(first, last):
        for hour in range(0, 24, _PART):
            begin = datetime.combine(day, time(hour), UTC)
            yield samples(
                watched.client,
                f"samples {day} {hour:02}",
                watched.series,
                begin=begin,
                seconds=_PART * 3_600,
            )


@dataclass(slots=True)
class _Day:
    """What a series gave on a day: moments in milliseconds, and the answer it begins in."""

    all: set[int]
    up: set[int]
    blob: str


def _read(answers: Sequence[Kept]) -> tuple[Mapping[str, Any], dict[tuple[str, str], _Day]]:
    """Return what was asked, and series and day -> samples."""
    kept = by_name(answers).get("observed")
    facts = json_of(kept) if kept else None
    found: dict[tuple[str, str], _Day] = {}
    for answer in answers:
        if not answer.blob or not answer.name.startswith("samples "):
            continue
        day = answer.name.split()[1]
        begin = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) * 1_000
        for series in json_of(answer)["data"]["result"]:
            key = (_service(series["metric"]), day)
            one = found.setdefault(key, _Day(set(), set(), answer.blob))
            for at, value in series["values"]:
                moment = round(float(at) * 1_000)
                if begin <= moment < begin + _DAY_SECONDS * 1_000:
                    one.all.add(moment)
                    if float(value) == 1:
                        one.up.add(moment)
    return (facts if isinstance(facts, dict) else {}), found


def _service(labels: Mapping[str, str]) -> str:
    """Return what was measured, by every label that is not the series' name.

    >>> _service({"__name__": "up", "job": "site", "instance": "a:80"})
    'instance=a:80, job=site'
    """
    named = [f"{name}={labels[name]}" for name in sorted(labels) if name != "__name__"]
    return said(", ".join(named), most=2_000) or str(labels.get("__name__", "")) or "{}"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each series and day.

    A series that gave samples on another of the days, and none on this one, has a row with none:
    it is neither up nor down on that day.
    """
    facts, found = _read(answers)
    if not found:
        return
    first, last = (date.fromisoformat(str(facts[name])) for name in ("first", "last"))
    blobs = {service: one.blob for (service, _), one in reversed(found.items())}
    for service in sorted(blobs):
        for day in days.each_day(first, last):
            one = found.get((service, str(day)), _Day(set(), set(), blobs[service]))
            yield Row(
                AVAILABILITY.name,
                {
                    "system": facts["system"],
                    "occurred_at": f"{day} 00:00:00",
                    "service": service,
                    "ended_at": f"{day + timedelta(days=1)} 00:00:00",
                    "samples_expected": _DAY_SECONDS // int(facts["seconds"]),
                    "samples": len(one.all),
                    "samples_up": len(one.up),
                },
                one.blob,
                0,
            )


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for; one on which nothing was measured is not known."""
    cover = days.covers_days(answers, {AVAILABILITY.name: ("samples",)})[AVAILABILITY.name]
    if cover.first is None or cover.last is None:
        return {AVAILABILITY.name: cover}
    measured = {day for (_, day), one in _read(answers)[1].items() if one.all}
    asked = map(str, days.each_day(cover.first, cover.last))
    silent = [day for day in asked if day not in measured]
    if silent and not cover.missing:
        why = f"nothing was measured on {', '.join(silent)}: the server keeps none, or stood still"
        cover = replace(cover, missing=why, is_whole=False)
    return {AVAILABILITY.name: cover}
