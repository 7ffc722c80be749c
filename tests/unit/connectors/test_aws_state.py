"""An account of AWS as its interface shows it: moto's server, filled as people fill theirs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aws import ACCOUNT, REGION, Aws
from collected import Collected, put
from reperform.connectors.answer import NotCollectedError
from reperform.connectors.aws import CONNECTOR
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.settings import Access, read_settings

pytestmark = pytest.mark.enable_socket

NOW = datetime.now(UTC)
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def collected(tmp_path: Path, access: Access, stream: str) -> Collected:
    asked = CONNECTOR.questions(access, Asking(NOW))
    question = next(one for one in asked if one.stream == stream)
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOW)


def with_people(aws: Aws) -> None:
    """Ana has a password and a second factor; Bob is in a group that may do everything."""
    iam = aws.client("iam")
    for name in ("ana", "bob", "eve"):
        iam.create_user(UserName=name)
    iam.create_login_profile(UserName="ana", Password="x" * 20)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")["VirtualMFADevice"]
    iam.enable_mfa_device(
        UserName="ana",
        SerialNumber=device["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    iam.create_access_key(UserName="bob")
    for group in ("ops", "nobody"):
        iam.create_group(GroupName=group)
    iam.add_user_to_group(GroupName="ops", UserName="bob")
    iam.put_group_policy(GroupName="ops", PolicyName="all", PolicyDocument=policy(ANYTHING))
    puts = {"Effect": "Allow", "Action": ["iam:PutUser*"], "Resource": "*"}
    own = iam.create_policy(PolicyName="own", PolicyDocument=policy(puts))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="eve", PolicyArn=own)
    trust = {"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=policy(trust))


def test_users_say_how_they_sign_in_and_what_makes_them_powerful(tmp_path: Path, aws: Aws) -> None:
    """By their own policies, managed or inline, and by those of their groups."""
    with_people(aws)

    found = collected(tmp_path, aws.access(), "aws/iam")

    said = {
        row["account"]: (row["can_sign_in"], row["has_mfa"], row["is_enabled"], row["privileges"])
        for row in found.of("population.accounts")
    }
    assert said == {
        "ana": (True, True, True, None),
        "bob": (False, False, True, "all (ops)"),
        "eve": (False, False, False, "own"),
    }
    privileged = {row["account"]: row["is_privileged"] for row in found.of("population.accounts")}
    assert privileged == {"ana": False, "bob": True, "eve": True}
    assert [row["account"] for row in found.of("aws.access_keys")] == ["bob"]


def test_groups_and_roles_say_who_is_in_them_and_who_may_take_them(
    tmp_path: Path, aws: Aws
) -> None:
    """A group without a member has a row all the same."""
    with_people(aws)

    found = collected(tmp_path, aws.access(), "aws/iam")

    groups = {
        (row["group_name"], row["member"], row["is_privileged"])
        for row in found.of("population.groups")
    }
    assert groups == {("ops", "bob", True), ("nobody", None, False)}
    (role,) = found.of("aws.roles")
    assert (role["role"], role["trusts"], role["trusts_others"]) == ("theirs", "999999999999", True)


def test_an_account_without_a_password_policy_says_so(tmp_path: Path, aws: Aws) -> None:
    """That is a fact, and not a lack of one; a policy is read as it is."""
    without = collected(tmp_path, aws.access(), "aws/iam")
    aws.client("iam").update_account_password_policy(MinimumPasswordLength=14, MaxPasswordAge=90)
    there = collected(tmp_path, aws.access(), "aws/iam")

    assert (without.outcome, without.of("aws.password_policy")[0]["is_set"]) == ("complete", False)
    (row,) = there.of("aws.password_policy")
    assert (row["is_set"], row["minimum_length"], row["requires_symbols"]) == (True, 14, False)


def test_the_report_of_credentials_speaks_of_the_day_on_which_aws_made_it(
    tmp_path: Path, aws: Aws
) -> None:
    """It can be hours old; moto's says 2015."""
    with_people(aws)

    found = collected(tmp_path, aws.access(), "aws/iam")

    assert str(found.covers["population.accounts"].last) == "2015-02-02"
    assert found.covers["population.groups"].last == NOW.date()


