"""gitlab/weaknesses: what GitLab's scanners found in the group's projects, and its end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import CallFailedError, Count, Reply, Request
from reperform.connectors.gitlab.lab import Lab
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, objects, of

VULNERABILITIES = POPULATIONS["population.vulnerabilities"]
TABLES = (VULNERABILITIES,)
NEEDS = ("read_api", "Developer")
BLIND = (
    "projects in which no scanner runs, which GitLab does not tell from those in which one found "
    "nothing; what the scanners do not know; findings on other branches than the default one"
)
_NAME = "vulnerabilities"
_INSIDE = ("data", "group", "vulnerabilities", "nodes")
_PAGE_INFO = (*_INSIDE[:-1], "pageInfo")
_QUERY = """
query($group: ID!, $after: String) {
  group(fullPath: $group) {
    vulnerabilities(first: 100, after: $after,
                    state: [DETECTED, CONFIRMED, RESOLVED, DISMISSED]) {
      nodes {
        id title severity state reportType webUrl detectedAt resolvedAt dismissedAt
        dismissalReason
        dismissedBy { username }
        project { fullPath }
        identifiers { externalType name }
        location {
          ... on VulnerabilityLocationDependencyScanning { dependency { version package { name } } }
          ... on VulnerabilityLocationContainerScanning { dependency { version package { name } } }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
_STATES = {"DETECTED": "open", "CONFIRMED": "open", "RESOLVED": "fixed", "DISMISSED": "dismissed"}
_SEVERITIES = {"CRITICAL": "critical", "HIGH": "high", "MEDIUM": "medium", "LOW": "low"}


def ask(lab: Lab) -> Iterator[Answer]:
    """Yield every finding of the group's projects, in whatever state.

    Raises:
        CallFailedError: GitLab answered in part, or does not know of findings (it takes Ultimate).
    """
    yield lab.api.observed()
    body = {"query": _QUERY, "variables": {"group": lab.group, "after": None}}
    request = Request(lab.graphql, method="POST", body=body)
    yield from lab.api.listed(_NAME, request, inside=_INSIDE, count=_count, follow=_follow)


def _count(reply: Reply) -> Count:
    """Refuse an answer with errors: GraphQL gives what it has beside them."""
    found = reply.json()
    if of(found, "errors"):
        raise CallFailedError(f"{_NAME}: answered in part: {str(found['errors'])[:300]}")
    return Count(len(objects(of(found, *_INSIDE))))


def _follow(reply: Reply, request: Request) -> Request | None:
    info = of(reply.json(), *_PAGE_INFO)
    if of(info, "hasNextPage") is not True:
        return None
    after = of(info, "endCursor")
    if not isinstance(after, str) or not after:
        raise CallFailedError(f"{_NAME}: this is not the last page, and there is no cursor")
    variables = {**request.body["variables"], "after": after}
    return replace(request, body={**request.body, "variables": variables})


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each finding, once."""
    found = Said(answers)
    for kept, one in found.once(_NAME, "id", *_INSIDE):
        yield found.row(VULNERABILITIES.name, kept, **_finding(one))


def _finding(one: dict[str, Any]) -> dict[str, Any]:
    names = [each.get("name") for each in objects(one.get("identifiers")) if _is_cve(each)]
    status = _STATES.get(str(one["state"]))
    closed = {"fixed": "resolvedAt", "dismissed": "dismissedAt"}.get(str(status), "")
    return {
        "finding_uid": said(one.get("webUrl")) or said(one["id"]),
        "cve": said(names[0]) if names else None,
        "title": said(one.get("title")),
        "severity": _SEVERITIES.get(str(one.get("severity"))),
        "resource": said(of(one, "project", "fullPath")),
        "package": said(of(one, "location", "dependency", "package", "name")),
        "version": said(of(one, "location", "dependency", "version")),
        "found_at": moment(one.get("detectedAt")),
        "status": status,
        "closed_at": moment(one.get(closed)),
        "closed_by": said(of(one, "dismissedBy", "username")),
        "closed_reason": said(one.get("dismissalReason")),
    }


def _is_cve(identifier: dict[str, Any]) -> bool:
    return str(identifier.get("externalType")).lower() == "cve"


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless the findings were refused."""
    return state_covers(answers, started_at, {VULNERABILITIES.name: (_NAME,)})
