"""What watches an account of AWS: moto's server, and an own one for what moto does not have."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aws import ACCOUNT, REGION, Aws
from cloud import Cloud, clouded
from collected import Collected, put
from reperform.connectors.aws import CONNECTOR
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket
NOW = datetime.now(UTC)
DETECTORS, THREATS, RECORDERS = "aws.detectors", "aws.threats", "aws.recorders"
RULES, ALARMS, IMAGES = "aws.config_rules", "aws.alarms", "aws.images"
VULNERABILITIES = "population.vulnerabilities"
ARN = f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/d1/finding"


def collected(
    tmp_path: Path, access: Access, stream: str, asking: Asking | None = None
) -> Collected:
    asked = CONNECTOR.questions(access, asking or Asking(NOW))
    question = next(one for one in asked if one.stream == stream)
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOW)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with clouded() as found:
        yield found


def finding(number: int, severity: float, **service: object) -> dict[str, Any]:
    return {
        "arn": f"{ARN}/{number}",
        "id": str(number),
        "severity": severity,
        "title": "An API was called from a strange place",
        "type": "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
        "resource": {"resourceType": "AccessKey"},
        "createdAt": "2026-03-01T10:00:00.000Z",
        "updatedAt": "2026-03-02T10:00:00.000Z",
        "service": {"archived": False, "count": 3, **service},
    }


def with_detector(cloud: Cloud, *findings: dict[str, Any]) -> None:
    cloud.said["/detector"] = [{"detectorIds": ["d1"]}]
    cloud.said["/detector/d1"] = [
        {
            "status": "ENABLED",
            "createdAt": "2026-01-01T00:00:00.000Z",
            "features": [{"name": "S3_DATA_EVENTS", "status": "ENABLED"}],
        }
    ]
    uids = [one["id"] for one in findings]
    cloud.said["/detector/d1/findings"] = [
        {"findingIds": uids[:1], "nextToken": "1"},
        {"findingIds": uids[1:], "nextToken": ""},
    ]
    cloud.said["/detector/d1/findings/get"] = [{"findings": list(findings)}]


def test_a_region_in_which_nothing_watches_says_so(tmp_path: Path, cloud: Cloud, aws: Aws) -> None:
    """It has a row: that nothing is there is a fact."""
    cloud.said["DescribeConfigurationRecorders"] = [{"ConfigurationRecorders": []}]

    threats = collected(tmp_path, aws.access(), "aws/threats")
    recorders = collected(tmp_path, cloud.access(), "aws/config")

    (detector,), (recorder,) = threats.of(DETECTORS), recorders.of(RECORDERS)
    assert (detector["region"], detector.get("detector_uid")) == (REGION, None)
    assert (detector["is_on"], recorder["is_recording"]) == (False, False)
    assert threats.covers[DETECTORS].last == recorders.covers[RECORDERS].last == NOW.date()


def test_a_detector_that_is_switched_off_says_so(tmp_path: Path, cloud: Cloud) -> None:
    with_detector(cloud)
    cloud.said["/detector/d1"] = [{"status": "DISABLED"}]

    (row,) = collected(tmp_path, cloud.access(), "aws/threats").of(DETECTORS)

    assert (row["detector_uid"], row["is_on"], row["features"]) == ("d1", False, None)


def test_a_recorder_that_was_stopped_says_so(tmp_path: Path, cloud: Cloud) -> None:
    """One that records some kinds of resources only says that too."""
    group = {"allSupported": False, "resourceTypes": ["AWS::EC2::Instance"]}
    cloud.said["DescribeConfigurationRecorders"] = [
        {"ConfigurationRecorders": [{"name": "default", "recordingGroup": group}]}
    ]
    state = {"name": "default", "recording": False, "lastStatus": "FAILURE"}
    cloud.said["DescribeConfigurationRecorderStatus"] = [
        {"ConfigurationRecordersStatus": [state | {"lastErrorMessage": "no bucket"}]}
    ]

    (row,) = collected(tmp_path, cloud.access(), "aws/config").of(RECORDERS)

    told = ("recorder", "is_recording", "is_everything", "status", "error")
    assert tuple(row[name] for name in told) == ("default", False, False, "FAILURE", "no bucket")


def test_an_alarm_says_whether_it_tells_anybody(tmp_path: Path, aws: Aws) -> None:
    watch = aws.client("cloudwatch")
    alarm = {
        "MetricName": "FreeStorageSpace",
        "Namespace": "AWS/RDS",
        "EvaluationPeriods": 1,
        "Period": 300,
        "Statistic": "Average",
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
    }
    watch.put_metric_alarm(AlarmName="mute", **alarm)
    watch.put_metric_alarm(AlarmName="loud", AlarmActions=["arn:aws:sns:x:1:ops"], **alarm)

    rows = collected(tmp_path, aws.access(), "aws/alarms").of(ALARMS)

    told = ("watches", "actions", "is_acting", "state")
    assert {row["alarm"]: tuple(row[name] for name in told) for row in rows} == {
        "mute": ("AWS/RDS FreeStorageSpace", 0, True, "OK"),
        "loud": ("AWS/RDS FreeStorageSpace", 1, True, "OK"),
    }


def test_findings_are_listed_to_the_end_and_ranked(tmp_path: Path, cloud: Cloud) -> None:
    archived = finding(2, 2.0, archived=True, eventFirstSeen="2026-02-01T00:00:00Z")
    with_detector(cloud, finding(1, 8.9), archived, finding(3, 9.5))

    found = collected(tmp_path, cloud.access(), "aws/threats")

    told = ("severity", "is_archived", "found_at", "times", "resource")
    assert [tuple(row[name] for name in told) for row in found.of(THREATS)] == [
        ("high", False, "2026-03-01 10:00:00", 3, "AccessKey"),
        ("low", True, "2026-02-01 00:00:00", 3, "AccessKey"),
        ("critical", False, "2026-03-01 10:00:00", 3, "AccessKey"),
    ]
    asked = [body for _, path, _, body in cloud.server.asked if path.endswith("/get")]
    assert json.loads(asked[0])["findingIds"] == ["1", "2", "3"]
    (detector,) = found.of(DETECTORS)
    assert (detector["is_on"], detector["features"]) == (True, "S3_DATA_EVENTS")


def test_rules_of_config_say_how_many_break_them(tmp_path: Path, cloud: Cloud) -> None:
    broken = {"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": {"CappedCount": 25}}
    cloud.said["DescribeComplianceByConfigRule"] = [
        {
            "ComplianceByConfigRules": [{"ConfigRuleName": "a", "Compliance": broken}],
            "NextToken": "1",
        },
        {"ComplianceByConfigRules": [{"ConfigRuleName": "b", "Compliance": {}}]},
    ]

    rows = collected(tmp_path, cloud.access(), "aws/config").of(RULES)

    assert [(row["rule"], row["compliance"], row["offenders"]) for row in rows] == [
        ("a", "NON_COMPLIANT", 25),
        ("b", None, None),
    ]


@pytest.mark.parametrize(
    ("operation", "stream", "table"),
    [
        ("/detector", "aws/threats", DETECTORS),
        ("/detector", "aws/threats", THREATS),
        ("/detector/d1", "aws/threats", DETECTORS),
        ("/detector/d1/findings", "aws/threats", THREATS),
        ("/detector/d1/findings/get", "aws/threats", THREATS),
        ("DescribeConfigurationRecorders", "aws/config", RECORDERS),
        ("DescribeConfigurationRecorderStatus", "aws/config", RECORDERS),
        ("DescribeComplianceByConfigRule", "aws/config", RULES),
        ("DescribeAlarms", "aws/alarms", ALARMS),
        ("DescribeRepositories", "aws/images", IMAGES),
        ("DescribeImages", "aws/images", IMAGES),
    ],
)
def test_a_call_that_is_denied_leaves_its_table_without_a_day(
    tmp_path: Path, cloud: Cloud, operation: str, stream: str, table: str
) -> None:
    """And with AWS's words."""
    with_detector(cloud, finding(1, 5))
    cloud.said["DescribeRepositories"] = [{"repositories": [{"repositoryName": "web"}]}]
    cloud.denied.add(operation)

    found = collected(tmp_path, cloud.access(), stream)

    assert found.outcome == "partial"
    assert found.covers[table].last is None
    assert "AccessDenied" in found.covers[table].missing


