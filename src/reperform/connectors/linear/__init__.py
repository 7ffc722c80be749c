"""linear: a workspace of Linear: tickets that are incidents or changes, by their labels."""

from collections.abc import Iterator
from functools import partial

from reperform.connectors import days
from reperform.connectors.answer import Answer, Question
from reperform.connectors.contract import Asking, Check, Connector, Permission, Stream, looked
from reperform.connectors.linear import work
from reperform.connectors.linear.workspace import Workspace
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform.connectors.tickets import SETTINGS, sources

_INCIDENTS, _CHANGES = sources("linear", work.tickets, blind=work.BLIND)
_LABELS = {_INCIDENTS.stream: "incident_labels", _CHANGES.stream: "change_labels"}
_READ = "Read"


def _questions(access: Access, asking: Asking) -> list[Question]:
    """Ask all history again, because what was written long ago is resolved today."""
    said = {"since": str(asking.since)} if asking.since else {}
    last = str((asking.at - days.DAY).date())
    return [
        Question(
            stream,
            access.text("workspace"),
            partial(_ask, access, name, asking),
            {"last": last, **said},
        )
        for stream, name in _LABELS.items()
        if access.lines(name)
    ]


def _ask(access: Access, name: str, asking: Asking) -> Iterator[Answer]:
    last = (asking.at - days.DAY).date()
    yield from work.ask(Workspace(access), access.lines(name), since=asking.since, last=last)


def _check(access: Access) -> Check:
    linear = Workspace(access)
    return Check(linear.api.system, (looked(_READ, linear.viewer(_READ)),))


CONNECTOR = Connector(
    name="linear",
    title="Linear",
    asks="Tickets that have your labels, with the history of their statuses: as incidents, and as"
    " changes with their approval. Neither descriptions nor comments are asked for.",
    blind="tickets without the labels, or that the key may not see; what was agreed elsewhere",
    permissions=(Permission(_READ, "of the teams whose tickets they are"),),
    settings=(
        Setting("workspace", "Workspace", "its name as it stands in addresses: linear.app/NAME"),
        Setting(
            "key",
            "API key",
            "made under Security and access, with the permission Read and no other",
            is_secret=True,
        ),
        Setting(
            "incident_labels",
            "Incidents: which tickets",
            "the labels of which they have one, one on each line, written as in Linear",
            SettingKind.LINES,
            is_required=False,
        ),
        Setting(
            "change_labels",
            "Changes: which tickets",
            "the labels of which they have one, one on each line, written as in Linear",
            SettingKind.LINES,
            is_required=False,
        ),
        Setting(
            "is_priority_severity",
            "Incidents: the priority is the severity",
            "yes, when your people set it so; else nothing says how severe one is",
            SettingKind.FLAG,
            is_required=False,
        ),
        *SETTINGS,
        Setting(
            "address",
            "Address of the interface",
            "leave it, unless you call Linear through a gateway of your own",
            SettingKind.ADDRESS,
            default="https://api.linear.app/graphql",
        ),
    ),
    streams=(
        Stream(_INCIDENTS, needs=work.NEEDS),
        Stream(_CHANGES, needs=work.NEEDS),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
