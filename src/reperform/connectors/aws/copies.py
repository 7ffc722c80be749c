"""aws/copies: the snapshots of databases in a region: encrypted, and restored by whom."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import (
    Page,
    asked_of,
    each,
    inside,
    pages,
    read,
    texts,
    truth,
)
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS

ASSETS, ENCRYPTION = POPULATIONS["population.assets"], POPULATIONS["population.encryption"]
TABLES = (ASSETS, ENCRYPTION)
NEEDS = (
    "rds:DescribeDBSnapshots",
    "rds:DescribeDBSnapshotAttributes",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBClusterSnapshotAttributes",
)
BLIND = (
    "single accounts that may restore a snapshot; copies in other accounts, and in AWS Backup; "
    "whether one can be restored"
)
_BY_HAND = "manual"
"""Only these can be shared; those that RDS makes by itself cannot."""


class _Kind(NamedTuple):
    """How RDS names the snapshots of instances, or those of clusters."""

    name: str
    listed: str

    @property
    def list_call(self) -> str:
        return f"Describe{self.name}s"

    @property
    def one_call(self) -> str:
        return f"Describe{self.name}Attributes"

    def found(self, values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON values
        return each(values, f"{self.list_call}Result", self.listed, self.name)

    def restores(self, values: Any) -> list[str]:  # noqa: ANN401 - JSON values
        """Return who may restore a snapshot: accounts, or `all`."""
        inner = inside(values, f"{self.one_call}Result", f"{self.name}AttributesResult")
        return [
            who
            for one in each(inner, f"{self.name}Attributes", f"{self.name}Attribute")
            if one.get("AttributeName") == "restore"
            for who in texts(one, "AttributeValues", "AttributeValue")
            + texts(one, "AttributeValues")
        ]


_KINDS = (
    _Kind("DBSnapshot", "DBSnapshots"),
    _Kind("DBClusterSnapshot", "DBClusterSnapshots"),
)


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield the snapshots of databases, and who may restore those that were made by hand."""
    yield account.observed(region)
    for kind in _KINDS:
        uids: list[str] = []
        for answer in account.answers("rds", kind.list_call, region=region):
            body = b"".join(answer.body)
            yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
            found = kind.found(read(body)) if body else []
            uids += [_uid(kind, one) for one in found if one.get("SnapshotType") == _BY_HAND]
        for uid in uids:
            asked: dict[str, Any] = {f"{kind.name}Identifier": uid}
            yield from account.answers(
                "rds", kind.one_call, region=region, label=f"of {uid}", **asked
            )


def _uid(kind: _Kind, one: dict[str, Any]) -> str:
    return str(one[f"{kind.name}Identifier"])


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an asset, and its encryption, for each snapshot."""
    asked = asked_of(answers)
    for kind in _KINDS:
        for page in pages(answers, f"rds.{kind.list_call}"):
            for one in kind.found(page.values):
                uid, arn = _uid(kind, one), said(one.get(f"{kind.name}Arn"))
                yield page.row(
                    ASSETS.name,
                    uid,
                    **asked.told,
                    asset_uid=arn,
                    name=said(uid),
                    kind="snapshot",
                    region=asked.region,
                    is_public=_is_public(answers, kind, one, asked.region),
                    created_at=moment(one.get("SnapshotCreateTime")),
                )
                yield _encrypted(page, asked.told, one, uid, arn)


def _encrypted(
    page: Page, told: dict[str, Any], one: dict[str, Any], uid: str, arn: str | None
) -> Row:
    is_cluster = "StorageEncrypted" in one
    return page.row(
        ENCRYPTION.name,
        uid,
        **told,
        resource=arn,
        kind="snapshot",
        is_in_transit=False,
        is_encrypted=truth(one.get("StorageEncrypted" if is_cluster else "Encrypted")),
        key_uid=said(one.get("KmsKeyId")),
    )


def _is_public(
    answers: Sequence[Kept], kind: _Kind, one: dict[str, Any], region: str
) -> bool | None:
    """Return whether anybody can restore a snapshot; None when that was refused."""
    made = one.get("SnapshotType")
    if made != _BY_HAND:
        return False if made == "automated" else None
    name = f"rds.{kind.one_call} {region} of {_uid(kind, one)}"
    page = next(pages(answers, name), None)
    return "all" in kind.restores(page.values) if page else None


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; who may restore one is NULL where that was refused."""
    lists = tuple(f"rds.{kind.list_call} " for kind in _KINDS)
    return state_covers(answers, started_at, {ASSETS.name: lists, ENCRYPTION.name: lists})
