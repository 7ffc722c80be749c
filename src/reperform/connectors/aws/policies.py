"""What a policy of IAM lets its holder do: whether it can grant itself more."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

_GRANTING = (
    "iam:addusertogroup",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createpolicyversion",
    "iam:putgrouppolicy",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
)
"""Actions by which an identity grants itself, or what it can be, any other.  Lower case."""


def can_grant_itself(document: object) -> bool:
    """Return whether a policy allows an action by which its holder can grant itself more.

    Resources and conditions are not weighed: they narrow, and are for a person to judge.

    Args:
        document: the policy as JSON text, percent-encoded or not, or as an object.

    >>> can_grant_itself('{"Statement": {"Effect": "Allow", "Action": "iam:Put*"}}')
    True
    >>> can_grant_itself('{"Statement": {"Effect": "Allow", "Action": "s3:*"}}')
    False
    """
    return any(_allows(statement) for statement in _statements(document))


def _statements(document: object) -> Iterator[dict[str, Any]]:
    policy = document
    if isinstance(document, str):
        try:
            policy = json.loads(document if "{" in document[:10] else unquote(document))
        except (ValueError, RecursionError):
            return
    found = policy.get("Statement") if isinstance(policy, dict) else None
    for statement in found if isinstance(found, list) else [found]:
        if isinstance(statement, dict) and statement.get("Effect") == "Allow":
            yield statement


def _allows(statement: dict[str, Any]) -> bool:
    if "NotAction" in statement:
        spared = _patterns(statement["NotAction"])
        return any(
            not any(fnmatchcase(action, pattern) for pattern in spared) for action in _GRANTING
        )
    allowed = _patterns(statement.get("Action"))
    return any(fnmatchcase(action, pattern) for action in _GRANTING for pattern in allowed)


def _patterns(value: object) -> list[str]:
    """Return the patterns of actions in lower case; `[` means itself in AWS's."""
    listed = value if isinstance(value, list) else [value]
    return [each.lower().replace("[", "[[]") for each in listed if isinstance(each, str)]


def trusted(document: object) -> list[str]:
    """Return who may take a role by its trust policy, sorted: ARNs, services, providers, or `*`."""
    found: set[str] = set()
    for statement in _statements(document):
        principal = statement.get("Principal")
        kinds = principal.values() if isinstance(principal, dict) else [principal]
        for kind in kinds:
            listed = kind if isinstance(kind, list) else [kind]
            found |= {each for each in listed if isinstance(each, str)}
    return sorted(found)
