"""Results of scheduled queries, in each of osquery's three formats of logs.

See https://osquery.readthedocs.io/en/stable/deployment/logging/: differential (a line for each row
that came or went), batch (one line for all of them), and snapshot (all rows each time).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reperform.connectors.answer import Kept
from reperform.connectors.jsonlines import Line
from reperform.connectors.kept import said
from reperform.connectors.said import objects

ADDED, REMOVED, SNAPSHOT = "added", "removed", "snapshot"
_LATEST = 253_402_300_799
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What one line says; `rows` are pairs of action and the columns of a row.

    A differential result has an epoch and a counter; those before osquery 3.0 have none.
    """

    host: str
    query: str
    at: int
    epoch: int | None
    counter: int | None
    is_snapshot: bool
    rows: tuple[tuple[str, Values], ...]
    blob: str
    offset: int

    @property
    def moment(self) -> str:
        """When the query ran, in UTC."""
        return moment_of(self.at)


def moment_of(seconds: int) -> str:
    """Return seconds since 1970 as a timestamp."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def flaw(value: Values) -> str:
    """Return why an object is no result of a scheduled query; empty when it is one."""
    is_named = isinstance(value.get("name"), str) and isinstance(value.get("hostIdentifier"), str)
    if not is_named or _whole(value.get("unixTime")) is None:
        return "is no result of a scheduled query: it names no query, host and time"
    is_row = value.get("action") in (ADDED, REMOVED) and isinstance(value.get("columns"), dict)
    is_all = isinstance(value.get("snapshot"), list)
    differences = value.get("diffResults")
    is_batch = isinstance(differences, dict) and all(
        isinstance(differences.get(each) or [], list) for each in (ADDED, REMOVED)
    )
    return "" if is_row or is_all or is_batch else "holds neither a row, nor rows, nor a snapshot"


def results_of(found: Iterable[tuple[Kept, Line]]) -> Iterator[Result]:
    """Yield each line as a result."""
    for kept, line in found:
        value = line.value
        yield Result(
            host=said(value["hostIdentifier"]) or "",
            query=said(value["name"]) or "",
            at=min(_whole(value["unixTime"]) or 0, _LATEST),
            epoch=_whole(value.get("epoch")),
            counter=_whole(value.get("counter")),
            is_snapshot=isinstance(value.get("snapshot"), list),
            rows=tuple(_rows(value)),
            blob=kept.blob,
            offset=line.at,
        )


def _rows(value: Values) -> Iterator[tuple[str, Values]]:
    if isinstance(value.get("snapshot"), list):
        yield from ((SNAPSHOT, row) for row in objects(value["snapshot"]))
    elif isinstance(value.get("diffResults"), dict):
        for action in (REMOVED, ADDED):
            yield from ((action, row) for row in objects(value["diffResults"].get(action)))
    else:
        yield str(value["action"]), value["columns"]


def _whole(value: object) -> int | None:
    """Return a number that osquery may write as a text, too."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:  # noqa: PLR2004 - 64 bits
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < 1 << 63 else None


@dataclass(slots=True)
class State:
    """What one query of one host has found up to its newest result.

    Attributes:
        newest: the newest result.
        first_at: seconds since 1970 of its first result in the files.
        rows: its rows now.
        is_whole: they began with all rows: a snapshot, or the first results of the epoch.
    """

    newest: Result
    first_at: int
    rows: list[Values] = field(default_factory=list)
    is_whole: bool = False


def states_of(found: Iterable[Result]) -> dict[tuple[str, str], State]:
    """Return host and query -> its state, by all results in the order in which they were made."""
    by_query: dict[tuple[str, str], list[Result]] = {}
    for result in found:
        by_query.setdefault((result.host, result.query), []).append(result)
    return {place: _state(results) for place, results in sorted(by_query.items())}


def _state(results: list[Result]) -> State:
    ordered = sorted(results, key=lambda one: (one.at, one.epoch or 0, one.counter or 0))
    newest = ordered[-1]
    state = State(newest, ordered[0].at)
    if newest.is_snapshot:
        state.rows, state.is_whole = [row for _, row in newest.rows], True
        return state
    epoch = [one for one in ordered if one.epoch == newest.epoch and not one.is_snapshot]
    # The first results of an epoch are all rows, and have the counter 0.  Where a host began anew
    # in the same epoch, with its database gone, the last beginning counts.
    begun = max((one.at for one in epoch if one.counter == 0), default=None)
    state.is_whole = begun is not None
    rows: dict[str, Values] = {}
    for action, row in _changes(one for one in epoch if begun is None or one.at >= begun):
        key = json.dumps(row, sort_keys=True)
        if action == ADDED:
            rows[key] = row
        else:
            rows.pop(key, None)
    state.rows = list(rows.values())
    return state


def _changes(results: Iterable[Result]) -> Iterator[tuple[str, Values]]:
    """Yield what went and what came, of each run what went first."""
    runs: dict[tuple[int, int], list[tuple[str, Values]]] = {}
    for one in results:
        runs.setdefault((one.at, one.counter or 0), []).extend(one.rows)
    for rows in runs.values():
        yield from sorted(rows, key=lambda row: row[0] != REMOVED)
