"""prometheus/alerts: which alerts fired when, and on which hours nobody would have known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import CallFailedError
from reperform.connectors.kept import by_name, json_of, said
from reperform.connectors.prometheus.server import matrix, samples
from reperform.connectors.prometheus.state import Server, labels_of
from reperform.connectors.prometheus.tables import ALERTS

TABLES = (ALERTS,)
BLIND = (
    "whether anybody was told, and what they did; alerts that fired between two evaluations, or "
    "that another server raises; samples that were removed, or written afterwards"
)
_STEP = 300
"""Seconds after which a series without a sample is over, for Prometheus itself too."""
_PART = 6
_FIRING, _SINCE = 'ALERTS{alertstate="firing"}', "ALERTS_FOR_STATE"
_MEASURED, _DENIED = "measured ", frozenset({401, 403})
_REASONS = 5


@dataclass(frozen=True, slots=True)
class Alerting:
    """A server, and the series that are there whenever it measures anything."""

    server: Server
    series: str


def ask(alerting: Alerting, /, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what fired, since when, and when anything was measured, a quarter of a day at once.

    Raises:
        CallFailedError: the server does not answer to the end.
    """
    server = alerting.server
    yield server.observed(first=str(first), last=str(last), series=alerting.series)
    for day in days.each_day(first, last):
        yield _measured(alerting, day)
        for hour in range(0, 24, _PART):
            begin = datetime.combine(day, time(hour), UTC)
            for name, series in (("firing", _FIRING), ("since", _SINCE)):
                label = f"{name} {day} {hour:02}"
                yield samples(server.client, label, series, begin=begin, seconds=_PART * 3_600)


def _measured(alerting: Alerting, day: date) -> Answer:
    """Return in which five minutes of a day there was a sample of the series.

    They end a millisecond before the next begin, as in `samples`.
    """
    name = f"{_MEASURED}{day}"
    begin = int(datetime.combine(day, time(), UTC).timestamp())
    reply = alerting.server.client.get(
        "api/v1/query_range",
        query=f"count(count_over_time({alerting.series}[{_STEP}s]))",
        start=f"{begin + _STEP - 0.001:.3f}",
        end=f"{begin + 86_400 - 0.001:.3f}",
        step=str(_STEP),
    )
    if reply.status in _DENIED:
        return Answer(name, reply.asked, refused=reply.told)
    if not reply.is_good:
        raise CallFailedError(f"{name}: {reply.told}")
    matrix(reply)
    return Answer(name, reply.asked, [reply.body])


@dataclass(slots=True)
class _Series:
    """What one alert gave: moments in seconds, since when it was active at them, its first blob."""

    labels: dict[str, Any]
    blob: str
    moments: set[float]


def _series(answers: Sequence[Kept], kind: str) -> Iterator[tuple[Kept, dict[str, Any], list[Any]]]:
    for kept in answers:
        if kept.blob and kept.name.startswith(f"{kind} "):
            for one in json_of(kept)["data"]["result"]:
                yield kept, one["metric"], one["values"]


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each time that an alert fired, of the days that were asked for.

    It is over where it was not found to fire for longer than five minutes.
    """
    kept = by_name(answers).get("observed")
    facts = json_of(kept) if kept else None
    if not isinstance(facts, dict):
        return
    found: dict[str, _Series] = {}
    for answer, labels, values in _series(answers, "firing"):
        one = found.setdefault(_key(labels), _Series(labels, answer.blob, set()))
        one.moments |= {float(at) for at, _ in values}
    since: dict[str, dict[float, float]] = {}
    for _, labels, values in _series(answers, "since"):
        since.setdefault(_key(labels), {}).update({float(at): float(value) for at, value in values})
    seen = _seen(answers)
    for key in sorted(found):
        for episode in _episodes(found[key].moments):
            yield _row(facts, found[key], episode, since.get(key, {}), seen)


def _key(labels: dict[str, Any]) -> str:
    return labels_of(labels, "__name__", "alertstate") or ""


def _episodes(moments: set[float]) -> Iterator[list[float]]:
    episode: list[float] = []
    for at in sorted(moments):
        if episode and at - episode[-1] > _STEP:
            yield episode
            episode = []
        episode.append(at)
    if episode:
        yield episode


def _row(
    facts: dict[str, Any],
    one: _Series,
    episode: list[float],
    since: dict[float, float],
    seen: set[int],
) -> Row:
    begin = next((since[at] for at in episode if at in since), None)
    active_at = None if begin is None else _text(begin)
    name = said(one.labels.get("alertname"))
    values = {
        "system": facts["system"],
        "event_uid": said(f"{active_at or _text(episode[0])} {_key(one.labels)}", most=2_000),
        "occurred_at": _text(episode[0]),
        "alert": name,
        "severity": said(one.labels.get("severity")),
        "labels": labels_of(one.labels, "__name__", "alertstate", "alertname", "severity"),
        "active_at": active_at,
        "last_at": _text(episode[-1]),
        "is_over": _is_over(episode[-1], seen),
        "samples": len(episode),
    }
    return Row(ALERTS.name, values, one.blob, 0)


def _is_over(last: float, seen: set[int]) -> bool | None:
    """Return True when something was measured after it was found to fire last; else None.

    Its last five minutes, and those in which it may still be evaluated, say nothing.
    """
    following = (int(last) // _STEP + 3) * _STEP
    return True if following in seen else None


def _seen(answers: Sequence[Kept]) -> set[int]:
    """Return the ends of the five minutes in which something was measured."""
    return {
        round(float(at))
        for _, _, values in _series(answers, _MEASURED.strip())
        for at, value in values
        if float(value) > 0
    }


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, with the hours in which nothing was measured.

    Then no rule was evaluated either, or on nothing: an alert could not fire.
    """
    cover = days.covers_days(answers, {ALERTS.name: ("",)})[ALERTS.name]
    if cover.first is None or cover.last is None or cover.missing:
        return {ALERTS.name: cover}
    holes = _holes(cover.first, cover.last, _seen(answers))
    if holes:
        told = [f"{_text(begin)} to {_text(end)}" for begin, end in holes[:_REASONS]]
        more = f" and {len(holes) - _REASONS} more times" if len(holes) > _REASONS else ""
        why = f"nothing was measured from {', from '.join(told)}{more}: no alert could fire"
        cover = replace(cover, missing=why, is_whole=False)
    return {ALERTS.name: cover}


def _holes(first: date, last: date, seen: set[int]) -> list[tuple[int, int]]:
    """Return when nothing was measured: begins and ends in seconds."""
    begin = int(datetime.combine(first, time(), UTC).timestamp())
    end = int(datetime.combine(last + timedelta(days=1), time(), UTC).timestamp())
    holes: list[tuple[int, int]] = []
    for at in range(begin + _STEP, end + 1, _STEP):
        if at in seen:
            continue
        if holes and holes[-1][1] == at - _STEP:
            holes[-1] = (holes[-1][0], at)
        else:
            holes.append((at - _STEP, at))
    return holes
