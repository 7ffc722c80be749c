"""A connection as a value: what somebody says of it, and what is wrong with that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.refusal import RefusalError
from reperform.connectors.contract import Connector
from reperform.connectors.settings import SLUG, Access, read_settings

LONGEST_TITLE = 200
LONGEST_REASON = 2_000


class ConnectionNotKeptError(RefusalError):
    """A connection cannot be kept or asked as it stands."""

    slug = "connection-not-kept"

    def __init__(self, problems: list[Problem]) -> None:
        """Say what is wrong, each in its place."""
        self.problems = problems
        super().__init__(
            f"nothing was changed: {'; '.join(f'{each.where} {each.what}' for each in problems)}",
            why="A connection that asks something else than is meant brings other evidence.",
            todo=[f"{each.where}: {each.todo}" for each in problems],
        )


@dataclass(frozen=True, slots=True)
class ConnectionFields:
    """What somebody says of a connection.

    Attributes:
        title: its name among the organization's connections.
        settings: JSON values by name, each of the connector's settings that is no secret.
        secrets: the new ones, by name; one that is left out stays as it is.
        since: first day wanted of what has a history; None for all that there is.
    """

    title: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    since: date | None = None

    @property
    def access(self) -> Access:
        """Return how the source is reached, with these secrets."""
        return Access(self.settings, self.secrets)


def read_connection(
    connector: Connector, content: Mapping[str, Any], *, kept: Collection[str] = ()
) -> tuple[ConnectionFields, list[Problem]]:
    """Return what a form or an API's body says of a connection, and what is wrong with it.

    Args:
        connector: of the connection.
        content: `title`, `since`, and `settings`: by name, those that are secrets too.
        kept: names of the secrets that are kept already: empty keeps each of them.
    """
    reader = Reader(content, SLUG)
    reader.refuse_others(("title", "since", "settings"), "a connection")
    title = reader.line("title", needed="say which one it is", longest=LONGEST_TITLE)
    since = reader.day("since")
    said = content.get("settings") or {}
    if not isinstance(said, Mapping):
        reader.problem("settings", "is not an object", "give settings by their names")
        said = {}
    access, problems = read_settings(connector.settings, said, kept=kept)
    fields = ConnectionFields(title, access.settings, access.secrets, since)
    return fields, [*reader.problems, *problems]


def connection_content(fields: ConnectionFields) -> dict[str, Any]:
    """Return what the ledger, a form and the API say of a connection: everything but secrets."""
    return {
        "title": fields.title,
        "since": fields.since.isoformat() if fields.since else None,
        **{f"settings.{name}": value for name, value in fields.settings.items()},
    }
