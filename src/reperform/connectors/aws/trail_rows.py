"""What one record of CloudTrail says: a call, and perhaps a sign-in or a change of access."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reperform.connectors.answer import Row
from reperform.connectors.kept import moment, said

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


def rows(record: Mapping[str, Any], blob: str, at: int) -> Iterator[Row]:
    """Yield the rows of one record, which `records` found to be one."""
    who = _who(record)
    is_success = not record.get("errorCode")
    told = {
        "system": _system(record),
        "event_uid": said(record["eventID"]),
        "occurred_at": moment(record["eventTime"]),
    }
    yield Row(API, {**told, **_call(record), **who, "is_success": is_success}, blob, at)
    if record["eventName"] == "ConsoleLogin":
        yield Row(SIGN_INS, {**told, **_sign_in(record, who)}, blob, at)
    grant = _GRANTS.get(record["eventName"])
    if grant and record["eventSource"] == "iam.amazonaws.com":
        values = _grant(record, grant)
        changed = {**values, "by_account": who["account"], "is_success": is_success}
        yield Row(GRANTS, {**told, **changed}, blob, at)


def _system(record: Mapping[str, Any]) -> str | None:
    account = said(record.get("recipientAccountId")) or said(
        _of(record, "userIdentity").get("accountId")
    )
    return f"aws {account}" if account else None


def _of(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside another; an empty one when there is none."""
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _who(record: Mapping[str, Any]) -> dict[str, Any]:
    identity = _of(record, "userIdentity")
    session = _of(identity, "sessionContext")
    kind = said(identity.get("type")) or ("service" if identity.get("invokedBy") else None)
    given = _of(session, "attributes").get("mfaAuthenticated")
    return {
        "account": _name(identity, session, kind),
        "account_uid": said(identity.get("arn")) or said(identity.get("principalId")),
        "account_kind": _KINDS.get(kind or "", kind),
        "is_mfa": {"true": True, "false": False}.get(str(given).lower()),
    }


def _name(identity: Mapping[str, Any], session: Mapping[str, Any], kind: str | None) -> str | None:
    if kind == "Root":
        return "root"
    issuer = said(_of(session, "sessionIssuer").get("userName"))
    taken = str(identity.get("principalId") or "").partition(":")[2]
    if kind in ("AssumedRole", "FederatedUser") and issuer:
        return said(f"{issuer}/{taken}" if taken else issuer)
    own = said(identity.get("userName")) or said(identity.get("invokedBy"))
    if own:
        return own
    arn = said(identity.get("arn"))
    return arn.rpartition(":")[2] if arn else said(identity.get("principalId"))


def _call(record: Mapping[str, Any]) -> dict[str, Any]:
    is_read = record.get("readOnly")
    code, message = said(record.get("errorCode")), said(record.get("errorMessage"))
    source = str(record["eventSource"])
    return {
        "service": said(source.removesuffix(".amazonaws.com")),
        "operation": said(record["eventName"]),
        "is_read_only": is_read if isinstance(is_read, bool) else None,
        "error": said(": ".join(each for each in (code, message) if each)),
        "resource": _resource(record),
        "region": said(record.get("awsRegion")),
        "source_ip": said(record.get("sourceIPAddress")),
        "agent": said(record.get("userAgent")),
    }


def _resource(record: Mapping[str, Any]) -> str | None:
    listed = record.get("resources")
    names = [
        name
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and (name := said(each.get("ARN")))
    ]
    if names:
        return said(",".join(names))
    asked = _of(record, "requestParameters")
    return next((name for key in _NAMED if (name := said(asked.get(key)))), None)


def _sign_in(record: Mapping[str, Any], who: Mapping[str, Any]) -> dict[str, Any]:
    kind = said(_of(record, "userIdentity").get("type"))
    given = _of(record, "additionalEventData").get("MFAUsed")
    is_mfa = {"Yes": True, "No": False}.get(str(given))
    # Whoever comes from an identity provider gave the second factor there, if at all.
    if is_mfa is False and kind in _BY_IDP:
        is_mfa = None
    verdict = _of(record, "responseElements").get("ConsoleLogin")
    return {
        "account": who["account"],
        "account_uid": who["account_uid"],
        "is_root": kind == "Root",
        "is_success": {"Success": True, "Failure": False}.get(str(verdict)),
        "is_mfa": is_mfa,
        "reason": said(record.get("errorMessage")),
        "method": "console" if kind not in _BY_IDP else "console by identity provider",
        "source_ip": said(record.get("sourceIPAddress")),
    }


def _grant(record: Mapping[str, Any], grant: _Grant) -> dict[str, Any]:
    asked = _of(record, "requestParameters")
    privilege = said(asked.get(grant.privilege)) or grant.privilege
    subject = next(
        (asked[key] for key in ("userName", "roleName", "groupName") if key in asked), None
    )
    return {
        "action": grant.action,
        "operation": said(record["eventName"]),
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
