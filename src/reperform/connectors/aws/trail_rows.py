"""What one record of CloudTrail says: a call, and perhaps a sign-in or a change of access."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from reperform.connectors.answer import Row
from reperform.connectors.aws.records import Record
from reperform.connectors.kept import moment, said
from reperform.connectors.streamed import value_of

API = "population.api_activity"
SIGN_INS = "population.sign_ins"
GRANTS = "population.access_grants"

_KINDS = {
    "Root": "root",
    "IAMUser": "user",
    "AssumedRole": "role",
    "Role": "role",
    "AWSService": "service",
    "FederatedUser": "federated",
}
_NAMED = (
    "userName",
    "roleName",
    "groupName",
    "bucketName",
    "groupId",
    "name",
    "trailName",
    "keyId",
)
_POWERFUL = ("AdministratorAccess", "IAMFullAccess")
_BY_IDP = ("AssumedRole", "FederatedUser", "SAMLUser", "WebIdentityUser")


class _Grant(NamedTuple):
    action: str
    privilege: str
    """Name of the parameter that says what is granted, or the privilege itself."""


_GRANTS = {
    "CreateUser": _Grant("created", "user"),
    "DeleteUser": _Grant("deleted", "user"),
    "CreateRole": _Grant("created", "role"),
    "DeleteRole": _Grant("deleted", "role"),
    "CreateGroup": _Grant("created", "group"),
    "DeleteGroup": _Grant("deleted", "group"),
    "CreateLoginProfile": _Grant("granted", "console password"),
    "UpdateLoginProfile": _Grant("changed", "console password"),
    "DeleteLoginProfile": _Grant("revoked", "console password"),
    "CreateAccessKey": _Grant("granted", "access key"),
    "UpdateAccessKey": _Grant("changed", "access key"),
    "DeleteAccessKey": _Grant("revoked", "access key"),
    "EnableMFADevice": _Grant("changed", "second factor on"),
    "DeactivateMFADevice": _Grant("changed", "second factor off"),
    "AttachUserPolicy": _Grant("granted", "policyArn"),
    "AttachRolePolicy": _Grant("granted", "policyArn"),
    "AttachGroupPolicy": _Grant("granted", "policyArn"),
    "DetachUserPolicy": _Grant("revoked", "policyArn"),
    "DetachRolePolicy": _Grant("revoked", "policyArn"),
    "DetachGroupPolicy": _Grant("revoked", "policyArn"),
    "PutUserPolicy": _Grant("granted", "policyName"),
    "PutRolePolicy": _Grant("granted", "policyName"),
    "PutGroupPolicy": _Grant("granted", "policyName"),
    "DeleteUserPolicy": _Grant("revoked", "policyName"),
    "DeleteRolePolicy": _Grant("revoked", "policyName"),
    "DeleteGroupPolicy": _Grant("revoked", "policyName"),
    "AddUserToGroup": _Grant("granted", "groupName"),
    "RemoveUserFromGroup": _Grant("revoked", "groupName"),
    "UpdateAssumeRolePolicy": _Grant("changed", "who may take the role"),
}


def rows(record: Record, blob: str, at: int) -> Iterator[Row]:
    """Yield the rows of one record: CloudTrail delivers some of them twice, under the same id."""
    who, event = _who(bytes(record.userIdentity)), record.eventID
    number = said(record.recipientAccountId) or who.number
    system = f"aws {number}" if number else None
    uid, occurred_at = said(event), moment(record.eventTime)
    is_read, is_success = record.readOnly, not record.errorCode
    called = {
        "system": system,
        "event_uid": uid,
        "occurred_at": occurred_at,
        "service": said(record.eventSource.removesuffix(".amazonaws.com")),
        "operation": said(record.eventName),
        "is_read_only": is_read if isinstance(is_read, bool) else None,
        "error": None if is_success and not record.errorMessage else _error(record),
        "resource": _resource(record),
        "region": said(record.awsRegion),
        "source_ip": said(record.sourceIPAddress),
        "agent": said(record.userAgent),
        "account": who.account,
        "account_uid": who.uid,
        "account_kind": _KINDS.get(who.kind or "", who.kind),
        "is_mfa": who.is_mfa,
        "is_success": is_success,
    }
    yield Row(API, called, blob, at, event)
    told = {"system": system, "event_uid": uid, "occurred_at": occurred_at}
    if record.eventName == "ConsoleLogin":
        signed = {"account": who.account, "account_uid": who.uid, **_sign_in(record, who)}
        yield Row(SIGN_INS, told | signed, blob, at, event)
    grant = _GRANTS.get(record.eventName)
    if grant and record.eventSource == "iam.amazonaws.com":
        changed = {**_grant(record, grant), "by_account": who.account, "is_success": is_success}
        yield Row(GRANTS, told | changed, blob, at, event)


class _Who(NamedTuple):
    """What an identity says of an account; `number` is the AWS account that it is in."""

    account: str | None = None
    uid: str | None = None
    kind: str | None = None
    is_mfa: bool | None = None
    number: str | None = None


def _error(record: Record) -> str | None:
    told = (said(record.errorCode), said(record.errorMessage))
    return said(": ".join(each for each in told if each))


def _in(value: object, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return what an object says under a name; None when it is no object, or says nothing."""
    return value.get(name) if isinstance(value, dict) else None


