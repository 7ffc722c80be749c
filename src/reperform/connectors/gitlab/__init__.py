"""gitlab: a group of GitLab: who may do what, what protects its code, how it was changed."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from reperform.connectors import days
from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.calls import Request, values_of
from reperform.connectors.contract import Asking, Check, Connector, Permission, Stream, looked
from reperform.connectors.gitlab import access as people
from reperform.connectors.gitlab import audit, changes, deployments, projects, weaknesses
from reperform.connectors.gitlab.lab import Lab
from reperform.connectors.settings import Access, Setting, SettingKind

_WEAKNESSES = "gitlab/weaknesses"
_STATES = {"gitlab/access": people, "gitlab/projects": projects, _WEAKNESSES: weaknesses}
_EVENTS = {
    "gitlab/changes": changes,
    "gitlab/deployments": deployments,
    "gitlab/audit": audit,
}
_WHY = {
    "read_api": "scope: projects, members, merge requests, deployments",
    "Developer": "role: findings of scanners, where they are asked; it takes Ultimate",
    "Maintainer": "role: what protects branches, and how many must approve",
    "Owner": "role: audit events, which the free edition does not keep",
}


def _ask(access: Access, ask: Callable[[Lab], Iterator[Answer]]) -> Iterator[Answer]:
    yield from ask(Lab(access))


def _questions(access: Access, asking: Asking) -> list[Question]:
    target, reach = access.text("group"), partial(Lab, access)
    asked = [
        Question(stream, target, partial(_ask, access, part.ask))
        for stream, part in _STATES.items()
        if stream != _WEAKNESSES or access.settings.get("findings")
    ]
    for stream, part in _EVENTS.items():
        found = part.spans(asking, asking.cursor(stream, target))
        asked += days.questions(stream, target, found, reach, part.ask)
    return asked


def _check(access: Access) -> Check:
    """Look at the group, and at one thing that takes each role."""
    lab = Lab(access)
    one = (("per_page", "1"),)
    listed = lab.api.one("read_api", Request(f"{lab.base}/projects", one))
    findings = [looked("read_api", listed)]
    for project in values_of(listed):
        rules = Request(f"projects/{project.get('id')}/protected_branches", one)
        findings.append(looked("Maintainer", lab.api.one("Maintainer", rules)))
    events = lab.api.one("Owner", Request(f"{lab.base}/audit_events", one))
    return Check(lab.api.system, (*findings, looked("Owner", events)))


CONNECTOR = Connector(
    name="gitlab",
    title="GitLab",
    asks="One group with its subgroups and projects: members and their roles; what protects the"
    " default branches; merged changes with approvals and pipelines; deployments; audit events;"
    " findings of scanners.",
    blind="projects that the token cannot see; what jobs do",
    permissions=tuple(
        Permission(name, why, is_required=name == "read_api") for name, why in _WHY.items()
    ),
    settings=(
        Setting("group", "Group", "its full path, as in addresses of its projects: larkspur/core"),
        Setting(
            "token",
            "Access token",
            "of the group, with the scope read_api and the role Owner, or Maintainer",
            is_secret=True,
        ),
        Setting(
            "findings",
            "Ask for findings of scanners",
            "yes with GitLab Ultimate, where its scanners are what looks for weaknesses",
            SettingKind.FLAG,
            is_required=False,
        ),
        Setting(
            "address",
            "Address",
            "of GitLab itself, or of a server of your own",
            SettingKind.ADDRESS,
            default="https://gitlab.com",
        ),
    ),
    streams=tuple(
        Stream(
            Source(stream, part.TABLES, part.shape, part.covers, part.BLIND),
            needs=part.NEEDS,
            cursor=days.last_day if stream in _EVENTS else None,
        )
        for stream, part in chain(_STATES.items(), _EVENTS.items())
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