def test_images_say_what_their_scans_counted(tmp_path: Path, cloud: Cloud) -> None:
    """An image without a scan says nothing of weaknesses."""
    scanned = {
        "imageDigest": "sha256:a",
        "imageTags": ["v2", "v1"],
        "imagePushedAt": 1772323200.0,
        "imageScanStatus": {"status": "COMPLETE"},
        "imageScanFindingsSummary": {
            "imageScanCompletedAt": 1772323260.5,
            "findingSeverityCounts": {"HIGH": 2},
        },
    }
    setting = {"imageScanningConfiguration": {"scanOnPush": True}, "imageTagMutability": "MUTABLE"}
    cloud.said["DescribeRepositories"] = [
        {"repositories": [{"repositoryName": "web", **setting}], "nextToken": "1"},
        {"repositories": [{"repositoryName": "bare", "imageTagMutability": "IMMUTABLE"}]},
    ]
    cloud.said["DescribeImages"] = [{"imageDetails": [scanned, {"imageDigest": "sha256:b"}]}]

    found = collected(tmp_path, cloud.access(), "aws/images").of(IMAGES)

    told = ("repository", "image", "tags", "scan", "critical", "high", "is_immutable")
    assert [tuple(row.get(name) for name in told) for row in found[:2]] == [
        ("web", "sha256:a", "v1, v2", "COMPLETE", 0, 2, False),
        ("web", "sha256:b", None, None, None, None, False),
    ]
    assert (found[0]["pushed_at"], found[0]["scanned_at"]) == (
        "2026-03-01 00:00:00",
        "2026-03-01 00:01:00",
    )
    assert {row["repository"]: row["is_immutable"] for row in found} == {"web": False, "bare": True}


