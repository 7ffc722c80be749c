"""github/changes: every pull request that was merged: who proposed, approved and merged it."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.contract import Asking
from reperform.connectors.github.hub import Hub
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of, ticket_in

CHANGES = POPULATIONS["population.changes"]
TABLES = (CHANGES,)
NEEDS = ("Metadata: read", "Pull requests: read", "Checks: read", "Commit statuses: read")
BLIND = (
    "commits that were pushed without a pull request, which the history in git shows; repositories "
    "that the token cannot see; whether two accounts are one person; approvals that were dismissed "
    "and given again before anybody looked"
)
_SEARCHED = timedelta(minutes=30)
"""How long GitHub's search may take to know of a merge."""
_PULL = re.compile(r".*/repos/([^/]+)/([^/]+)/pulls/(\d+)", re.ASCII)
_GOOD = ("success", "neutral", "skipped")
_VERDICTS = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, a week at a time."""
    return days.spans(asking, cursor, late=_SEARCHED)


def ask(hub: Hub, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what was merged on each day, and each pull request with its reviews and checks."""
    yield hub.observed(first=str(first), last=str(last))
    for day in days.each_day(first, last):
        for answer in hub.merged_on(day):
            body = b"".join(answer.body)
            yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
            for name, number in _pulls(body):
                yield from _pull(hub, name, number)


def _pulls(body: bytes) -> list[tuple[str, str]]:
    """Return repository and number of each pull request on a page of a search."""
    items = json.loads(body)["items"] if body else []
    addresses = [str(of(item, "pull_request", "url")) for item in items]
    return [(found[2], found[3]) for address in addresses if (found := _PULL.match(address))]


def _pull(hub: Hub, name: str, number: str) -> Iterator[Answer]:
    base, label = f"repos/{hub.owner}/{quote(name, safe='')}", f"{name}#{number}"
    answer = hub.one(f"pull {label}", f"{base}/pulls/{number}")
    yield answer
    yield from hub.listed(f"reviews {label}", f"{base}/pulls/{number}/reviews")
    body = b"".join(answer.body)
    revision = of(json.loads(body), "head", "sha") if body else None
    if isinstance(revision, str) and revision.isalnum():
        commit = f"{base}/commits/{revision}"
        runs = ("check_runs",)
        yield from hub.listed(f"checks {label}", f"{commit}/check-runs", inside=runs)
        yield hub.one(f"status {label}", f"{commit}/status")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each merged pull request, once."""
    found = Said(answers)
    names = dict.fromkeys(each.name for each in answers if each.name.startswith("pull "))
    labels = dict.fromkeys(name.removeprefix("pull ").partition(" page ")[0] for name in names)
    for label in labels:
        for kept, pull in found.each(f"pull {label}"):
            yield Row(CHANGES.name, _change(found, label, pull), kept.blob, 0)


def _change(found: Said, label: str, pull: dict[str, Any]) -> dict[str, Any]:
    author, merged_at = of(pull, "user", "login"), moment(pull.get("merged_at"))
    reviews = [review for _, review in found.each(f"reviews {label}")]
    approvals = _approvals(reviews, author, merged_at)
    is_known = found.has(f"reviews {label}")
    newest = max(approvals, key=lambda one: str(one["submitted_at"]), default=None)
    return {
        "system": said(f"github {found.facts.get('owner')}/{label.rpartition('#')[0]}"),
        "occurred_at": merged_at,
        "change_uid": said(f"#{label.rpartition('#')[2]}"),
        "title": said(pull.get("title")),
        "kind": "code",
        "target": said(of(pull, "base", "ref")),
        "author": said(author),
        "opened_at": moment(pull.get("created_at")),
        "approvals": len(approvals) if is_known else None,
        "approved_by": said(",".join(sorted(str(of(one, "user", "login")) for one in approvals))),
        "approved_at": moment(newest["submitted_at"]) if newest else None,
        "approved_revision": said(newest.get("commit_id")) if newest else None,
        "applied_by": said(of(pull, "merged_by", "login")),
        "applied_revision": said(of(pull, "head", "sha")),
        "checks": _checks(found, label),
        "ticket": ticket_in(pull.get("title"), pull.get("body")),
        "commit_id": said(pull.get("merge_commit_sha")),
    }


def _approvals(
    reviews: Sequence[dict[str, Any]], author: object, merged_at: str | None
) -> list[dict[str, Any]]:
    """Return the reviews by which people other than the author approve, by their last word.

    A comment is no last word; a review after the merge is none of it.
    """
    last: dict[str, dict[str, Any]] = {}
    for review in sorted(reviews, key=lambda one: str(one.get("submitted_at"))):
        login, at = of(review, "user", "login"), moment(review.get("submitted_at"))
        is_person = of(review, "user", "type") != "Bot" and isinstance(login, str)
        is_late = at is None or merged_at is None or at > merged_at
        if is_person and login != author and not is_late and review.get("state") in _VERDICTS:
            last[login] = review
    return [review for review in last.values() if review.get("state") == "APPROVED"]


def _checks(found: Said, label: str) -> str | None:
    """Return whether the checks of the last revision passed; None when some are not known."""
    if not (found.has(f"checks {label}") and found.has(f"status {label}")):
        return None
    runs = [run for _, run in found.each(f"checks {label}", "check_runs")]
    states = [state for _, state in found.each(f"status {label}", "statuses")]
    ends = [str(run.get("conclusion")) for run in runs]
    ends += [str(state.get("state")) for state in states]
    if not ends:
        return "none"
    return "passed" if all(end in _GOOD for end in ends) else "failed"


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless something was refused."""
    return days.covers_days(answers, {CHANGES.name: ("",)})
