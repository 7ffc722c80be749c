"""gitlab/deployments: what was deployed where, of which commit, by whom."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.contract import Asking
from reperform.connectors.gitlab.lab import PROJECTS, Lab
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of

DEPLOYMENTS = POPULATIONS["population.deployments"]
TABLES = (DEPLOYMENTS,)
NEEDS = ("read_api",)
BLIND = (
    "deployments that no job with an environment made; who let a deployment go that waits for "
    "approval; how one ended that still ran when we asked"
)
_LATE = timedelta(hours=6)
"""Most deployments that began so long ago have ended."""
_OF = "deployments of "
_ENDS = {"success": True, "failed": False, "canceled": False}


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, a week at a time."""
    return days.spans(asking, cursor, late=_LATE)


def ask(lab: Lab, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what was deployed of each project since the first day, the newest change first.

    So one that ends while we read moves others back, and never out of sight.
    """
    yield lab.api.observed(first=str(first), last=str(last))
    uids: list[int] = []
    for answer, projects in lab.projects():
        uids += [int(project["id"]) for project in projects]
        yield answer
    since = ("updated_after", f"{first}T00:00:00Z")
    query = (since, ("order_by", "updated_at"), ("sort", "desc"))
    for uid in uids:
        yield from lab.listed(f"{_OF}{uid}", f"projects/{uid}/deployments", *query)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each deployment that began on the days asked for, once."""
    found = Said(answers)
    names = {str(one["id"]): one["path_with_namespace"] for _, one in found.each(PROJECTS)}
    for uid in found.names(_OF):
        for kept, one in found.once(f"{_OF}{uid}", "id"):
            if days.is_asked(found.facts, moment(one["created_at"])):
                yield found.event(DEPLOYMENTS.name, kept, **_deployment(one, names.get(uid)))


def _deployment(one: dict[str, Any], project: object) -> dict[str, Any]:
    return {
        "occurred_at": moment(one["created_at"]),
        "deployment_uid": said(str(one["id"])),
        "application": said(project),
        "version": said(one.get("ref")),
        "environment": said(of(one, "environment", "name")),
        "commit_id": said(one.get("sha")),
        "by_account": said(of(one, "user", "username")),
        "is_success": _ENDS.get(str(one.get("status"))),
    }


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless something was refused."""
    return days.covers_days(answers, {DEPLOYMENTS.name: ("",)})
