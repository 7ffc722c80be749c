"""okta/policies: what is demanded of passwords, and of whoever signs in to a session."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Api, Request, values_of
from reperform.connectors.kept import said, state_covers
from reperform.connectors.okta.tables import PASSWORD_POLICIES, SIGN_ON_RULES
from reperform.connectors.said import Said, of, truth, whole

TABLES = (PASSWORD_POLICIES, SIGN_ON_RULES)
NEEDS = ("okta.policies.read",)
BLIND = (
    "what single applications demand beyond the session; passwords that another directory keeps; "
    "what a policy was at other moments"
)
_PASSWORDS, _SESSIONS, _RULES = "policies of passwords", "policies of sessions", "rules of "
_CLASSES = ("minLowerCase", "minUpperCase", "minNumber", "minSymbol")


def ask(org: Api) -> Iterator[Answer]:
    """Yield the policies of passwords, and those of sessions with their rules."""
    yield org.observed()
    passwords = Request("api/v1/policies", (("type", "PASSWORD"),))
    yield from org.listed(_PASSWORDS, passwords, inside=())
    uids: list[str] = []
    sessions = Request("api/v1/policies", (("type", "OKTA_SIGN_ON"),))
    for answer in org.listed(_SESSIONS, sessions, inside=()):
        uids += [str(one["id"]) for one in values_of(answer)]
        yield answer
    for uid in uids:
        rules = Request(f"api/v1/policies/{quote(uid, safe='')}/rules")
        yield from org.listed(f"{_RULES}{uid}", rules, inside=())


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each policy of passwords, and each rule of a policy of sessions."""
    found = Said(answers)
    for kept, policy in found.once(_PASSWORDS, "id"):
        yield found.row(PASSWORD_POLICIES.name, kept, **_password(policy))
    for _, policy in found.once(_SESSIONS, "id"):
        for kept, rule in found.once(f"{_RULES}{policy['id']}", "id"):
            yield found.row(SIGN_ON_RULES.name, kept, **_rule(policy, rule))


def _password(policy: Mapping[str, Any]) -> dict[str, Any]:
    settings = of(policy, "settings", "password")
    complexity = of(settings, "complexity")
    classes = [whole(of(complexity, name)) for name in _CLASSES]
    groups = of(policy, "conditions", "people", "groups", "include")
    return {
        "policy": said(policy["name"]),
        "priority": whole(policy.get("priority")),
        "is_active": policy["status"] == "ACTIVE",
        "groups": said(",".join(sorted(map(str, groups if isinstance(groups, list) else [])))),
        "min_length": whole(of(complexity, "minLength")),
        "min_classes": None if None in classes else sum(bool(one) for one in classes),
        "refuses_common": truth(of(complexity, "dictionary", "common", "exclude")),
        "max_age_days": whole(of(settings, "age", "maxAgeDays")),
        "history": whole(of(settings, "age", "historyCount")),
        "lock_after": whole(of(settings, "lockout", "maxAttempts")),
    }


def _rule(policy: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    signon = of(rule, "actions", "signon")
    access = of(signon, "access")
    session = of(signon, "session")
    return {
        "policy": said(policy["name"]),
        "policy_priority": whole(policy.get("priority")),
        "rule": said(rule["name"]),
        "priority": whole(rule.get("priority")),
        "is_active": policy["status"] == "ACTIVE" and rule["status"] == "ACTIVE",
        "allows": access == "ALLOW" if isinstance(access, str) else None,
        "requires_factor": truth(of(signon, "requireFactor")),
        "prompts": said(of(signon, "factorPromptMode")),
        "idle_minutes": whole(of(session, "maxSessionIdleMinutes")),
        "longest_minutes": whole(of(session, "maxSessionLifetimeMinutes")),
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless policies or rules were refused."""
    needed = {PASSWORD_POLICIES.name: (_PASSWORDS,), SIGN_ON_RULES.name: (_SESSIONS, _RULES)}
    return state_covers(answers, started_at, needed)
