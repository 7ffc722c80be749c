"""Records and delivered files of CloudTrail, as the tests need them."""

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]

ACCOUNT, OTHER = "111122223333", "444455556666"


def record(
    name: str = "DescribeInstances", at: str = "2026-03-02T10:00:00Z", **more: object
) -> Record:
    """Return one record; what is not said is made from its name and time."""
    said = {
        "eventVersion": "1.09",
        "eventID": hashlib.sha256(ascii(f"{name} {at}").encode()).hexdigest()[:32],
        "eventTime": at,
        "eventSource": "ec2.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "console.amazonaws.com",
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/ana",
            "accountId": ACCOUNT,
            "userName": "ana",
        },
        "readOnly": True,
        "recipientAccountId": ACCOUNT,
    }
    return {**said, **more}


def console_login(at: str = "2026-03-02T09:00:00Z", mfa: str = "Yes", **more: object) -> Record:
    return record(
        "ConsoleLogin",
        at,
        eventSource="signin.amazonaws.com",
        readOnly=False,
        responseElements={"ConsoleLogin": "Success"},
        additionalEventData={"MFAUsed": mfa},
        **more,
    )


def whole(*records: Record) -> bytes:
    return json.dumps({"Records": list(records)}).encode()


def packed(*records: Record) -> bytes:
    return gzip.compress(whole(*records), mtime=0)


def log_name(at: str, account: str = ACCOUNT, region: str = "eu-central-1", n: int = 0) -> str:
    """Return the name of a log file delivered at `20260302T1005Z`."""
    day = f"{at[:4]}/{at[4:6]}/{at[6:8]}"
    return (
        f"AWSLogs/{account}/CloudTrail/{region}/{day}/"
        f"{account}_CloudTrail_{region}_{at}_{n:016}.json.gz"
    )


def digest(
    first: str,
    hours: int,
    logs: dict[str, bytes],
    account: str = ACCOUNT,
    region: str = "eu-central-1",
) -> tuple[str, bytes]:
    """Return name and bytes of a digest file that names packed log files."""
    begins = datetime.fromisoformat(first).replace(tzinfo=UTC)
    ends = begins + timedelta(hours=hours)
    said = {
        "awsAccountId": account,
        "digestStartTime": f"{begins:%Y-%m-%dT%H:%M:%SZ}",
        "digestEndTime": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
        "logFiles": [
            {
                "s3Object": name,
                "hashAlgorithm": "SHA-256",
                "hashValue": hashlib.sha256(gzip.decompress(content)).hexdigest(),
            }
            for name, content in logs.items()
        ],
    }
    name = (
        f"AWSLogs/{account}/CloudTrail-Digest/{region}/{ends:%Y/%m/%d}/"
        f"{account}_CloudTrail-Digest_{region}_trail_{region}_{ends:%Y%m%dT%H%M%SZ}.json.gz"
    )
    return name, gzip.compress(json.dumps(said).encode(), mtime=0)
