"""gitlab/access: who may do what in the group and in each project."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Request
from reperform.connectors.gitlab.lab import PROJECTS, Lab
from reperform.connectors.gitlab.tables import GROUPS as OWN_GROUPS
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, lower, truth, whole

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS, OWN_GROUPS)
NEEDS = ("read_api",)
BLIND = (
    "second factors of single members, which GitLab shows to administrators of the server only; "
    "last use; deploy keys, deploy tokens, access tokens and runners; members of subgroups "
    "without a project"
)
_GROUP, _MEMBERS, _OF = "group", "members of the group", "members of project "
_LEVELS = {
    5: "Minimal access",
    10: "Guest",
    15: "Planner",
    20: "Reporter",
    30: "Developer",
    40: "Maintainer",
    50: "Owner",
}
_POWERFUL = 40
"""Maintainers add members, and change what protects branches."""


def ask(lab: Lab) -> Iterator[Answer]:
    """Yield the group, its members, and the members of each project, inherited ones too."""
    yield lab.api.observed()
    yield lab.api.one(_GROUP, Request(lab.base, (("with_projects", "false"),)))
    yield from lab.listed(_MEMBERS, f"{lab.base}/members/all")
    uids: list[int] = []
    for answer, projects in lab.projects():
        uids += [int(project["id"]) for project in projects]
        yield answer
    for uid in uids:
        yield from lab.listed(f"{_OF}{uid}", f"projects/{uid}/members/all")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an account for each member, and a row for each membership."""
    found = Said(answers)
    accounts: dict[str, tuple[Kept, dict[str, Any]]] = {}
    powers: dict[str, list[str]] = {}
    group = str(found.facts.get("group"))
    places = [(_MEMBERS, group)]
    projects = list(found.once(PROJECTS, "id"))
    places += [(f"{_OF}{one['id']}", str(one["path_with_namespace"])) for _, one in projects]
    for name, place in places:
        for kept, member in found.once(name, "id"):
            uid, level = str(member["id"]), member["access_level"]
            accounts.setdefault(uid, (kept, member))
            if isinstance(level, int) and level >= _POWERFUL:
                powers.setdefault(uid, []).append(f"{place}: {_LEVELS.get(level, level)}")
            yield found.row(GROUPS.name, kept, **_membership(place, member))
    is_whole = all(found.has(name) for name, _ in [*places, (PROJECTS, "")])
    for uid, (kept, member) in accounts.items():
        yield found.row(
            ACCOUNTS.name,
            kept,
            **_account(member),
            is_privileged=True if uid in powers else False if is_whole else None,
            privileges=said(",".join(sorted(powers.get(uid, ())))),
        )
    for kept, one in found.each(_GROUP):
        yield found.row(
            OWN_GROUPS.name,
            kept,
            group_name=said(one["full_path"]),
            visibility=said(one.get("visibility")),
            requires_mfa=truth(one.get("require_two_factor_authentication")),
            mfa_grace_hours=whole(one.get("two_factor_grace_period")),
        )


def _membership(place: str, member: dict[str, Any]) -> dict[str, Any]:
    level = member["access_level"]
    return {
        "group_name": said(f"{place}: {_LEVELS.get(level, level)}"),
        "is_privileged": level >= _POWERFUL if isinstance(level, int) else None,
        "member": said(member.get("username")),
        "member_uid": said(str(member["id"])),
        "member_kind": "account",
    }


def _account(member: dict[str, Any]) -> dict[str, Any]:
    state = member.get("state")
    is_enabled = state == "active" if isinstance(state, str) else None
    return {
        "account": said(member.get("username")),
        "account_uid": said(str(member["id"])),
        "full_name": said(member.get("name")),
        "email": lower(member.get("email")),
        "is_enabled": is_enabled,
        "can_sign_in": is_enabled,
        "created_at": moment(member.get("created_at")),
        "last_used_known": False,
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless members of the group or of a project were refused."""
    needed = {
        ACCOUNTS.name: (_MEMBERS, _OF, PROJECTS),
        GROUPS.name: (_MEMBERS, _OF, PROJECTS),
        OWN_GROUPS.name: (_GROUP,),
    }
    return state_covers(answers, started_at, needed)