@lru_cache(maxsize=10_000)
def _who(raw: bytes) -> _Who:
    """Return what the identity of a record says, as its bytes have it."""
    identity = value_of(raw)
    if not isinstance(identity, dict):
        return _Who()
    session = identity.get("sessionContext")
    kind = said(identity.get("type")) or ("service" if identity.get("invokedBy") else None)
    given = _in(_in(session, "attributes"), "mfaAuthenticated")
    return _Who(
        account=_name(identity, session, kind),
        uid=said(identity.get("arn")) or said(identity.get("principalId")),
        kind=kind,
        is_mfa={"true": True, "false": False}.get(str(given).lower()),
        number=said(identity.get("accountId")),
    )


def _name(identity: Mapping[str, Any], session: object, kind: str | None) -> str | None:
    if kind == "Root":
        return "root"
    if kind in ("AssumedRole", "FederatedUser"):
        issuer = said(_in(_in(session, "sessionIssuer"), "userName"))
        taken = str(identity.get("principalId") or "").partition(":")[2]
        if issuer:
            return said(f"{issuer}/{taken}" if taken else issuer)
    own = said(identity.get("userName")) or said(identity.get("invokedBy"))
    if own:
        return own
    arn = said(identity.get("arn"))
    return arn.rpartition(":")[2] if arn else said(identity.get("principalId"))


def _resource(record: Record) -> str | None:
    listed = record.resources
    if isinstance(listed, list):
        names = [name for each in listed if (name := said(_in(each, "ARN")))]
        if names:
            return said(",".join(names))
    asked = record.requestParameters
    if isinstance(asked, dict):
        for key in _NAMED:
            if key in asked and (name := said(asked[key])):
                return name
    return None


def _sign_in(record: Record, who: _Who) -> dict[str, Any]:
    kind = who.kind
    given = _in(record.additionalEventData, "MFAUsed")
    is_mfa = {"Yes": True, "No": False}.get(str(given))
    # Whoever comes from an identity provider gave the second factor there, if at all.
    if is_mfa is False and kind in _BY_IDP:
        is_mfa = None
    verdict = _in(record.responseElements, "ConsoleLogin")
    return {
        "is_root": kind == "Root",
        "is_success": {"Success": True, "Failure": False}.get(str(verdict)),
        "is_mfa": is_mfa,
        "reason": said(record.errorMessage),
        "method": "console" if kind not in _BY_IDP else "console by identity provider",
        "source_ip": said(record.sourceIPAddress),
    }


def _grant(record: Record, grant: _Grant) -> dict[str, Any]:
    asked = record.requestParameters if isinstance(record.requestParameters, dict) else {}
    privilege = said(asked.get(grant.privilege)) or grant.privilege
    subject = next(
        (asked[key] for key in ("userName", "roleName", "groupName") if key in asked), None
    )
    return {
        "action": grant.action,
        "operation": said(record.eventName),
        "account": said(subject),
        "privilege": privilege,
        "is_privileged": _is_privileged(privilege, asked.get("policyDocument")),
    }


def _is_privileged(privilege: str, document: object) -> bool | None:
    """Return True when it lets its holder grant itself more; None: that cannot be told."""
    if privilege.rpartition("/")[2] in _POWERFUL:
        return True
    return True if isinstance(document, str) and allows_everything(document) else None


def allows_everything(document: str) -> bool:
    """Return whether a policy document allows every action, or every one of IAM, on everything.

    >>> allows_everything('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
    True
    """
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        return False
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    return any(
        isinstance(each, dict)
        and each.get("Effect") == "Allow"
        and bool({"*", "*:*", "iam:*"} & set(_texts(each.get("Action"))))
        and "*" in _texts(each.get("Resource"))
        for each in (statements if isinstance(statements, list) else [statements])
    )


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str)]
