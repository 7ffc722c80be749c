"""What is needed to ask a connection: its connector, its settings and its secrets, opened."""

from functools import partial

from cryptography.fernet import InvalidToken
from django.conf import settings

from reperform.accounts.sealing import CONNECTIONS, Sealer
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.connectors.contract import Connector
from reperform.connectors.folder import BROUGHT
from reperform.connectors.registry import installed
from reperform.connectors.settings import SLUG, Access
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.local import local_problems
from reperform.evidence.models import Connection
from reperform.program.models import KeptFile
from reperform.program.queries.files import file_content

READABLE_WITH = "connections.view"
"""Permission that lets somebody read a file that was brought to a connection."""


class ConnectorMissingError(RefusalError):
    """A connection's connector is not installed."""

    slug = "connector-missing"


class SecretLostError(RefusalError):
    """A connection's secrets cannot be opened."""

    slug = "secret-lost"


def connector_of(row: Connection) -> Connector:
    """Return the connector that a connection is asked by.

    Raises:
        ConnectorMissingError: it is not installed any more.
    """
    found = installed()
    if row.connector not in found.connectors:
        reason = found.left_out.get(row.connector, "nothing of that name is installed")
        raise ConnectorMissingError(
            f"connection {row.number} was not asked: connector {row.connector}: {reason}",
            why="Another connector would bring other evidence.",
            todo="install it again, or retire the connection",
        )
    return found.connectors[row.connector]


def access_of(row: Connection) -> Access:
    """Return how a connection's source is reached; the caller shows its secrets to nobody.

    Raises:
        ConnectorMissingError: its connector is not installed any more.
        ConnectionNotKeptError: it would read what is not open to connections any more.
        SecretLostError: the server's secret is another one by now.
    """
    problems = local_problems(connector_of(row), row.settings, allowed=settings.LOCAL_SOURCES)
    if problems:
        raise ConnectionNotKeptError(problems)
    sealer = Sealer(settings.SECRET_KEY, f"{CONNECTIONS} {row.organization.log}")
    try:
        secrets = {name: sealer.open(sealed) for name, sealed in row.sealed_secrets.items()}
    except InvalidToken:
        raise SecretLostError(
            f"connection {row.number} was not asked: its secrets cannot be opened",
            why="They were sealed under another secret of the server than it has now.",
            todo="restore server.secret from the backup, or enter the connection's secrets again",
        ) from None
    return Access(
        row.settings,
        secrets,
        private=settings.PRIVATE_SOURCES,
        files={each.name: partial(file_content, each) for each in brought_files(row)},
        reference=f"CON-{row.number}",
    )


def brought_files(row: Connection) -> list[KeptFile]:
    """Return the files that people brought to a connection, in the order of their names.

    Raises:
        ConnectionNotKeptError: its settings name one that was not brought to a connection.
    """
    named = [str(each) for each in row.settings.get(BROUGHT) or ()]
    if not named:
        return []
    numbers = [int(each) for each in named if each.isascii() and each.isdecimal()]
    found = KeptFile.objects.filter(
        organization=row.organization, number__in=numbers, readable_with=READABLE_WITH
    ).order_by("name")
    if len(found) != len(named):
        what = "names a file that was not brought to a connection"
        raise ConnectionNotKeptError(
            [Problem(BROUGHT, what, "bring files on the page Files", SLUG)]
        )
    return list(found)
