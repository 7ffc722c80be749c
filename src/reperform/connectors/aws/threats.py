"""aws/threats: whether GuardDuty watches a region, and what it found."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import (
    Asked,
    Page,
    asked_of,
    each,
    empty,
    inside,
    number,
    pages,
    read,
    texts,
    truth,
)
from reperform.connectors.aws.tables import DETECTORS, THREATS
from reperform.connectors.kept import moment, said, state_covers

TABLES = (DETECTORS, THREATS)
NEEDS = (
    "guardduty:ListDetectors",
    "guardduty:GetDetector",
    "guardduty:ListFindings",
    "guardduty:GetFindings",
)
BLIND = (
    "regions that are not named; findings that are older than the 90 days for which GuardDuty "
    "keeps them; who read one, and what they did"
)
_DETECTORS, _DETECTOR = "guardduty.ListDetectors", "guardduty.GetDetector"
_FINDINGS, _LISTED = "guardduty.GetFindings", "guardduty.ListFindings"
_AT_ONCE = 50
"""Findings that GetFindings gives at once."""
_RANKS = ((9, "critical"), (7, "high"), (4, "medium"), (0, "low"))
"""Source: Amazon GuardDuty User Guide, "Severity levels of GuardDuty findings"."""


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield the detectors of a region, and what each found."""
    yield account.observed(region)
    detectors: list[str] = []
    for answer in account.answers("guardduty", "ListDetectors", region=region):
        body = b"".join(answer.body)
        yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
        detectors += texts(read(body), "detectorIds") if body else []
    for uid in detectors:
        yield from account.answers(
            "guardduty", "GetDetector", region=region, label=f"of {uid}", DetectorId=uid
        )
        yield from _findings(account, region, uid)


def _findings(account: Account, region: str, detector: str) -> Iterator[Answer]:
    uids: list[str] = []
    label = f"of {detector}"
    listed = account.answers(
        "guardduty", "ListFindings", region=region, label=label, DetectorId=detector
    )
    for answer in listed:
        body = b"".join(answer.body)
        yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
        uids += texts(read(body), "findingIds") if body else []
    for begin in range(0, len(uids), _AT_ONCE):
        yield from account.answers(
            "guardduty",
            "GetFindings",
            region=region,
            label=f"{label} from {begin}",
            DetectorId=detector,
            FindingIds=uids[begin : begin + _AT_ONCE],
        )


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each detector, or that there is none; and each finding."""
    asked = asked_of(answers)
    yield from _detectors(answers, asked)
    for page in pages(answers, _FINDINGS):
        for finding in each(page.values, "findings"):
            yield _threat(page, asked, finding)


def _detectors(answers: Sequence[Kept], asked: Asked) -> Iterator[Row]:
    for page in pages(answers, _DETECTORS):
        for uid in texts(page.values, "detectorIds"):
            state = next(pages(answers, f"{_DETECTOR} {asked.region} of {uid}"), None)
            values = state.values if state else None
            on = [
                str(feature.get("name"))
                for feature in each(values, "features")
                if feature.get("status") == "ENABLED"
            ]
            yield page.row(
                DETECTORS.name,
                uid,
                **asked.told,
                region=asked.region,
                detector_uid=said(uid),
                is_on={"ENABLED": True, "DISABLED": False}.get(str(inside(values, "status"))),
                features=said(", ".join(sorted(on))),
                created_at=moment(inside(values, "createdAt")),
            )
    for page in empty(answers, _DETECTORS, "detectorIds"):
        yield page.row(DETECTORS.name, None, **asked.told, region=asked.region, is_on=False)


def _threat(page: Page, asked: Asked, finding: dict[str, Any]) -> Row:
    service = finding.get("service")
    return page.row(
        THREATS.name,
        said(finding.get("arn")),
        **asked.told,
        threat_uid=said(finding["arn"]),
        region=asked.region,
        kind=said(finding.get("type")),
        title=said(finding.get("title")),
        severity=_rank(finding.get("severity")),
        resource=said(inside(finding, "resource", "resourceType")),
        found_at=moment(inside(service, "eventFirstSeen") or finding.get("createdAt")),
        seen_at=moment(inside(service, "eventLastSeen") or finding.get("updatedAt")),
        times=number(inside(service, "count")),
        is_archived=truth(inside(service, "archived")),
    )


def _rank(severity: object) -> str | None:
    if isinstance(severity, bool) or not isinstance(severity, int | float):
        return None
    return next((name for least, name in _RANKS if severity >= least), None)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a refused call leaves the table that it fills without one."""
    needed = {
        DETECTORS.name: (_DETECTORS, _DETECTOR),
        THREATS.name: (_DETECTORS, _LISTED, _FINDINGS),
    }
    return state_covers(answers, started_at, needed)
