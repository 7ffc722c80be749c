"""borg/backups: the archives that were made, and whether the repository is whole."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.borg.program import archives_of, listed, run, system
from reperform.connectors.contract import Asking
from reperform.connectors.kept import by_name, json_of, moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.settings import Access

BACKUPS = POPULATIONS["population.backups"]
TABLES = (BACKUPS,)
BLIND = (
    "backups that failed and left no archive; archives that were made and removed between two "
    "collections; the clock of the host that made an archive; how many files and bytes are in one"
)
_ARCHIVES, _CHECK = "archives", "check"
_SURE = 2
"""Days within which no usual retention removes an archive."""
_DAY = timedelta(days=1)
_DAMAGED = ("errors found", "problems found", "integrity error", "integrityerror")
_BROKEN_OFF = re.compile(r".*\.checkpoint(\.\d+)?", re.ASCII | re.DOTALL)


def span(asking: Asking, cursor: str) -> tuple[date, date] | None:
    """Return the first and last whole day to ask for; None when none is over."""
    last = asking.at.date() - _DAY
    first = date.fromisoformat(cursor) + _DAY if cursor else asking.since or last
    return (first, last) if first <= last else None


def cursor(parameters: Mapping[str, str], _: Sequence[Kept]) -> str:
    """Return the last day of a question that was answered whole."""
    return parameters["last"]


def ask(access: Access, first: date, last: date) -> Iterator[Answer]:
    """Yield the list of archives, and what a check of the repository says.

    Raises:
        BorgError: the repository cannot be opened.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    facts = {"at": now, "system": system(access), "first": str(first), "last": str(last)}
    yield Answer("observed", "clock", [canonical_json(facts)])
    before = listed(access)
    archives_of(before)
    yield Answer(_ARCHIVES, "borg list --json --consider-checkpoints", [before])
    ended = run(access, "check")
    if ended.code == 0:
        yield Answer(_CHECK, "borg check", [_verdict(ended.said, is_whole=True)])
    elif not any(word in ended.said.lower() for word in _DAMAGED):
        yield Answer(_CHECK, "borg check", refused=ended.said or f"exit code {ended.code}")
    elif listed(access) != before:
        # No lock is taken: what a backup has just written may look like damage.
        yield Answer(_CHECK, "borg check", refused="a backup was written while it ran")
    else:
        yield Answer(_CHECK, "borg check", [_verdict(ended.said, is_whole=False)])


def _verdict(words: str, *, is_whole: bool) -> bytes:
    return canonical_json({"is_whole": is_whole, "said": words})


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each archive of the days."""
    kept = by_name(answers)
    facts, told, verdict = (_json(kept.get(name)) for name in ("observed", _ARCHIVES, _CHECK))
    if not isinstance(facts, dict) or not isinstance(told, dict):
        return
    is_whole = verdict.get("is_whole") if isinstance(verdict, dict) else None
    for archive in told["archives"]:
        made_at = at_utc(archive.get("start"))
        if made_at is None or not facts["first"] <= made_at[:10] <= facts["last"]:
            continue
        yield Row(
            BACKUPS.name,
            {
                "system": facts["system"],
                "occurred_at": made_at,
                "backup_uid": said(archive.get("id")),
                "subject": said(subject(archive), most=2_000),
                "host": said(archive.get("hostname")),
                "is_success": False if is_broken_off(archive) else is_whole,
                "is_encrypted": _is_encrypted(told),
            },
            kept[_ARCHIVES].blob,
            0,
        )


def _json(kept: Kept | None) -> Any:  # noqa: ANN401 - JSON
    return json_of(kept) if kept and kept.blob else None


def at_utc(value: object) -> str | None:
    """Return a time of borg, which names no zone and was told to write UTC, as a timestamp."""
    return moment(f"{value}+00:00") if isinstance(value, str) else None


def is_broken_off(archive: Mapping[str, Any]) -> bool:
    """Return whether it is what a backup that did not end left behind."""
    return _BROKEN_OFF.fullmatch(str(archive.get("name"))) is not None


def subject(archive: Mapping[str, Any]) -> str | None:
    """Return what the command that made an archive names after the archive: what is backed up.

    >>> subject({"command_line": ["borg", "create", "--stats", "/r::db-7", "/srv", "/etc"]})
    '/srv,/etc'
    """
    words = archive.get("command_line")
    texts = [each for each in words if isinstance(each, str)] if isinstance(words, list) else []
    behind = [number for number, word in enumerate(texts) if "::" in word]
    return ",".join(texts[behind[0] + 1 :]) or None if behind else None


def _is_encrypted(told: Mapping[str, Any]) -> bool | None:
    """Return whether the repository is: `authenticated` is signed only."""
    encryption = told.get("encryption")
    mode = str(encryption.get("mode")) if isinstance(encryption, dict) else ""
    if mode.startswith(("repokey", "keyfile")):
        return True
    return False if mode == "none" or mode.startswith("authenticated") else None


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the days that were asked for: whole when none of their archives can be gone yet."""
    kept = by_name(answers)
    facts, told = _json(kept.get("observed")), _json(kept.get(_ARCHIVES))
    if not isinstance(facts, dict) or not isinstance(told, dict):
        return {BACKUPS.name: Cover(None, None, "the list of archives was not given")}
    first, last = (date.fromisoformat(str(facts[name])) for name in ("first", "last"))
    unread = sum(at_utc(one.get("start")) is None for one in told["archives"])
    why = f"{unread:,} archives have no time" if unread else ""
    if (started_at.astimezone(UTC).date() - first).days > _SURE:
        why = "archives of these days may have been removed since: collect each day"
    return {BACKUPS.name: Cover(first, last, why, is_whole=not why)}
