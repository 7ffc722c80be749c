"""github: an organization of GitHub: who is in it, what protects its code, how it was changed."""

from collections.abc import Callable, Iterator
from functools import partial

from reperform.connectors import days
from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Permission,
    Stream,
    looked,
)
from reperform.connectors.github import access as people
from reperform.connectors.github import (
    alerts,
    audit,
    changes,
    deployments,
    repositories,
    rulesets,
)
from reperform.connectors.github.hub import Hub
from reperform.connectors.settings import Access, Setting, SettingKind

_PEOPLE = Source("github/access", people.TABLES, people.shape, people.covers, people.BLIND)
_REPOSITORIES = Source(
    "github/repositories",
    repositories.TABLES,
    repositories.shape,
    repositories.covers,
    repositories.BLIND,
)
_CHANGES = Source("github/changes", changes.TABLES, changes.shape, changes.covers, changes.BLIND)
_ALERTS = Source("github/alerts", alerts.TABLES, alerts.shape, alerts.covers, alerts.BLIND)
_RULESETS = Source(
    "github/rulesets", rulesets.TABLES, rulesets.shape, rulesets.covers, rulesets.BLIND
)
_DEPLOYMENTS = Source(
    "github/deployments",
    deployments.TABLES,
    deployments.shape,
    deployments.covers,
    deployments.BLIND,
)
_AUDIT = Source("github/audit", audit.TABLES, audit.shape, audit.covers, audit.BLIND)

_WHY = {
    "Metadata: read": "the repositories, and the rulesets of their branches",
    "Members: read": "members and teams; whether they have a second factor is shown to owners only",
    "Administration: read": "what protects the default branches",
    "Pull requests: read": "merged pull requests and their reviews",
    "Deployments: read": "what was deployed, and whether it went well",
    "Organization administration: read": "the audit log, where it is asked",
    "Checks: read": "whether checks passed",
    "Commit statuses: read": "whether statuses passed",
    "Dependabot alerts: read": "vulnerable dependencies",
    "Code scanning alerts: read": "findings in the code",
    "Secret scanning alerts: read": "secrets in the code, without the secrets",
}


def _questions(access: Access, asking: Asking) -> list[Question]:
    owner = access.text("owner")
    states = (
        (_PEOPLE, people.ask),
        (_REPOSITORIES, repositories.ask),
        (_RULESETS, rulesets.ask),
        (_ALERTS, alerts.ask),
    )
    asked = [_question(source.stream, owner, access, ask) for source, ask in states]
    reach = partial(Hub, access)
    events = [(_CHANGES, changes), (_DEPLOYMENTS, deployments)]
    for source, part in [*events, (_AUDIT, audit)] if access.settings.get("audit_log") else events:
        found = part.spans(asking, asking.cursor(source.stream, owner))
        asked += days.questions(source.stream, owner, found, reach, part.ask)
    return asked


def _question(
    stream: str,
    owner: str,
    access: Access,
    ask: Callable[[Hub], Iterator[Answer]],
) -> Question:
    return Question(stream, owner, lambda: ask(Hub(access)))


def _check(access: Access) -> Check:
    """List the repositories, and look at one thing of each kind in the first of them."""
    hub = Hub(access)
    listed = list(hub.repositories())
    named = [found for _, each in listed for found in each]
    findings = [looked("Metadata: read", *(answer for answer, _ in listed))]
    findings.append(looked("Members: read", hub.one("members", f"orgs/{hub.owner}/members")))
    if named:
        base = f"repos/{hub.owner}/{named[0].get('name')}"
        tried = {
            "Pull requests: read": "pulls?per_page=1",
            "Deployments: read": "deployments?per_page=1",
            "Dependabot alerts: read": "dependabot/alerts?per_page=1",
        }
        for permission, path in tried.items():
            findings.append(looked(permission, hub.one(permission, f"{base}/{path}")))
    return Check(f"{hub.system}: {len(named):,} repositories", tuple(findings))


CONNECTOR = Connector(
    name="github",
    title="GitHub",
    asks="One organization: members, teams and second factors; repositories and what protects their"
    " default branches; merged pull requests with reviews and checks; deployments; alerts; the"
    " audit log, where there is one.",
    blind="repositories that the token cannot see; what happens outside pull requests; Actions and"
    " what they may do",
    permissions=tuple(
        Permission(name, why, is_required=name == "Metadata: read") for name, why in _WHY.items()
    ),
    settings=(
        Setting("owner", "Organization", "its name as it stands in addresses of its repositories"),
        Setting(
            "repositories",
            "Repositories",
            "one name on each line; empty for all of the organization that the token can see",
            SettingKind.LINES,
            is_required=False,
        ),
        Setting(
            "token",
            "Token",
            "a fine-grained personal access token, or an installation's, with these permissions",
            is_secret=True,
        ),
        Setting(
            "audit_log",
            "Ask the audit log",
            "yes with GitHub Enterprise Cloud, whose organizations have one that can be asked",
            SettingKind.FLAG,
            is_required=False,
        ),
        Setting(
            "address",
            "Address of the interface",
            "of GitHub itself, or https://HOST/api/v3 of a server of your own",
            SettingKind.ADDRESS,
            default="https://api.github.com",
        ),
    ),
    streams=(
        Stream(_PEOPLE, needs=people.NEEDS),
        Stream(_REPOSITORIES, needs=repositories.NEEDS),
        Stream(_ALERTS, needs=alerts.NEEDS),
        Stream(_RULESETS, needs=rulesets.NEEDS),
        Stream(_CHANGES, needs=changes.NEEDS, cursor=days.last_day),
        Stream(_DEPLOYMENTS, needs=deployments.NEEDS, cursor=days.last_day),
        Stream(_AUDIT, needs=audit.NEEDS, cursor=days.last_day),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
