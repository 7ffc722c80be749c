"""github/access: who is in the organization, in which team, and with a second factor."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import values_of
from reperform.connectors.github.hub import Hub
from reperform.connectors.kept import said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS)
NEEDS = ("Members: read",)
BLIND = (
    "tokens, deploy keys and installed applications; rights on single repositories; e-mail "
    "addresses; second factors of outside collaborators, and those of an identity provider"
)
_MEMBERS, _ADMINS = "members", "administrators"
_WITHOUT, _OUTSIDE, _TEAMS = "members without a second factor", "outside collaborators", "teams"


def ask(hub: Hub) -> Iterator[Answer]:
    """Yield members, administrators, those without a second factor, outsiders, and teams."""
    base = f"orgs/{hub.owner}"
    yield hub.observed()
    yield from hub.listed(_MEMBERS, f"{base}/members")
    yield from hub.listed(_ADMINS, f"{base}/members", query={"role": "admin"})
    yield from hub.listed_for_owners(_WITHOUT, f"{base}/members", {"filter": "2fa_disabled"})
    yield from hub.listed(_OUTSIDE, f"{base}/outside_collaborators")
    teams: list[str] = []
    for answer in hub.listed(_TEAMS, f"{base}/teams"):
        teams += [str(team.get("slug")) for team in values_of(answer)]
        yield answer
    for slug in teams:
        yield from hub.listed(f"team {slug}", f"{base}/teams/{quote(slug, safe='')}/members")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an account for each member and outsider, and a row for each membership."""
    found = Said(answers)
    admins = {user.get("login") for _, user in found.each(_ADMINS)}
    without = {user.get("login") for _, user in found.each(_WITHOUT)}
    for kept, user in found.each(_MEMBERS):
        name = user.get("login")
        yield found.row(
            ACCOUNTS.name,
            kept,
            **_account(user),
            is_privileged=name in admins if found.has(_ADMINS) else None,
            privileges="owner" if name in admins else None,
            has_mfa=name not in without if found.has(_WITHOUT) else None,
            is_external=False,
        )
    for kept, user in found.each(_OUTSIDE):
        yield found.row(ACCOUNTS.name, kept, **_account(user), is_external=True)
    for kept, user in found.each(_ADMINS):
        yield found.row(GROUPS.name, kept, group_name="owners", is_privileged=True, **_member(user))
    for kept, team in found.each(_TEAMS):
        slug = str(team.get("slug"))
        named = {"group_name": said(slug), "group_uid": _uid(team), "is_privileged": None}
        members = list(found.each(f"team {slug}"))
        for inner, user in members:
            yield found.row(GROUPS.name, inner, **named, **_member(user))
        if not members:
            yield found.row(GROUPS.name, kept, **named)


def _uid(values: dict[str, Any]) -> str | None:
    number = values.get("id")
    return str(number) if isinstance(number, int) else None


def _account(user: dict[str, Any]) -> dict[str, Any]:
    kind = {"User": "person", "Bot": "service"}.get(str(user.get("type")))
    return {
        "account": said(user.get("login")),
        "account_uid": _uid(user),
        "kind": kind,
        "is_enabled": True,
        "can_sign_in": kind == "person" if kind else None,
        "last_used_known": False,
    }


def _member(user: dict[str, Any]) -> dict[str, Any]:
    return {
        "member": said(user.get("login")),
        "member_uid": _uid(user),
        "member_kind": "account",
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless a list of people or teams was refused."""
    needed = {ACCOUNTS.name: (_MEMBERS + " page", _OUTSIDE), GROUPS.name: (_ADMINS, "team")}
    found = state_covers(answers, started_at, needed)
    refused = "; ".join(each.refused for each in answers if each.name == _MEMBERS and each.refused)
    if refused:
        found[ACCOUNTS.name] = Cover(None, None, refused)
    return found
