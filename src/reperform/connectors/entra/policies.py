"""entra/policies: what conditional access and the security defaults demand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Api, Request
from reperform.connectors.entra.tables import CONDITIONAL_ACCESS
from reperform.connectors.kept import said, state_covers
from reperform.connectors.said import Said, of, truth

TABLES = (CONDITIONAL_ACCESS,)
NEEDS = ("Policy.Read.All",)
BLIND = (
    "networks, devices and risks on which a policy depends, which the kept answers hold; who is in "
    "the groups that it leaves out; what a policy was at other moments"
)
_POLICIES, _DEFAULTS = "conditional access", "security defaults"
_ENABLED, _ALL = "enabled", "All"
_LEFT_OUT = ("excludeUsers", "excludeGroups", "excludeRoles")


def ask(graph: Api) -> Iterator[Answer]:
    """Yield the policies of conditional access, and whether the security defaults are on."""
    yield graph.observed()
    policies = Request("identity/conditionalAccess/policies")
    yield from graph.listed(_POLICIES, policies, inside=("value",))
    defaults = Request("policies/identitySecurityDefaultsEnforcementPolicy")
    yield graph.one(_DEFAULTS, defaults)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each policy, and the security defaults as one."""
    found = Said(answers)
    for kept, policy in found.once(_POLICIES, "id", "value"):
        yield found.row(CONDITIONAL_ACCESS.name, kept, **_policy(policy))
    for kept, defaults in found.each(_DEFAULTS):
        is_on = truth(defaults["isEnabled"])
        yield found.row(
            CONDITIONAL_ACCESS.name,
            kept,
            policy=_DEFAULTS,
            state=None if is_on is None else _ENABLED if is_on else "disabled",
            is_enforced=is_on,
        )


def _policy(policy: Mapping[str, Any]) -> dict[str, Any]:
    users = of(policy, "conditions", "users")
    apps = of(policy, "conditions", "applications", "includeApplications")
    grants = policy.get("grantControls")
    built_in = of(grants, "builtInControls")
    controls = [str(one) for one in (built_in if isinstance(built_in, list) else [])]
    strength = of(grants, "authenticationStrength", "displayName")
    named = sorted([*controls, *([str(strength)] if strength else [])])
    operator = str(of(grants, "operator") or "AND")
    is_sure = len(named) == 1 or operator == "AND"
    strong = True if "mfa" in controls else _is_strong(grants)
    included = of(users, "includeUsers")
    left_out = [of(users, name) for name in _LEFT_OUT]
    return {
        "policy": said(policy["displayName"]),
        "state": said(policy["state"]),
        "is_enforced": policy["state"] == _ENABLED,
        "is_for_all_users": _ALL in included if isinstance(included, list) else None,
        "is_for_all_apps": _ALL in apps if isinstance(apps, list) else None,
        "excluded": sum(len(one) for one in left_out if isinstance(one, list)),
        "requires_mfa": strong if is_sure else False,
        "blocks": "block" in controls,
        "controls": said(f" {operator} ".join(named)),
    }


def _is_strong(grants: object) -> bool | None:
    """Return whether the authentication strength that is demanded takes a second factor."""
    if of(grants, "authenticationStrength") is None:
        return False
    told = of(grants, "authenticationStrength", "requirementsSatisfied")
    return {"mfa": True, "none": False}.get(str(told))


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless one of the two was refused."""
    return state_covers(answers, started_at, {CONDITIONAL_ACCESS.name: (_POLICIES, _DEFAULTS)})
