"""aws/region: what runs in each region: volumes, snapshots, databases, and who may reach them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import Page, asked_of, each, inside, number, pages, truth
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS

ASSETS, ENCRYPTION = POPULATIONS["population.assets"], POPULATIONS["population.encryption"]
RULES = POPULATIONS["population.firewall_rules"]
TABLES = (ASSETS, ENCRYPTION, RULES)
NEEDS = (
    "ec2:DescribeVolumes",
    "ec2:DescribeSnapshots",
    "ec2:GetEbsEncryptionByDefault",
    "ec2:DescribeSecurityGroups",
    "rds:DescribeDBInstances",
)
BLIND = (
    "regions that the connection does not name; disks of machines outside EBS; backups of volumes "
    "that are no snapshots; network lists, "
    "firewalls and routes beside security groups; which machine a security group is on; databases "
    "other than RDS"
)
_PUBLIC = "public"
_BACKED_UP = timedelta(days=31)
"""A volume whose newest snapshot is older is not backed up."""
_ANYWHERE = ("0.0.0.0/0", "::/0")
_FOLDED = {"-1": "all"}
_WITHOUT_PORTS = ("all", "icmp", "icmpv6")


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield volumes, snapshots, the default, security groups and databases of a region."""
    yield account.observed(region)
    yield from account.answers("ec2", "DescribeVolumes", region=region)
    yield from account.answers("ec2", "DescribeSnapshots", region=region, OwnerIds=["self"])
    yield from account.answers(
        "ec2",
        "DescribeSnapshots",
        region=region,
        label=_PUBLIC,
        OwnerIds=["self"],
        RestorableByUserIds=["all"],
    )
    yield from account.answers("ec2", "GetEbsEncryptionByDefault", region=region)
    yield from account.answers("ec2", "DescribeSecurityGroups", region=region)
    yield from account.answers("rds", "DescribeDBInstances", region=region)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of one region."""
    asked = asked_of(answers)
    told, where, place = asked.told, asked.region, f"{asked.region}:{asked.account}"
    copies = Copies(answers, where)
    for page in pages(answers, "ec2.DescribeVolumes"):
        for volume in each(page.values, "volumeSet"):
            uid = said(volume.get("volumeId"))
            arn = f"arn:aws:ec2:{place}:volume/{uid}"
            yield _encrypted(page, told, volume, "volume", arn)
            is_kept = copies.is_backed_up(uid, told["observed_at"])
            known = {"is_public": False, "is_backed_up": is_kept}
            made = moment(volume.get("createTime"))
            yield _disk(page, told, arn, where, kind="volume", created_at=made, **known)
    for page, snapshot in copies.own:
        uid = said(snapshot.get("snapshotId"))
        arn = f"arn:aws:ec2:{place}:snapshot/{uid}"
        yield _encrypted(page, told, snapshot, "snapshot", arn)
        made = moment(snapshot.get("startTime"))
        is_public = copies.is_public(uid)
        yield _disk(page, told, arn, where, kind="snapshot", created_at=made, is_public=is_public)
    for page in pages(answers, "ec2.GetEbsEncryptionByDefault"):
        is_on = truth(inside(page.values, "ebsEncryptionByDefault"))
        values = {"resource": f"new volumes in {where}", "kind": "default for volumes"}
        yield page.row(
            ENCRYPTION.name, None, **told, **values, is_in_transit=False, is_encrypted=is_on
        )
    for page in pages(answers, "ec2.DescribeSecurityGroups"):
        for group in each(page.values, "securityGroupInfo"):
            yield from _rules(page, told, group)
    for page in pages(answers, "rds.DescribeDBInstances"):
        for found in each(page.values, "DescribeDBInstancesResult", "DBInstances", "DBInstance"):
            yield from _database(page, told, found, where)


class Copies:
    """The snapshots of a region: which volumes they are of, and which anybody can restore."""

    def __init__(self, answers: Sequence[Kept], region: str) -> None:
        call = f"ec2.DescribeSnapshots {region}"
        found = list(pages(answers, f"{call} {_PUBLIC}"))
        self._is_known = bool(found)
        self._public = {
            snapshot.get("snapshotId")
            for page in found
            for snapshot in each(page.values, "snapshotSet")
        }
        self.own = [
            (page, snapshot)
            for page in pages(answers, f"{call} page")
            for snapshot in each(page.values, "snapshotSet")
        ]
        self._has_list = any(kept.name.startswith(f"{call} page") for kept in answers)
        self._newest: dict[object, str] = {}
        for _, snapshot in self.own:
            volume, made = snapshot.get("volumeId"), moment(snapshot.get("startTime"))
            if snapshot.get("status") == "completed" and made:
                self._newest[volume] = max(made, self._newest.get(volume, ""))

    def is_public(self, snapshot: str | None) -> bool | None:
        """Return whether anybody can restore a snapshot; None when that was refused."""
        return snapshot in self._public if self._is_known else None

    def is_backed_up(self, volume: str | None, observed_at: str | None) -> bool | None:
        """Return whether a volume has a snapshot of the last 31 days; None when not known."""
        if not self._has_list or not observed_at:
            return None
        oldest = datetime.fromisoformat(observed_at) - _BACKED_UP
        made = self._newest.get(volume)
        return made is not None and datetime.fromisoformat(made) >= oldest


def _disk(
    page: Page, told: dict[str, Any], arn: str, region: str, **known: str | bool | None
) -> Row:
    name = arn.rpartition("/")[2]
    return page.row(ASSETS.name, name, **told, asset_uid=arn, name=name, region=region, **known)


def _encrypted(page: Page, told: dict[str, Any], found: dict[str, Any], kind: str, arn: str) -> Row:
    key = said(found.get("kmsKeyId"))
    is_encrypted = truth(found.get("encrypted"))
    return page.row(
        ENCRYPTION.name,
        arn.rpartition("/")[2],
        **told,
        resource=arn,
        kind=kind,
        is_in_transit=False,
        is_encrypted=is_encrypted,
        algorithm="AES-256" if is_encrypted else None,
        key_uid=key,
    )


def _rules(page: Page, told: dict[str, Any], group: dict[str, Any]) -> Iterator[Row]:
    """Yield a row for each network or group that a security group lets in or out."""
    uid = said(group.get("groupId"))
    for direction, name in (("in", "ipPermissions"), ("out", "ipPermissionsEgress")):
        for permission in each(group, name):
            protocol = str(permission.get("ipProtocol"))
            protocol = _FOLDED.get(protocol, protocol)
            has_ports = protocol not in _WITHOUT_PORTS
            ports = [number(permission.get(port)) for port in ("fromPort", "toPort")]
            for remote, says in _remotes(permission):
                first, last = ports if has_ports else (None, None)
                yield page.row(
                    RULES.name,
                    uid,
                    **told,
                    firewall=said(f"{uid} {group.get('groupName') or ''}".strip()),
                    rule_uid=said(f"{uid} {direction} {protocol} {first}-{last} {remote}"),
                    direction=direction,
                    action="accept",
                    protocol=said(protocol),
                    port_first=first,
                    port_last=last,
                    remote=said(remote),
                    is_public=remote in _ANYWHERE,
                    says=says,
                )


def _remotes(permission: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    names = (
        ("ipRanges", "cidrIp"),
        ("ipv6Ranges", "cidrIpv6"),
        ("prefixListIds", "prefixListId"),
        ("groups", "groupId"),
    )
    for listed, name in names:
        for remote in each(permission, listed):
            yield str(remote.get(name)), said(remote.get("description"))


def _database(
    page: Page, told: dict[str, Any], found: dict[str, Any], region: str
) -> Iterator[Row]:
    arn, name = said(found.get("DBInstanceArn")), said(found.get("DBInstanceIdentifier"))
    kept_days = number(found.get("BackupRetentionPeriod"))
    yield page.row(
        ASSETS.name,
        name,
        **told,
        asset_uid=arn,
        name=name,
        kind="database",
        region=region,
        is_public=truth(found.get("PubliclyAccessible")),
        is_backed_up=None if kept_days is None else kept_days > 0,
        created_at=moment(found.get("InstanceCreateTime")),
    )
    yield page.row(
        ENCRYPTION.name,
        name,
        **told,
        resource=arn,
        kind="database",
        is_in_transit=False,
        is_encrypted=truth(found.get("StorageEncrypted")),
        key_uid=said(found.get("KmsKeyId")),
    )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a refused call leaves the tables that it fills without one."""
    needed = {
        ASSETS.name: (
            "ec2.DescribeVolumes",
            "ec2.DescribeSnapshots",
            "rds.DescribeDBInstances",
        ),
        ENCRYPTION.name: (
            "ec2.DescribeVolumes",
            "ec2.DescribeSnapshots",
            "ec2.GetEbsEncryptionByDefault",
            "rds.DescribeDBInstances",
        ),
        RULES.name: ("ec2.DescribeSecurityGroups",),
    }
    return state_covers(answers, started_at, needed)