def test_a_repository_that_holds_nothing_has_a_row(tmp_path: Path, aws: Aws) -> None:
    aws.client("ecr").create_repository(repositoryName="bare")

    (row,) = collected(tmp_path, aws.access(), "aws/images").of(IMAGES)

    assert (row["repository"], row.get("image"), row["is_scanned_on_push"]) == ("bare", None, False)


def weakness(number: int, status: str, **more: object) -> dict[str, Any]:
    packages = [{"name": "openssl", "version": "3.0", "fixedInVersion": "3.1"}]
    return {
        "findingArn": f"arn:aws:inspector2:{REGION}:{ACCOUNT}:finding/{number}",
        "severity": "CRITICAL",
        "status": status,
        "title": "A weakness",
        "firstObservedAt": 1772323200.0,
        "updatedAt": 1772409600.0,
        "resources": [{"id": "i-1"}, {"id": "i-2"}],
        "packageVulnerabilityDetails": {
            "vulnerabilityId": f"CVE-2026-000{number}",
            "vulnerablePackages": packages,
        },
        **more,
    }


def with_inspector(cloud: Cloud, status: str = "ENABLED") -> None:
    cloud.said["/status/batch/get"] = [
        {"accounts": [{"accountId": ACCOUNT, "state": {"status": status}}]}
    ]
    network = weakness(3, "SUPPRESSED", severity="UNTRIAGED", packageVulnerabilityDetails=None)
    cloud.said["/findings/list"] = [
        {"findings": [weakness(1, "ACTIVE")], "nextToken": "1"},
        {"findings": [weakness(2, "CLOSED"), network]},
    ]


def test_weaknesses_that_inspector_found_are_rows_for_each_resource(
    tmp_path: Path, cloud: Cloud
) -> None:
    """With what became of them; a severity that is none is not known."""
    with_inspector(cloud)

    found = collected(tmp_path, cloud.access(inspector=True), "aws/weaknesses")

    told = ("cve", "severity", "status", "closed_at", "package", "fixed_in", "resource")
    assert [tuple(row.get(name) for name in told) for row in found.of(VULNERABILITIES)[::2]] == [
        ("CVE-2026-0001", "critical", "open", None, "openssl", "3.1", "i-1"),
        ("CVE-2026-0002", "critical", "fixed", "2026-03-02 00:00:00", "openssl", "3.1", "i-1"),
        (None, None, "dismissed", "2026-03-02 00:00:00", None, None, "i-1"),
    ]
    assert len(found.of(VULNERABILITIES)) == 6
    assert found.covers[VULNERABILITIES].last == NOW.date()


def test_inspector_that_is_off_vouches_for_nothing(tmp_path: Path, cloud: Cloud) -> None:
    """What it does not look at is not without weaknesses."""
    with_inspector(cloud, "DISABLED")

    cover = collected(tmp_path, cloud.access(inspector=True), "aws/weaknesses").covers

    assert cover[VULNERABILITIES].last is None
    assert "Amazon Inspector is DISABLED" in cover[VULNERABILITIES].missing


def test_inspector_is_asked_only_where_somebody_says_so(cloud: Cloud) -> None:
    streams = {one.stream for one in CONNECTOR.questions(cloud.access(), Asking(NOW))}

    assert "aws/weaknesses" not in streams