def test_buckets_say_whether_anybody_can_read_them(tmp_path: Path, aws: Aws) -> None:
    """By list or by policy, unless the bucket or the account blocks it."""
    s3 = aws.client("s3", "us-east-1")
    for name in ("closed", "by-list", "by-policy", "blocked"):
        s3.create_bucket(Bucket=name)
    reads = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    for name in ("by-list", "blocked"):
        s3.put_bucket_acl(Bucket=name, ACL="public-read")
    s3.put_bucket_policy(Bucket="by-policy", Policy=policy(reads))
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket="blocked", PublicAccessBlockConfiguration=dict.fromkeys(blocks, True)
    )
    s3.put_bucket_versioning(Bucket="closed", VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}
    }
    s3.put_bucket_encryption(Bucket="closed", ServerSideEncryptionConfiguration={"Rules": [rule]})

    found = collected(tmp_path, aws.access(), "aws/buckets")

    assert found.outcome == "complete"
    public = {row["name"]: row["is_public"] for row in found.of("population.assets")}
    assert public == {"closed": False, "by-list": True, "by-policy": True, "blocked": False}
    kept = {row["name"]: row["is_versioned"] for row in found.of("population.assets")}
    assert kept == {"closed": True, "by-list": False, "by-policy": False, "blocked": False}
    encryption = {row["resource"]: row for row in found.of("population.encryption")}
    assert encryption["arn:aws:s3:::closed"]["is_own_key"] is True
    assert encryption["arn:aws:s3:::by-list"]["is_encrypted"] is False


def test_a_region_says_what_is_encrypted_public_and_open(tmp_path: Path, aws: Aws) -> None:
    """Volumes, the default for new ones, databases, and rules of security groups."""
    ec2, rds = aws.client("ec2"), aws.client("rds")
    for is_encrypted in (True, False):
        ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1, Encrypted=is_encrypted)
    group = ec2.create_security_group(GroupName="web", Description="web")["GroupId"]
    ranges = [{"CidrIp": "0.0.0.0/0", "Description": "customers"}, {"CidrIp": "10.0.0.0/8"}]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges},
            {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        ],
    )
    rds.create_db_instance(
        DBInstanceIdentifier="main",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=5,
        MasterUsername="u",
        MasterUserPassword="p" * 12,
        StorageEncrypted=True,
        PubliclyAccessible=True,
        BackupRetentionPeriod=7,
    )

    found = collected(tmp_path, aws.access(), "aws/region")

    volumes = [r for r in found.of("population.encryption") if r["kind"] == "volume"]
    assert sorted(row["is_encrypted"] for row in volumes) == [False, True]
    default = [r for r in found.of("population.encryption") if r["kind"].startswith("default")]
    assert [row["is_encrypted"] for row in default] == [False]
    rules = {
        (row["remote"], row["protocol"], row["port_first"], row["is_public"], row["says"])
        for row in found.of("population.firewall_rules")
        if row["firewall"] == f"{group} web" and row["direction"] == "in"
    }
    assert rules == {
        ("0.0.0.0/0", "tcp", 443, True, "customers"),
        ("10.0.0.0/8", "tcp", 443, False, None),
        ("::/0", "all", None, True, None),
    }
    (database,) = (row for row in found.of("population.assets") if row["kind"] == "database")
    assert (database["name"], database["is_public"], database["is_backed_up"]) == (
        "main",
        True,
        True,
    )


def test_keys_and_trails_say_whether_they_are_turned_and_record(tmp_path: Path, aws: Aws) -> None:
    """A trail that was stopped says so."""
    kms, trails = aws.client("kms"), aws.client("cloudtrail")
    turned, still = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    kms.enable_key_rotation(KeyId=turned)
    aws.client("s3", "us-east-1").create_bucket(Bucket="trail-bucket")
    trails.create_trail(Name="whole", S3BucketName="trail-bucket", IsMultiRegionTrail=True)
    trails.start_logging(Name="whole")
    trails.create_trail(Name="stopped", S3BucketName="trail-bucket")

    keys = collected(tmp_path, aws.access(), "aws/keys").of("aws.keys")
    found = collected(tmp_path, aws.access(), "aws/trails").of("aws.trails")

    assert {row["key_uid"]: row["is_rotated"] for row in keys} == {turned: True, still: False}
    said = {row["trail"]: (row["is_logging"], row["is_everywhere"]) for row in found}
    assert said == {"whole": (True, True), "stopped": (False, False)}


# Moto names three permissions unlike AWS, whose names the connector declares:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
BY_MOTO = ("s3:GetPublicAccessBlock", "s3:GetBucketEncryption", "s3control:GetPublicAccessBlock")
DECLARED = [permission.name for permission in CONNECTOR.permissions]


@pytest.mark.parametrize("stream", ["aws/iam", "aws/region", "aws/keys", "aws/trails"])
def test_the_permissions_that_are_declared_are_enough(
    tmp_path: Path, aws: Aws, stream: str
) -> None:
    """A user who may do just what the stream needs collects it whole."""
    with_people(aws)
    aws.client("kms").create_key()
    access = aws.somebody(*CONNECTOR.stream(stream).needs)
    aws.enforce()

    assert collected(tmp_path, access, stream).outcome == "complete"


