"""restic/backups: the snapshots that were made, and whether the repository is whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.contract import Asking
from reperform.connectors.kept import by_name, json_of, moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.restic.program import opened, run
from reperform.connectors.settings import Access

BACKUPS = POPULATIONS["population.backups"]
TABLES = (BACKUPS,)
BLIND = (
    "backups that failed and left no snapshot; snapshots that were made and removed between two "
    "collections; the clock of the host that made a snapshot; what was not in the paths"
)
_SNAPSHOTS, _CHECK = "snapshots", "check"
_SURE = 2
"""Days within which no usual retention removes a snapshot."""
_DAY = timedelta(days=1)
_DAMAGED = "repository contains errors"


def span(asking: Asking, cursor: str) -> tuple[date, date] | None:
    """Return the first and last whole day to ask for; None when none is over."""
    last = asking.at.date() - _DAY
    first = date.fromisoformat(cursor) + _DAY if cursor else asking.since or last
    return (first, last) if first <= last else None


def cursor(parameters: Mapping[str, str], _: Sequence[Kept]) -> str:
    """Return the last day of a question that was answered whole."""
    return parameters["last"]


def ask(access: Access, first: date, last: date) -> Iterator[Answer]:
    """Yield the list of snapshots, and what a check of the repository says.

    Raises:
        ResticError: the repository cannot be opened.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    facts = {"at": now, "system": system(access), "first": str(first), "last": str(last)}
    yield Answer("observed", "clock", [canonical_json(facts)])
    listed = opened(access, "--json", "snapshots")
    yield Answer(_SNAPSHOTS, "restic --json snapshots", [listed])
    ended = run(access, "check")
    if ended.code != 0 and _DAMAGED not in ended.said:
        yield Answer(_CHECK, "restic check", refused=ended.said or f"exit code {ended.code}")
    else:
        verdict = {"is_whole": ended.code == 0, "said": ended.said}
        yield Answer(_CHECK, "restic check", [canonical_json(verdict)])


def system(access: Access) -> str:
    """Return the repository as rows name it."""
    return f"restic {access.text('repository')}"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each snapshot of the days."""
    kept = by_name(answers)
    facts, listed = (_json(kept.get(name)) for name in ("observed", _SNAPSHOTS))
    verdict = _json(kept.get(_CHECK))
    is_whole = verdict.get("is_whole") if isinstance(verdict, dict) else None
    for snapshot in listed if isinstance(listed, list) else ():
        made_at = (
            moment(whole_seconds(snapshot.get("time"))) if isinstance(snapshot, dict) else None
        )
        day = (made_at or "")[:10]
        if made_at is None or not str(facts["first"]) <= day <= str(facts["last"]):
            continue
        yield Row(
            BACKUPS.name,
            {
                "system": facts["system"],
                "occurred_at": made_at,
                "backup_uid": said(snapshot.get("id")),
                "subject": said(",".join(_texts(snapshot.get("paths"))), most=2_000),
                "host": said(snapshot.get("hostname")),
                "bytes": _count(snapshot, "total_bytes_processed"),
                "files": _count(snapshot, "total_files_processed"),
                "is_success": is_whole if isinstance(is_whole, bool) else None,
                "is_encrypted": True,
            },
            kept[_SNAPSHOTS].blob,
            0,
        )


def _json(kept: Kept | None) -> Any:  # noqa: ANN401 - JSON
    return json_of(kept) if kept else None


def whole_seconds(value: object) -> object:
    """Return a time without its nanoseconds, which Python does not read."""
    if not isinstance(value, str) or "." not in value:
        return value
    head, _, tail = value.partition(".")
    return head + tail.lstrip("0123456789")


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _count(snapshot: Mapping[str, Any], name: str) -> int | None:
    """Return a number of a snapshot's summary, which restic writes since 0.17."""
    summary = snapshot.get("summary")
    value = summary.get(name) if isinstance(summary, dict) else None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number else None


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the days that were asked for: whole when none of their snapshots can be gone yet."""
    facts = _json(by_name(answers).get("observed"))
    listed = _json(by_name(answers).get(_SNAPSHOTS))
    if not isinstance(facts, dict) or not isinstance(listed, list):
        return {BACKUPS.name: Cover(None, None, "the list of snapshots was not given")}
    first, last = (date.fromisoformat(str(facts[name])) for name in ("first", "last"))
    unread = sum(not isinstance(one, dict) or "time" not in one for one in listed)
    why = f"{unread:,} snapshots have no time" if unread else ""
    if (started_at.astimezone(UTC).date() - first).days > _SURE:
        why = "snapshots of these days may have been removed since: collect each day"
    return {BACKUPS.name: Cover(first, last, why, is_whole=not why)}


def newest(access: Access) -> dict[str, Any] | None:
    """Return the newest snapshot; None when there is none.

    Raises:
        ResticError: the repository cannot be opened.
    """
    listed = json.loads(opened(access, "--json", "snapshots")) or []
    return max(listed, key=lambda one: str(whole_seconds(one.get("time"))), default=None)
