"""github/deployments: what was deployed where, of which commit, by whom, and how it ended."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Follow, Reply, Request, link_next, values_of
from reperform.connectors.contract import Asking
from reperform.connectors.github.hub import Hub
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of

DEPLOYMENTS = POPULATIONS["population.deployments"]
TABLES = (DEPLOYMENTS,)
NEEDS = ("Metadata: read", "Deployments: read")
BLIND = (
    "deployments that nobody told GitHub of, as of a tool that makes none there; who let one go "
    "that waited for a review; one that ended after we asked"
)
_LATE = timedelta(hours=6)
"""Most deployments that began so long ago have ended."""
_OF, _STATUSES = "deployments of ", "statuses of "
_ENDS = {"success": True, "failure": False, "error": False}


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, a week at a time."""
    return days.spans(asking, cursor, late=_LATE)


def ask(hub: Hub, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what was deployed of each repository on these days, and how each ended.

    GitHub lists them the newest first, and cannot be asked for days: it is asked until what it
    lists is older.  One that is made while we read moves others back, and never out of sight.
    """
    yield hub.observed(first=str(first), last=str(last))
    facts = {"first": str(first), "last": str(last)}
    names: list[str] = []
    for answer, repositories in hub.repositories():
        names += [str(repository.get("name")) for repository in repositories]
        yield answer
    for name in names:
        path = f"repos/{hub.owner}/{quote(name, safe='')}/deployments"
        wanted: list[int] = []
        for answer in hub.listed(f"{_OF}{name}", path, follow=_until(first)):
            found = values_of(answer)
            wanted += [
                int(one["id"]) for one in found if days.is_asked(facts, moment(one["created_at"]))
            ]
            yield answer
        for uid in dict.fromkeys(wanted):
            yield from hub.listed(f"{_STATUSES}{name} {uid}", f"{path}/{uid}/statuses")


def _until(first: date) -> Follow:
    """Return how to go on until a page ends with one that is older than the first day."""

    def follow(reply: Reply, request: Request) -> Request | None:
        found = reply.json()
        oldest = moment(found[-1].get("created_at")) if isinstance(found, list) and found else None
        is_older = oldest is not None and oldest[:10] < str(first)
        return None if is_older else link_next(reply, request)

    return follow


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each deployment that began on the days asked for, once."""
    found = Said(answers)
    for name in found.names(_OF):
        for kept, one in found.once(f"{_OF}{name}", "id"):
            at = moment(one["created_at"])
            if days.is_asked(found.facts, at):
                yield found.event(
                    DEPLOYMENTS.name,
                    kept,
                    occurred_at=at,
                    deployment_uid=said(str(one["id"])),
                    application=said(f"{found.facts.get('owner')}/{name}"),
                    version=said(one.get("ref")),
                    environment=said(one.get("environment")),
                    commit_id=said(one.get("sha")),
                    by_account=said(of(one, "creator", "login")),
                    is_success=_is_success(found, f"{_STATUSES}{name} {one['id']}"),
                )


def _is_success(found: Said, name: str) -> bool | None:
    """Return whether a deployment ran once; None while it goes on, or when that was refused.

    One that another replaced later (`inactive`) ran all the same.
    """
    ends = {_ENDS[state] for _, one in found.each(name) if (state := str(one["state"])) in _ENDS}
    return True if True in ends else False if ends else None


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless something was refused."""
    return days.covers_days(answers, {DEPLOYMENTS.name: ("",)})
