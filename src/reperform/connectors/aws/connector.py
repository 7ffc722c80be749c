"""The declaration of `aws`: what it needs to be told, and the rights that it needs."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial

from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.aws import (
    alarms,
    buckets,
    configuration,
    copies,
    delivered,
    deliveries,
    events,
    iam,
    images,
    keys,
    region,
    tables,
    threats,
    weaknesses,
)
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.rights import WHO as _WHO
from reperform.connectors.aws.rights import WHY as _WHY
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.settings import Access, Setting, SettingKind

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d", re.ASCII)

_IAM = Source("aws/iam", iam.TABLES, iam.shape, iam.covers, iam.BLIND)
_BUCKETS = Source("aws/buckets", buckets.TABLES, buckets.shape, buckets.covers, buckets.BLIND)
_REGIONAL = Source("aws/region", region.TABLES, region.shape, region.covers, region.BLIND)
_KEYS = Source("aws/keys", (tables.KEYS,), keys.shape_keys, keys.covers_keys, keys.KEY_BLIND)
_TRAILS = Source(
    "aws/trails", (tables.TRAILS,), keys.shape_trails, keys.covers_trails, keys.TRAIL_BLIND
)
_EVENTS = Source("aws/events", delivered.TABLES, events.shape, events.covers, events.BLIND)
_DELIVERED = Source(
    "aws/delivered", delivered.TABLES, delivered.shape, delivered.COVERS, delivered.BLIND
)
_THREATS = Source("aws/threats", threats.TABLES, threats.shape, threats.covers, threats.BLIND)
_CONFIG = Source(
    "aws/config",
    configuration.TABLES,
    configuration.shape,
    configuration.covers,
    configuration.BLIND,
)
_ALARMS = Source("aws/alarms", alarms.TABLES, alarms.shape, alarms.covers, alarms.BLIND)
_COPIES = Source("aws/copies", copies.TABLES, copies.shape, copies.covers, copies.BLIND)
_IMAGES = Source("aws/images", images.TABLES, images.shape, images.covers, images.BLIND)
_WEAKNESSES = Source(
    "aws/weaknesses", weaknesses.TABLES, weaknesses.shape, weaknesses.covers, weaknesses.BLIND
)
_REGIONAL_ASKS: Mapping[str, Callable[..., Iterator[Answer]]] = {
    "aws/region": region.ask,
    "aws/copies": copies.ask,
    "aws/keys": keys.ask_keys,
    "aws/threats": threats.ask,
    "aws/config": configuration.ask,
    "aws/alarms": alarms.ask,
    "aws/images": images.ask,
    "aws/weaknesses": weaknesses.ask,
}
"""Stream -> how a region is asked."""


def _account_flaw(said: str) -> str:
    return "" if _ACCOUNT.fullmatch(said) else "is not an account number"


def _regions_flaw(said: list[str]) -> str:
    wrong = [each for each in said if not _REGION.fullmatch(each)]
    return f"{wrong[0][:40]!r} is not a region" if wrong else ""


def _questions(access: Access, asking: Asking) -> list[Question]:
    """Return the questions about the account, then those about each of its regions."""
    number, regions = access.text("account"), access.lines("regions")
    asked: list[Question] = [
        _question("aws/iam", number, access, iam.ask),
        _question("aws/buckets", number, access, buckets.ask),
        _question("aws/trails", number, access, partial(keys.ask_trails, region=regions[0])),
    ]
    for place in regions:
        target = f"{number} {place}"
        asked += [
            _question(stream, target, access, partial(ask, region=place))
            for stream, ask in _REGIONAL_ASKS.items()
            if stream != _WEAKNESSES.stream or access.settings.get("inspector")
        ]
    calls = _deliveries if access.text("log_bucket") else _events
    return [*asked, *calls(access, asking)]


def _events(access: Access, asking: Asking) -> Iterator[Question]:
    """Yield a question for each week and region, from where the last one ended."""
    for place in access.lines("regions"):
        target = f"{access.text('account')} {place}"
        for first, last in events.spans(
            asking, asking.cursor("aws/events", target), is_bounded=True
        ):
            ask = partial(events.ask, region=place, first=first, last=last)
            yield _question(
                "aws/events", target, access, ask, {"first": str(first), "last": str(last)}
            )


def _deliveries(access: Access, asking: Asking) -> Iterator[Question]:
    """Yield a question for each week of deliveries, from where the last one ended."""
    bucket, prefix = access.text("log_bucket"), access.text("log_prefix")
    prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    target = f"s3://{bucket}/{prefix}"
    is_continued = bool(cursor := asking.cursor("aws/delivered", target))
    for first, last in events.spans(asking, cursor, is_bounded=False):
        ask = partial(
            deliveries.ask,
            bucket=bucket,
            prefix=prefix,
            first=first,
            last=last,
            is_continued=is_continued,
        )
        said = {"first": str(first), "last": str(last)}
        yield _question("aws/delivered", target, access, ask, said)
        is_continued = True


def _question(
    stream: str,
    target: str,
    access: Access,
    ask: Callable[[Account], Iterator[Answer]],
    parameters: Mapping[str, str] | None = None,
) -> Question:
    def asked() -> Iterator[Answer]:
        with closing(Account(access)) as account:
            yield from ask(account)

    return Question(stream, target, asked, parameters or {})


def _check(access: Access) -> Check:
    """Ask who we are, and for one cheap answer of each kind."""
    with closing(Account(access)) as account:
        return _checked(account, access.lines("regions")[0])


def _checked(account: Account, first: str) -> Check:
    identity = json.loads(b"".join(account.observed().body))["as"]
    tried = (
        ("iam:GetAccountPasswordPolicy", "iam", "GetAccountPasswordPolicy", "", ("NoSuchEntity",)),
        ("s3:ListAllMyBuckets", "s3", "ListBuckets", "", ()),
        ("ec2:GetEbsEncryptionByDefault", "ec2", "GetEbsEncryptionByDefault", first, ()),
        ("rds:DescribeDBInstances", "rds", "DescribeDBInstances", first, ()),
        ("kms:ListKeys", "kms", "ListKeys", first, ()),
        ("cloudtrail:DescribeTrails", "cloudtrail", "DescribeTrails", first, ()),
        ("guardduty:ListDetectors", "guardduty", "ListDetectors", first, ()),
        ("cloudwatch:DescribeAlarms", "cloudwatch", "DescribeAlarms", first, ()),
        ("ecr:DescribeRepositories", "ecr", "DescribeRepositories", first, ()),
    )
    findings = [Finding(_WHO, Grant.GRANTED)]
    for permission, service, operation, place, absent in tried:
        answer = next(account.answers(service, operation, region=place, absent=absent))
        grant = Grant.DENIED if answer.refused else Grant.GRANTED
        findings.append(Finding(permission, grant, answer.refused))
    return Check(f"account {account.number} as {identity}", tuple(findings))


CONNECTOR = Connector(
    name="aws",
    title="Amazon Web Services",
    asks="One account: its users, roles, policies and second factors; buckets, volumes, databases"
    " and their encryption; security groups, keys and trails; what watches it, and what was found."
    " It reads, and changes nothing.",
    blind="regions that are not named; services other than IAM, S3, EC2, RDS, KMS, CloudTrail,"
    " GuardDuty, Config, CloudWatch, ECR and Inspector; other accounts of the organization",
    permissions=tuple(
        Permission(name, why, is_required=name == _WHO) for name, why in _WHY.items()
    ),
    settings=(
        Setting(
            "account",
            "Account number",
            "twelve digits, as the console shows them below your name",
            flaw=_account_flaw,
        ),
        Setting(
            "regions",
            "Regions",
            "each region that you use on a line, as eu-central-1",
            SettingKind.LINES,
            default="us-east-1",
            flaw=_regions_flaw,
        ),
        Setting(
            "access_key_id",
            "Access key",
            "its id, as AKIA...; empty where the machine that asks has a role of its own",
            is_required=False,
        ),
        Setting(
            "secret_access_key",
            "Secret of the access key",
            "shown once when the key was made",
            is_required=False,
            is_secret=True,
        ),
        Setting(
            "role_arn",
            "Role to take",
            "its ARN, when the credentials may only take a role; empty for none",
            is_required=False,
        ),
        Setting(
            "external_id",
            "External id of the role",
            "as the role's trust policy demands it",
            is_required=False,
            is_secret=True,
        ),
        Setting(
            "log_bucket",
            "Bucket of the trail",
            "where CloudTrail delivers to; empty asks for the events of the last 90 days instead",
            is_required=False,
        ),
        Setting(
            "log_prefix",
            "Prefix in that bucket",
            "what comes before AWSLogs/; empty when nothing does",
            is_required=False,
        ),
        Setting(
            "inspector",
            "Ask Amazon Inspector",
            "yes where Inspector is what looks for weaknesses: where it is off, nothing vouches for"
            " them then",
            SettingKind.FLAG,
            is_required=False,
        ),
        Setting(
            "endpoint",
            "Address of another server",
            "only for what speaks like AWS and is not; empty for AWS itself",
            SettingKind.ADDRESS,
            is_required=False,
        ),
    ),
    streams=(
        Stream(_IAM, needs=(_WHO, *iam.NEEDS)),
        Stream(_BUCKETS, needs=(_WHO, *buckets.NEEDS)),
        Stream(_TRAILS, needs=(_WHO, *keys.TRAIL_NEEDS)),
        Stream(_REGIONAL, needs=(_WHO, *region.NEEDS)),
        Stream(_KEYS, needs=(_WHO, *keys.KEY_NEEDS)),
        Stream(_COPIES, needs=(_WHO, *copies.NEEDS)),
        Stream(_THREATS, needs=(_WHO, *threats.NEEDS)),
        Stream(_CONFIG, needs=(_WHO, *configuration.NEEDS)),
        Stream(_ALARMS, needs=(_WHO, *alarms.NEEDS)),
        Stream(_IMAGES, needs=(_WHO, *images.NEEDS)),
        Stream(_WEAKNESSES, needs=(_WHO, *weaknesses.NEEDS)),
        Stream(_EVENTS, needs=(_WHO, *events.NEEDS), cursor=events.cursor),
        Stream(_DELIVERED, needs=(_WHO, *deliveries.NEEDS), cursor=events.cursor),
    ),
    questions=_questions,
    check=_check,
)
