"""aws/weaknesses: what Amazon Inspector found in machines, images and functions of a region."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import asked_of, at_seconds, each, inside, pages, texts
from reperform.connectors.kept import said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS

VULNERABILITIES = POPULATIONS["population.vulnerabilities"]
TABLES = (VULNERABILITIES,)
NEEDS = ("inspector2:BatchGetAccountStatus", "inspector2:ListFindings")
BLIND = (
    "kinds of resources for which Inspector is off, which leaves no day vouched for when it is off "
    "for all; what its database does not know; who suppressed a finding; findings that closed "
    "longer ago than Inspector keeps them"
)
_STATUS, _FINDINGS = "inspector2.BatchGetAccountStatus", "inspector2.ListFindings"
_STATES: Mapping[str, str] = {"ACTIVE": "open", "CLOSED": "fixed", "SUPPRESSED": "dismissed"}
_SEVERITIES = frozenset({"critical", "high", "medium", "low", "informational"})


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield whether Inspector is on, and all that it found."""
    yield account.observed(region)
    yield from account.answers(
        "inspector2", "BatchGetAccountStatus", region=region, accountIds=[account.number]
    )
    yield from account.answers("inspector2", "ListFindings", region=region)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each finding and resource that has it."""
    asked = asked_of(answers)
    for page in pages(answers, _FINDINGS):
        for finding in each(page.values, "findings"):
            for resource in each(finding, "resources") or [{}]:
                yield page.row(
                    VULNERABILITIES.name,
                    said(finding.get("findingArn")),
                    **asked.told,
                    resource=said(resource.get("id"), most=1_000),
                    **_finding(finding),
                )


def _finding(finding: dict[str, Any]) -> dict[str, Any]:
    details = finding.get("packageVulnerabilityDetails")
    packages = each(details, "vulnerablePackages")
    uid = said(inside(details, "vulnerabilityId"))
    severity = str(finding.get("severity")).lower()
    state = _STATES.get(str(finding.get("status")))
    return {
        "finding_uid": said(finding["findingArn"]),
        "cve": uid if uid and uid.startswith("CVE-") else None,
        "title": said(finding.get("title")),
        "severity": severity if severity in _SEVERITIES else None,
        "package": _joined(packages, "name"),
        "version": _joined(packages, "version"),
        "fixed_in": _joined(packages, "fixedInVersion"),
        "found_at": at_seconds(finding.get("firstObservedAt")),
        "status": state,
        "closed_at": None if state == "open" else at_seconds(finding.get("updatedAt")),
        "closed_reason": "suppressed by a filter" if state == "dismissed" else None,
    }


def _joined(packages: Sequence[dict[str, Any]], name: str) -> str | None:
    found = {text for one in packages for text in texts(one, name) if text != "NotAvailable"}
    return said(", ".join(sorted(found)))


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless Inspector is off: what it does not look at is not whole."""
    found = state_covers(answers, started_at, {VULNERABILITIES.name: (_STATUS, _FINDINGS)})
    states = [
        str(inside(account, "state", "status"))
        for page in pages(answers, _STATUS)
        for account in each(page.values, "accounts")
    ]
    if found[VULNERABILITIES.name].last is not None and states != ["ENABLED"]:
        why = f"Amazon Inspector is {', '.join(states) or 'not known to be on'} in the region"
        found[VULNERABILITIES.name] = Cover(None, None, why)
    return found
