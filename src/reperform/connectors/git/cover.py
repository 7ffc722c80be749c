"""Which days a collection of a repository's history vouches for."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept
from reperform.connectors.git.people import identity
from reperform.connectors.git.reflog import REFLOG

_DAY = timedelta(days=1)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return what each git table covers.

    Events are complete for every day that was over when the collection began; commits only for
    the days that were asked for.  Reflogs expire, so branch moves reach back only to the oldest
    entry after which no move is lost.
    """
    today = started_at.astimezone(UTC).date()
    kept = {answer.name: answer for answer in answers}
    commits = _needs(kept, ("repository", "graph", "commit-objects"))
    tags = _needs(kept, ("repository", "refs", "tag-objects"))
    events = commits or _commits(kept, today)
    owners = kept.get("code-owners")
    return {
        "git.repository": _needs(kept, ("repository", "graph")) or Cover(today, today),
        "git.commits": events,
        "git.trailers": events,
        "git.tags": tags or Cover(None, today - _DAY),
        "git.branch_moves": _moves(answers, today),
        # A repository that has no such file was looked at all the same.
        "git.code_owners": Cover(today, today)
        if owners and not owners.refused
        else Cover(None, None, owners.refused if owners else "nobody asked for code owners"),
    }


def _needs(kept: Mapping[str, Kept], names: Sequence[str]) -> Cover | None:
    """Return why nothing is covered when one of the answers is not there, else None."""
    for name in names:
        answer = kept.get(name)
        if answer is None or not answer.blob:
            why = answer.refused if answer else "it was not asked for"
            return Cover(None, None, f"{name}: {why}")
    return None


def _commits(kept: Mapping[str, Kept], today: date) -> Cover:
    with kept["repository"].open() as file:
        facts: dict[str, Any] = json.load(file)
    first, last = facts.get("commits_first"), facts.get("commits_last")
    if not first or not last:
        return Cover(None, today - _DAY)
    return _from(date.fromisoformat(first), min(date.fromisoformat(last), today - _DAY), "")


def _from(first: date | None, last: date, missing: str) -> Cover:
    if first and first > last:
        return Cover(None, None, missing or f"no day from {first} on was over")
    return Cover(first, last, missing)


def _moves(answers: Sequence[Kept], today: date) -> Cover:
    logs = [answer for answer in answers if answer.name.startswith(REFLOG)]
    unread = [log.refused for log in logs if log.refused]
    whole = [log for log in logs if log.blob]
    if unread or not whole:
        said = "; ".join(unread or [log.absent for log in logs if log.absent])
        return Cover(None, None, said or "there is no reflog")
    begins = [_unbroken(log) for log in whole]
    if "" in begins:
        return Cover(None, None, "a reflog is empty or has no times")
    latest = max(begins)
    if latest == _EVER:
        return Cover(None, today - _DAY)
    since = date.fromisoformat(latest)
    return _from(since, today - _DAY, f"the reflog is without gaps only since {since}")


_EVER = "0000-00-00"


def _unbroken(log: Kept) -> str:
    """Return the day since which a reflog shows every move; `_EVER` when since its beginning.

    git forgets entries after 90 days, and those that rewriting left behind after 30: a move that
    does not begin where the one before it ended shows that something between is gone.
    """
    since, ended = "", b""
    with log.open() as file:
        for line in file:
            head, _, message = line.partition(b"\t")
            fields = head.split(b" ", 2)
            if len(fields) == 3:  # noqa: PLR2004 - old, new, who and when
                if not since or fields[0] != ended:
                    is_birth = not since and message.startswith(b"commit (initial)")
                    day = (identity(fields[2]).at or "")[:10]
                    since = _EVER if is_birth else max(since, day)
                ended = fields[1]
    return since