@pytest.mark.parametrize("operation", ["/status/batch/get", "/findings/list"])
def test_inspector_that_is_denied_vouches_for_nothing(
    tmp_path: Path, cloud: Cloud, operation: str
) -> None:
    with_inspector(cloud)
    cloud.denied.add(operation)

    cover = collected(tmp_path, cloud.access(inspector=True), "aws/weaknesses").covers

    assert cover[VULNERABILITIES].last is None
    assert "AccessDenied" in cover[VULNERABILITIES].missing


def test_events_that_are_denied_vouch_for_no_day_as_whole(tmp_path: Path, cloud: Cloud) -> None:
    """LookupEvents, and nothing else: no call is there, and none is said to be missing."""
    cloud.denied.add("LookupEvents")
    asking = Asking(datetime(2026, 3, 5, 12, tzinfo=UTC), since=date(2026, 3, 1))

    found = collected(tmp_path, cloud.access(), "aws/events", asking)

    assert (found.outcome, found.rows) == ("partial", [])
    assert {cover.is_whole for cover in found.covers.values()} == {False}
    assert all("AccessDenied" in cover.missing for cover in found.covers.values())


S3 = {
    "s3:ListAllMyBuckets": "",
    "s3:GetBucketAcl": "is_public",
    "s3:GetBucketPolicyStatus": "is_public",
    "s3:GetBucketVersioning": "is_versioned",
}
"""Permission -> the column that is not known without it; none for the list itself."""


@pytest.mark.parametrize("lacking", S3)
def test_a_permission_of_s3_that_is_lacking_is_never_a_no(
    tmp_path: Path, aws: Aws, lacking: str
) -> None:
    """Just the one: what it would have shown is not known, or no day is vouched for."""
    aws.client("s3", "us-east-1").create_bucket(Bucket="one")
    by_moto = (
        "s3:GetPublicAccessBlock",
        "s3:GetBucketEncryption",
        "s3control:GetPublicAccessBlock",
    )
    declared = [each.name for each in CONNECTOR.permissions]
    kept = [name for name in (*declared, *by_moto) if name != lacking]
    access = aws.somebody(*kept)
    aws.enforce()

    found = collected(tmp_path, access, "aws/buckets")

    assert found.outcome == "partial"
    assert "AccessDenied" in found.collection.reason
    tables = ("population.assets", "population.encryption")
    if lacking == "s3:ListAllMyBuckets":
        assert {found.covers[table].last for table in tables} == {None}
        return
    (asset,), (encryption,) = (found.of(table) for table in tables)
    assert {**asset, **encryption}[S3[lacking]] is None


def volumes(*uids: str) -> bytes:
    listed = "".join(f"<item><volumeId>{uid}</volumeId></item>" for uid in uids)
    return f"<R><volumeSet>{listed}</volumeSet></R>".encode()


def snapshots(at: str, **volume_of: str) -> bytes:
    one = (
        "<item><snapshotId>{}</snapshotId><volumeId>{}</volumeId><status>completed</status>"
        "<startTime>{}</startTime></item>"
    )
    listed = "".join(one.format(uid, volume, at) for uid, volume in volume_of.items())
    return f"<R><snapshotSet>{listed}</snapshotSet></R>".encode()


@pytest.mark.parametrize(("days", "is_backed_up"), [(1, True), (30, True), (40, False)])
def test_a_volume_is_backed_up_by_a_snapshot_of_the_last_weeks(
    tmp_path: Path, cloud: Cloud, days: int, *, is_backed_up: bool
) -> None:
    """And one without any is not."""
    made = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    cloud.forms = {
        "DescribeVolumes": volumes("kept", "alone"),
        "DescribeSnapshots": snapshots(made, snap="kept"),
    }

    rows = collected(tmp_path, cloud.access(), "aws/region").of("population.assets")

    told = {row["name"]: row["is_backed_up"] for row in rows if row["kind"] == "volume"}
    assert told == {"kept": is_backed_up, "alone": False}


def test_a_snapshot_that_anybody_can_restore_says_so(tmp_path: Path, cloud: Cloud) -> None:
    made = "2020-01-01T00:00:00.000Z"
    cloud.forms = {
        "DescribeSnapshots": snapshots(made, one="volume", other="volume"),
        "RestorableBy": snapshots(made, other="volume"),
    }

    found = collected(tmp_path, cloud.access(), "aws/region")

    told = {row["name"]: row["is_public"] for row in found.of("population.assets")}
    assert told == {"one": False, "other": True}


