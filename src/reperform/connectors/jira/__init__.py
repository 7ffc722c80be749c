"""jira: a site of Jira Cloud: tickets that are incidents or changes, by what one says of them."""

from collections.abc import Iterator
from functools import partial

from reperform.connectors import days
from reperform.connectors.answer import Answer, Question
from reperform.connectors.calls import values_of
from reperform.connectors.contract import Asking, Check, Connector, Permission, Stream, looked
from reperform.connectors.jira import work
from reperform.connectors.jira.site import Site
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform.connectors.tickets import SETTINGS, sources

_INCIDENTS, _CHANGES = sources("jira", work.tickets, blind=work.BLIND)
_QUERIES = {_INCIDENTS.stream: "incidents_jql", _CHANGES.stream: "changes_jql"}
_BROWSE = "Browse projects"


def _questions(access: Access, asking: Asking) -> list[Question]:
    """Ask all history again, because what was written long ago is resolved today."""
    last = (asking.at - days.DAY).date()
    said = {"since": str(asking.since)} if asking.since else {}
    return [
        Question(
            stream,
            access.text("address"),
            partial(_ask, access, jql=access.text(name), asking=asking),
            {"last": str(last), **said},
        )
        for stream, name in _QUERIES.items()
        if access.text(name)
    ]


def _ask(access: Access, *, jql: str, asking: Asking) -> Iterator[Answer]:
    last = (asking.at - days.DAY).date()
    return work.ask(Site(access), jql, since=asking.since, last=last)


def _check(access: Access) -> Check:
    """Put each query, and say whether any project is seen: Jira hides others without a word."""
    site = Site(access)
    projects = site.projects()
    seen = [int(one.get("total") or 0) for one in values_of(projects)]
    named = (access.text(name) for name in _QUERIES.values())
    answers = [site.found(_BROWSE, jql) for jql in named if jql]
    reached = f"{site.api.system}: {sum(seen):,} projects"
    return Check(reached, (looked(_BROWSE, projects, *answers),))


CONNECTOR = Connector(
    name="jira",
    title="Jira Cloud",
    asks="Tickets that your queries find, with the history of their statuses: as incidents, and as"
    " changes with their approval. Neither descriptions nor comments are asked for.",
    blind="tickets that no query finds, or that the account may not see; what was agreed elsewhere",
    permissions=(Permission(_BROWSE, "of every project that the queries are about"),),
    settings=(
        Setting(
            "address",
            "Address",
            "of the site, as https://example.atlassian.net",
            SettingKind.ADDRESS,
        ),
        Setting("email", "Account", "the address of the account that the token is of"),
        Setting(
            "token",
            "API token",
            "made at id.atlassian.com, with the scope read:jira-work and no other",
            is_secret=True,
        ),
        Setting(
            "incidents_jql",
            "Incidents",
            "JQL that finds them, without ORDER BY, as: project = OPS AND type = Incident",
            is_required=False,
        ),
        Setting(
            "changes_jql",
            "Changes",
            "JQL that finds them, without ORDER BY, as: project = OPS AND type = Change",
            is_required=False,
        ),
        Setting(
            "severity_field",
            "Incidents: severity",
            "id of the field, as priority or customfield_10045; empty: nothing says it",
            is_required=False,
        ),
        Setting(
            "detected_field",
            "Incidents: when it was noticed",
            "id of a field with date and time, as customfield_10046; empty: nothing says it",
            is_required=False,
        ),
        *SETTINGS,
    ),
    streams=(
        Stream(_INCIDENTS, needs=work.NEEDS),
        Stream(_CHANGES, needs=work.NEEDS),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
