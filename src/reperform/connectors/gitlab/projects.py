"""gitlab/projects: each project, and what protects its default branch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Request
from reperform.connectors.gitlab.lab import PROJECTS, Lab
from reperform.connectors.gitlab.tables import BRANCHES
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, objects, of, truth, whole

ASSETS = POPULATIONS["population.assets"]
TABLES = (ASSETS, BRANCHES)
NEEDS = ("read_api", "Maintainer")
BLIND = (
    "branches other than the default one; push rules; what a rule was at other moments; projects "
    "that the token cannot see"
)
_RULES, _APPROVALS, _SETTINGS = "branches of ", "approval rules of ", "approval settings of "


def ask(lab: Lab) -> Iterator[Answer]:
    """Yield the projects, and of each the protected branches, approval rules and settings."""
    yield lab.api.observed()
    uids: list[int] = []
    for answer, projects in lab.projects():
        uids += [int(project["id"]) for project in projects]
        yield answer
    for uid in uids:
        yield from lab.listed(f"{_RULES}{uid}", f"projects/{uid}/protected_branches")
        yield from lab.listed(f"{_APPROVALS}{uid}", f"projects/{uid}/approval_rules")
        yield lab.api.one(f"{_SETTINGS}{uid}", Request(f"projects/{uid}/approvals"))


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an asset, and the protection of its default branch, for each project."""
    found = Said(answers)
    for kept, project in found.once(PROJECTS, "id"):
        visibility = project.get("visibility")
        yield found.row(
            ASSETS.name,
            kept,
            asset_uid=said(str(project["id"])),
            name=said(project["path_with_namespace"]),
            kind="repository",
            is_public=visibility == "public" if isinstance(visibility, str) else None,
            created_at=moment(project.get("created_at")),
        )
        yield found.row(
            BRANCHES.name,
            kept,
            project=said(project["path_with_namespace"]),
            branch=said(project.get("default_branch")),
            **_protection(found, project),
            **_approval(found, project),
        )


def _protection(found: Said, project: dict[str, Any]) -> dict[str, Any]:
    """Return what the rules for the default branch say: the one that allows most counts."""
    name, branch = f"{_RULES}{project['id']}", project.get("default_branch")
    if not found.has(name) or not isinstance(branch, str):
        return {}
    rules = [one for _, one in found.each(name) if fnmatchcase(branch, str(one["name"]))]
    pushers = [
        each.get("access_level") != 0
        for rule in rules
        for each in objects(rule.get("push_access_levels"))
    ]
    return {
        "is_protected": bool(rules),
        "allows_push": any(pushers) if rules else True,
        "allows_force_push": any(one.get("allow_force_push") is not False for one in rules)
        if rules
        else True,
        "requires_code_owners": any(
            one.get("code_owner_approval_required") is True for one in rules
        ),
    }


def _approval(found: Said, project: dict[str, Any]) -> dict[str, Any]:
    rules_name, settings_name = (f"{name}{project['id']}" for name in (_APPROVALS, _SETTINGS))
    settings = next((one for _, one in found.each(settings_name)), None)
    demanded = [
        whole(one.get("approvals_required")) or 0
        for _, one in found.each(rules_name)
        if _holds(one, project.get("default_branch"))
    ]
    forbids = truth(of(settings, "disable_overriding_approvers_per_merge_request"))
    committers = truth(of(settings, "merge_requests_disable_committers_approval"))
    return {
        "required_approvals": max(demanded, default=0) if found.has(rules_name) else None,
        "dismisses_stale": truth(of(settings, "reset_approvals_on_push")),
        "author_may_approve": truth(of(settings, "merge_requests_author_approval")),
        "committer_may_approve": None if committers is None else not committers,
        "may_lower_approvals": None if forbids is None else not forbids,
        "requires_checks": truth(project.get("only_allow_merge_if_pipeline_succeeds")),
    }


def _holds(rule: dict[str, Any], branch: object) -> bool:
    """Return whether a rule holds for a branch: one that names no branches holds for all."""
    named = [str(one.get("name")) for one in objects(rule.get("protected_branches"))]
    return not named or any(fnmatchcase(str(branch), name) for name in named)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a branch whose rules were refused has NULL there."""
    needed = {ASSETS.name: (PROJECTS,), BRANCHES.name: (PROJECTS,)}
    return state_covers(answers, started_at, needed)