def test_a_permission_that_is_lacking_leaves_a_reason_and_never_a_no(
    tmp_path: Path, aws: Aws
) -> None:
    """Who is powerful is then not known; groups are not vouched for; users still are."""
    with_people(aws)
    lacking = "iam:GetAccountAuthorizationDetails"
    access = aws.somebody(*(name for name in DECLARED if name != lacking))
    aws.enforce()

    found = collected(tmp_path, access, "aws/iam")

    assert found.outcome == "partial"
    assert "iam.GetAccountAuthorizationDetails: AccessDenied" in found.collection.reason
    assert {row["is_privileged"] for row in found.of("population.accounts")} == {None}
    assert found.covers["population.groups"].last is None
    assert found.covers["population.accounts"].last is not None


def test_what_a_bucket_would_not_say_is_not_known(tmp_path: Path, aws: Aws) -> None:
    """Neither public nor closed, when its list or what blocks it was refused."""
    aws.client("s3", "us-east-1").create_bucket(Bucket="one")
    access = aws.somebody("s3:ListAllMyBuckets", "sts:GetCallerIdentity", *BY_MOTO)
    aws.enforce()

    found = collected(tmp_path, access, "aws/buckets")

    assert found.outcome == "partial"
    (row,) = found.of("population.assets")
    assert (row["is_public"], row["is_versioned"]) == (None, None)


def test_the_check_names_what_is_denied(aws: Aws) -> None:
    """And whom we are known as; what was not tried is not known."""
    access = aws.somebody("sts:GetCallerIdentity", "kms:ListKeys")
    aws.enforce()

    said = checked(CONNECTOR, access)

    assert said.reached == f"account {ACCOUNT} as arn:aws:iam::{ACCOUNT}:user/asks"
    grants = {finding.permission: finding.grant for finding in said.findings}
    assert (grants["kms:ListKeys"], grants["rds:DescribeDBInstances"]) == (
        Grant.GRANTED,
        Grant.DENIED,
    )
    assert grants["kms:DescribeKey"] is Grant.UNKNOWN


def test_credentials_of_another_account_are_refused(tmp_path: Path, aws: Aws) -> None:
    """Evidence of the wrong account would pass for this one's."""
    found = collected(tmp_path, aws.access(account="999999999999"), "aws/keys")

    assert found.outcome == "refused"
    assert f"the credentials are of account {ACCOUNT}" in found.collection.reason


def test_a_key_that_is_not_known_is_refused_without_showing_its_secret(
    tmp_path: Path, aws: Aws
) -> None:
    """As an expired one is."""
    aws.enforce()

    found = collected(tmp_path, aws.access(), "aws/keys")

    assert found.outcome == "refused"
    assert "InvalidClientTokenId" in found.collection.reason
    assert "any will do" not in found.collection.reason


def test_a_role_is_taken_before_anything_is_asked(aws: Aws) -> None:
    """The record says as whom was asked."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    aws.client("iam").create_role(RoleName="audit", AssumeRolePolicyDocument=policy(trust))
    role = f"arn:aws:iam::{ACCOUNT}:role/audit"

    assert "assumed-role/audit" in CONNECTOR.check(aws.access(role_arn=role)).reached


@pytest.mark.parametrize("endpoint", ["http://169.254.169.254", "http://0.0.0.0:1"])
def test_an_endpoint_that_leads_to_our_own_credentials_is_not_called(endpoint: str) -> None:
    """Whoever may name it must not read the machine's role."""
    settings = {"account": ACCOUNT, "regions": [REGION], "endpoint": endpoint}

    with pytest.raises(NotCollectedError, match="was not called"):
        CONNECTOR.check(Access(settings, {}))


def test_settings_that_are_none_are_problems_in_their_place() -> None:
    """An account has twelve digits, a region a name."""
    _, problems = read_settings(
        CONNECTOR.settings, {"account": "12", "regions": "eu-central-1\nFrankfurt"}
    )

    assert {(each.where, each.what) for each in problems} == {
        ("account", "is not an account number"),
        ("regions", "'Frankfurt' is not a region"),
    }


def test_the_policy_that_the_how_to_gives_is_the_one_that_is_declared() -> None:
    """Whoever copies it gives neither more nor less."""
    page = Path(__file__).parents[3] / "docs" / "how-to" / "collect-from-aws.md"
    text = page.read_text("utf-8").partition("```json")[2].partition("```")[0]

    assert json.loads(text)["Statement"][0]["Action"] == DECLARED
