"""What is needed to ask a connection: its connector, its settings and its secrets, opened."""

from cryptography.fernet import InvalidToken
from django.conf import settings

from reperform.accounts.sealing import CONNECTIONS, Sealer
from reperform.base.refusal import RefusalError
from reperform.connectors.contract import Connector
from reperform.connectors.registry import installed
from reperform.connectors.settings import Access
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.local import local_problems
from reperform.evidence.models import Connection


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
    return Access(row.settings, secrets, private=settings.PRIVATE_SOURCES)
