"""aws/keys and aws/trails: encryption keys of a region, and what records the account's calls."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import (
    asked_of,
    at_seconds,
    each,
    inside,
    number,
    pages,
    texts,
    truth,
)
from reperform.connectors.aws.tables import KEYS, TRAILS
from reperform.connectors.kept import said, state_covers

KEY_NEEDS = ("kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus")
TRAIL_NEEDS = ("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus")
KEY_BLIND = "what is encrypted with a key, and with which it no longer is; who may use a key"
TRAIL_BLIND = (
    "what a trail leaves out by its selectors; trails of other accounts that record this one"
)
_UNROTATED = ("UnsupportedOperationException", "KMSInvalidStateException")


def ask_keys(account: Account, region: str) -> Iterator[Answer]:
    """Yield the list of keys of a region, and what each says of itself."""
    yield account.observed(region)
    names: list[str] = []
    for answer in account.answers("kms", "ListKeys", region=region):
        body = b"".join(answer.body)
        yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
        names += texts_of(body, "Keys", "KeyArn")
    for name in names:
        for operation, absent in (("DescribeKey", ()), ("GetKeyRotationStatus", _UNROTATED)):
            yield from account.answers(
                "kms", operation, region=region, absent=absent, label=f"of {name}", KeyId=name
            )


def texts_of(body: bytes, listed: str, name: str) -> list[str]:
    """Return one text of each object of a list on a page of JSON."""
    if not body:
        return []
    return [found for one in each(json.loads(body), listed) for found in texts(one, name)]


def shape_keys(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each key."""
    asked = asked_of(answers)
    for page in pages(answers, "kms.DescribeKey"):
        found = inside(page.values, "KeyMetadata")
        arn = said(inside(found, "Arn"))
        turned = _turned(answers, str(arn))
        manager = inside(found, "KeyManager")
        yield page.row(
            KEYS.name,
            arn,
            **asked.told,
            key_uid=arn,
            region=asked.region,
            is_own={"CUSTOMER": True, "AWS": False}.get(str(manager)),
            state=said(inside(found, "KeyState")),
            spec=said(inside(found, "KeySpec") or inside(found, "CustomerMasterKeySpec")),
            origin=said(inside(found, "Origin")),
            is_rotated=truth(inside(turned, "KeyRotationEnabled")),
            rotation_days=number(inside(turned, "RotationPeriodInDays")),
        )


def _turned(answers: Sequence[Kept], arn: str) -> Any:  # noqa: ANN401 - JSON values
    own = [kept for kept in answers if kept.name.partition(" of ")[2].startswith(f"{arn} page")]
    page = next(pages(own, "kms.GetKeyRotationStatus"), None)
    return page.values if page else None


def covers_keys(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a key whose rotation was refused has NULL there."""
    return state_covers(answers, started_at, {KEYS.name: ("kms.ListKeys", "kms.DescribeKey")})


def ask_trails(account: Account, region: str) -> Iterator[Answer]:
    """Yield every trail that records the account, seen from one region, and its state."""
    yield account.observed(region)
    names: list[str] = []
    for answer in account.answers("cloudtrail", "DescribeTrails", region=region):
        body = b"".join(answer.body)
        yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
        names += texts_of(body, "trailList", "TrailARN")
    for name in names:
        yield from account.answers(
            *("cloudtrail", "GetTrailStatus"), region=region, label=f"of {name}", Name=name
        )


def shape_trails(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each trail."""
    asked = asked_of(answers)
    for page in pages(answers, "cloudtrail.DescribeTrails"):
        for trail in each(page.values, "trailList"):
            arn = said(trail.get("TrailARN"))
            state = next(pages(answers, f"cloudtrail.GetTrailStatus {asked.region} of {arn}"), None)
            status = state.values if state else None
            yield page.row(
                TRAILS.name,
                arn,
                **asked.told,
                trail=said(trail.get("Name")),
                trail_uid=arn,
                bucket=said(trail.get("S3BucketName")),
                is_logging=truth(inside(status, "IsLogging")),
                is_everywhere=truth(trail.get("IsMultiRegionTrail")),
                is_validated=truth(trail.get("LogFileValidationEnabled")),
                is_of_organization=truth(trail.get("IsOrganizationTrail")),
                key_uid=said(trail.get("KmsKeyId")),
                delivered_at=at_seconds(inside(status, "LatestDeliveryTime")),
                delivery_error=said(inside(status, "LatestDeliveryError")),
                stopped_at=at_seconds(inside(status, "StopLoggingTime")),
            )


def covers_trails(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a trail whose state was refused has NULL there."""
    return state_covers(answers, started_at, {TRAILS.name: ("cloudtrail.DescribeTrails",)})
