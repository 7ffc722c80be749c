"""gitlab/changes: every merge request that was merged: who proposed, approved and merged it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Request, values_of
from reperform.connectors.contract import Asking
from reperform.connectors.gitlab.lab import Lab
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, objects, of, ticket_in

CHANGES = POPULATIONS["population.changes"]
TABLES = (CHANGES,)
NEEDS = ("read_api",)
BLIND = (
    "commits that were pushed without a merge request, which the history in git shows; projects "
    "that the token cannot see; approvals that were taken back after the merge; whether two "
    "accounts are one person"
)
_LATE = timedelta(minutes=30)
_MERGED = "merged"
_MACHINE = re.compile(r"(project|group)_\d+_bot(_.*)?", re.ASCII)
"""The accounts of access tokens."""
_APPROVED, _TAKEN_BACK = "approved this merge request", "unapproved this merge request"


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, a week at a time."""
    return days.spans(asking, cursor, late=_LATE)


def ask(lab: Lab, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what was merged on these days, each with approvals, notes, versions and pipeline.

    GitLab cannot be asked for the day of a merge: it is asked for what changed since the day
    before, and what was merged on other days is left.  In the order of their making, a change
    that is merged while we read moves others back and never out of sight.
    """
    yield lab.api.observed(first=str(first), last=str(last))
    query = {
        "state": "merged",
        "scope": "all",
        "non_archived": "false",
        "updated_after": f"{first - days.DAY}T00:00:00Z",
        "order_by": "created_at",
        "sort": "asc",
    }
    facts = {"first": str(first), "last": str(last)}
    wanted: dict[str, str] = {}
    for answer in lab.listed(_MERGED, f"{lab.base}/merge_requests", *query.items()):
        for one in values_of(answer):
            if days.is_asked(facts, moment(one.get("merged_at"))):
                wanted[_label(one)] = f"projects/{int(one['project_id'])}/merge_requests"
        yield answer
    for label, path in wanted.items():
        base = f"{path}/{label.partition('!')[2]}"
        yield lab.api.one(f"change {label}", Request(base))
        yield lab.api.one(f"approvals {label}", Request(f"{base}/approvals"))
        yield from lab.listed(f"notes {label}", f"{base}/notes", ("sort", "asc"))
        yield from lab.listed(f"versions {label}", f"{base}/versions")


def _label(one: dict[str, Any]) -> str:
    return f"{int(one['project_id'])}!{int(one['iid'])}"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each merge request that was merged on the days asked for, once."""
    found = Said(answers)
    for kept, one in found.once(_MERGED, "id"):
        if days.is_asked(found.facts, moment(one["merged_at"])):
            yield Row(CHANGES.name, _change(found, one), kept.blob, 0)


def _change(found: Said, one: dict[str, Any]) -> dict[str, Any]:
    label, merged_at = _label(one), moment(one["merged_at"])
    approvals = _approvals(found, label, of(one, "author", "username"), merged_at)
    at = max(approvals.values(), default=None) if approvals else None
    reference = of(one, "references", "full")
    place = reference.partition("!")[0] if isinstance(reference, str) else one["project_id"]
    became = one.get("merge_commit_sha") or one.get("squash_commit_sha") or one.get("sha")
    return {
        "system": said(f"{str(found.told['system']).partition('/')[0]}/{place}"),
        "occurred_at": merged_at,
        "change_uid": said(f"!{one['iid']}"),
        "title": said(one.get("title")),
        "kind": "code",
        "target": said(one.get("target_branch")),
        "author": said(of(one, "author", "username")),
        "opened_at": moment(one.get("created_at")),
        "approvals": None if approvals is None else len(approvals),
        "approved_by": said(",".join(sorted(approvals or ()))),
        "approved_at": at,
        "approved_revision": _revision(found, label, at),
        "applied_by": said(of(one, "merge_user", "username") or of(one, "merged_by", "username")),
        "applied_revision": said(one.get("sha")),
        "checks": _checks(found, label),
        "ticket": ticket_in(one.get("title"), one.get("description")),
        "commit_id": said(became),
    }


def _approvals(
    found: Said, label: str, author: object, merged_at: str | None
) -> dict[str, str] | None:
    """Return who approved, and when, before the merge, other than the author and machines.

    GitLab says who approved; since version 18 when, before that its notes do.  None when either
    is not known.
    """
    names = (f"approvals {label}", f"notes {label}")
    if not all(map(found.has, names)) or merged_at is None:
        return None
    noted = _times(found, names[1])
    counted: dict[str, str] = {}
    for given in (each for _, one in found.each(names[0]) for each in objects(one["approved_by"])):
        name = of(given, "user", "username")
        if name == author or not isinstance(name, str) or _MACHINE.fullmatch(name):
            continue
        at = moment(given.get("approved_at")) or noted.get(name)
        if at is None:
            return None
        if at <= merged_at:
            counted[name] = at
    return counted


def _times(found: Said, name: str) -> dict[str, str]:
    """Return when each account approved last; one that took it back since is left out."""
    times: dict[str, str] = {}
    notes = [one for _, one in found.each(name) if one.get("system") is True]
    for note in sorted(notes, key=lambda one: str(one.get("created_at"))):
        who, at, body = of(note, "author", "username"), moment(note.get("created_at")), note["body"]
        if body == _APPROVED and at:
            times[str(who)] = at
        elif body == _TAKEN_BACK:
            times.pop(str(who), None)
    return times


def _revision(found: Said, label: str, at: str | None) -> str | None:
    """Return the newest revision that was there when the last approval was given."""
    versions = [one for _, one in found.each(f"versions {label}")]
    told = [(moment(one.get("created_at")), one.get("head_commit_sha")) for one in versions]
    seen = [(when, revision) for when, revision in told if at and when and when <= at]
    return said(max(seen, key=lambda one: one[0])[1]) if seen else None


def _checks(found: Said, label: str) -> str | None:
    """Return whether the last pipeline of the change succeeded; None when it is not known."""
    for _, one in found.each(f"change {label}"):
        if "head_pipeline" in one:
            status = of(one, "head_pipeline", "status")
            return "none" if status is None else "passed" if status == "success" else "failed"
    return None


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless something was refused."""
    return days.covers_days(answers, {CHANGES.name: ("",)})
