"""aws/buckets: every bucket of an account: who can read it, encryption, versions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import asked_of, each, inside, pages, read, texts, truth
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS

ASSETS, ENCRYPTION = POPULATIONS["population.assets"], POPULATIONS["population.encryption"]
TABLES = (ASSETS, ENCRYPTION)
NEEDS = (
    "s3:ListAllMyBuckets",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketPolicyStatus",
    "s3:GetBucketAcl",
    "s3:GetEncryptionConfiguration",
    "s3:GetBucketVersioning",
)
BLIND = (
    "access points, and links that are signed; access lists of single objects; objects that were "
    "written before their bucket encrypted by itself; other accounts that a policy names"
)
_LIST = "s3.ListBuckets"
_BLOCKED = ("NoSuchPublicAccessBlockConfiguration",)
# Name of the operation, and the codes by which AWS says that there is nothing of the kind.
_ASKED: Mapping[str, tuple[str, ...]] = {
    "GetPublicAccessBlock": _BLOCKED,
    "GetBucketPolicyStatus": ("NoSuchBucketPolicy",),
    "GetBucketAcl": (),
    "GetBucketEncryption": ("ServerSideEncryptionConfigurationNotFoundError",),
    "GetBucketVersioning": (),
}
Known = bool | None
"""Yes, no, or not known: what is not known never turns into a no."""

_ANYBODY = ("AllUsers", "AuthenticatedUsers")


def ask(account: Account) -> Iterator[Answer]:
    """Yield the list of buckets, and what each says of itself."""
    yield account.observed()
    yield from account.answers(
        "s3control", "GetPublicAccessBlock", absent=_BLOCKED, AccountId=account.number
    )
    names: list[str] = []
    for answer in account.answers("s3", "ListBuckets"):
        body = b"".join(answer.body)
        yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
        names += names_in(body)
    for name in names:
        for operation, absent in _ASKED.items():
            yield from account.answers(
                "s3", operation, absent=(*absent, "NoSuchBucket"), label=f"of {name}", Bucket=name
            )


def names_in(body: bytes) -> list[str]:
    """Return the names of the buckets on one page of their list."""
    return [str(bucket.get("Name")) for bucket in each(read(body), "Buckets", "Bucket")]


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an asset, and its encryption, for each bucket."""
    told = asked_of(answers).told
    said_of = _by_bucket(answers)
    account = _Said(answers, "s3control.GetPublicAccessBlock")
    for page in pages(answers, _LIST):
        for bucket in each(page.values, "Buckets", "Bucket"):
            name = str(bucket.get("Name"))
            own = said_of.get(name, [])
            uid = f"arn:aws:s3:::{name}"
            yield page.row(
                ASSETS.name,
                name,
                **told,
                asset_uid=said(uid),
                name=said(name),
                kind="bucket",
                region=said(bucket.get("BucketRegion")),
                is_public=_is_public(own, account, name),
                is_versioned=_is_versioned(own, name),
                created_at=moment(bucket.get("CreationDate")),
            )
            yield page.row(ENCRYPTION.name, name, **told, **_encryption(own, name, uid))


def _by_bucket(answers: Sequence[Kept]) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    for kept in answers:
        if kept.name.startswith("s3.Get") and " of " in kept.name:
            name = kept.name.partition(" of ")[2].partition(" page ")[0]
            found.setdefault(name, []).append(kept)
    return found


class _Said:
    """What one call said: values, nothing, or no."""

    def __init__(self, answers: Sequence[Kept], name: str) -> None:
        page = next(pages(answers, name), None)
        self.values: Any = page.values if page else None
        kept = [each_one for each_one in answers if each_one.name.startswith(name)]
        self.is_absent = any(each_one.absent for each_one in kept)


def _said(own: Sequence[Kept], operation: str, name: str) -> _Said:
    return _Said(own, f"s3.{operation} of {name}")


def _is_blocked(found: _Said, setting: str) -> bool | None:
    """Return whether public access is blocked in a way; None when nobody said."""
    if found.is_absent:
        return False
    configuration = inside(found.values, "PublicAccessBlockConfiguration") or found.values
    return truth(inside(configuration, setting))


def _either(one: Known, other: Known) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _both(one: Known, other: Known) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _not(one: Known) -> bool | None:
    return None if one is None else not one


def _is_public(own: Sequence[Kept], account: _Said, name: str) -> bool | None:
    """Return whether anybody can read it: by its policy or its list, and nothing blocks that."""
    block = _said(own, "GetPublicAccessBlock", name)
    policy, acl = _said(own, "GetBucketPolicyStatus", name), _said(own, "GetBucketAcl", name)
    by_policy = False if policy.is_absent else truth(inside(policy.values, "IsPublic"))
    by_list = None if acl.values is None else _opens(acl.values)
    restricts, ignores = (
        _either(_is_blocked(block, setting), _is_blocked(account, setting))
        for setting in ("RestrictPublicBuckets", "IgnorePublicAcls")
    )
    return _either(_both(by_policy, _not(restricts)), _both(by_list, _not(ignores)))


def _opens(acl: Any) -> bool:  # noqa: ANN401 - JSON values
    return any(
        uri.endswith(_ANYBODY)
        for grant in each(acl, "AccessControlList", "Grant")
        for uri in texts(grant, "Grantee", "URI")
    )


def _is_versioned(own: Sequence[Kept], name: str) -> bool | None:
    found = _said(own, "GetBucketVersioning", name).values
    if found is None:
        return None
    return bool(inside(found, "Status") == "Enabled")


def _encryption(own: Sequence[Kept], name: str, uid: str) -> dict[str, Any]:
    found = _said(own, "GetBucketEncryption", name)
    rules = each(found.values, "Rule") if found.values is not None else []
    by_default = inside(rules[0], "ApplyServerSideEncryptionByDefault") if rules else None
    algorithm = said(inside(by_default, "SSEAlgorithm"))
    key = said(inside(by_default, "KMSMasterKeyID"))
    return {
        "resource": said(uid),
        "kind": "bucket",
        "is_in_transit": False,
        "is_encrypted": True if algorithm else False if found.is_absent else None,
        "algorithm": algorithm,
        "key_uid": key,
        "is_own_key": None if algorithm is None else bool(key) and not str(key).endswith("aws/s3"),
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; what one bucket would not say of itself is NULL in its row."""
    return state_covers(answers, started_at, {ASSETS.name: (_LIST,), ENCRYPTION.name: (_LIST,)})