def test_snapshots_that_are_denied_leave_volumes_not_known(tmp_path: Path, cloud: Cloud) -> None:
    cloud.forms = {"DescribeVolumes": volumes("vol-1")}
    cloud.denied.add("DescribeSnapshots")

    found = collected(tmp_path, cloud.access(), "aws/region")

    (row,) = found.of("population.assets")
    assert row["is_backed_up"] is None
    assert found.covers["population.assets"].last is None


def rds(call: str, inner: str) -> bytes:
    return f"<R><{call}Result>{inner}</{call}Result></R>".encode()


def with_copies(cloud: Cloud, who: str) -> None:
    one = (
        "<DBSnapshot><DBSnapshotIdentifier>{0}</DBSnapshotIdentifier>"
        "<DBSnapshotArn>arn:{0}</DBSnapshotArn><SnapshotType>{1}</SnapshotType>"
        "<Encrypted>{2}</Encrypted></DBSnapshot>"
    )
    made = one.format("hand", "manual", "false") + one.format("rds:night", "automated", "true")
    cluster = (
        "<DBClusterSnapshot><DBClusterSnapshotIdentifier>c</DBClusterSnapshotIdentifier>"
        "<DBClusterSnapshotArn>arn:c</DBClusterSnapshotArn><SnapshotType>automated</SnapshotType>"
        "<StorageEncrypted>true</StorageEncrypted></DBClusterSnapshot>"
    )
    restore = (
        "<DBSnapshotAttributesResult><DBSnapshotAttributes><DBSnapshotAttribute>"
        f"<AttributeName>restore</AttributeName><AttributeValues>{who}</AttributeValues>"
        "</DBSnapshotAttribute></DBSnapshotAttributes></DBSnapshotAttributesResult>"
    )
    cloud.forms = {
        "DescribeDBSnapshots": rds("DescribeDBSnapshots", f"<DBSnapshots>{made}</DBSnapshots>"),
        "DescribeDBClusterSnapshots": rds(
            "DescribeDBClusterSnapshots", f"<DBClusterSnapshots>{cluster}</DBClusterSnapshots>"
        ),
        "DescribeDBSnapshotAttributes": rds("DescribeDBSnapshotAttributes", restore),
    }


@pytest.mark.parametrize(
    ("who", "is_public"),
    [
        ("", False),
        ("<AttributeValue>all</AttributeValue>", True),
        ("<AttributeValue>1</AttributeValue><AttributeValue>all</AttributeValue>", True),
        ("<AttributeValue>210987654321</AttributeValue>", False),
    ],
)
def test_a_database_snapshot_says_whether_anybody_can_restore_it(
    tmp_path: Path, cloud: Cloud, who: str, *, is_public: bool
) -> None:
    """Those that RDS makes by itself cannot be shared."""
    with_copies(cloud, who)

    found = collected(tmp_path, cloud.access(), "aws/copies")

    told = {row["name"]: row["is_public"] for row in found.of("population.assets")}
    assert told == {"hand": is_public, "rds:night": False, "c": False}
    sealed = {row["resource"]: row["is_encrypted"] for row in found.of("population.encryption")}
    assert sealed == {"arn:hand": False, "arn:rds:night": True, "arn:c": True}


def test_an_answer_of_another_form_is_refused(tmp_path: Path, cloud: Cloud) -> None:
    """It would pass for an empty list."""
    cloud.forms = {"DescribeDBSnapshots": b"<R><Something/></R>"}

    found = collected(tmp_path, cloud.access(), "aws/copies")

    assert (found.outcome, found.rows) == ("refused", [])
    assert "in another form: it has no 'DescribeDBSnapshotsResult'" in found.collection.reason


def test_who_may_restore_is_not_known_when_that_is_denied(tmp_path: Path, cloud: Cloud) -> None:
    """A list that is denied leaves no day."""
    with_copies(cloud, "")
    cloud.denied.add("DescribeDBSnapshotAttributes")
    one = collected(tmp_path, cloud.access(), "aws/copies")
    cloud.denied.add("DescribeDBClusterSnapshots")
    lists = collected(tmp_path, cloud.access(), "aws/copies")

    assert one.outcome == "partial"
    assert {row["name"]: row["is_public"] for row in one.of("population.assets")}["hand"] is None
    assert one.covers["population.assets"].last is not None
    assert lists.covers["population.assets"].last is None
