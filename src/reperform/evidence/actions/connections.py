"""Making, changing, checking and retiring a connection."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from reperform.accounts.models import Organization
from reperform.accounts.sealing import CONNECTIONS, Sealer
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.stale import StaleVersionError
from reperform.connectors.answer import NotCollectedError
from reperform.connectors.contract import Check, Connector, checked
from reperform.connectors.settings import SLUG
from reperform.evidence.connection import (
    ConnectionFields,
    ConnectionNotKeptError,
    connection_content,
)
from reperform.evidence.discreet import without_secrets
from reperform.evidence.job import JobState
from reperform.evidence.local import local_problems
from reperform.evidence.models import Connection, Job
from reperform.evidence.queries.access import access_of, connector_of
from reperform.evidence.queries.connections import connection_fields
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, next_number

_RETIRED = "the connection was retired before it was asked"


@transaction.atomic
def make_connection(
    *,
    organization: Organization,
    connector: Connector,
    fields: ConnectionFields,
    by: str,
    at: datetime,
) -> Connection:
    """Keep a connection; its secrets are sealed, and never shown again.

    Args:
        organization: whose source it is.
        connector: by which it is asked.
        fields: title, settings, secrets.
        by: who makes it.
        at: when.

    Raises:
        ConnectionNotKeptError: the title is taken, or it would read what is not open to it.
    """
    lock(organization)
    row = Connection(
        organization=organization,
        number=next_number(Connection, organization),
        connector=connector.name,
        version=0,
    )
    _write(row, connector, fields, by=by, at=at)
    record(
        log=organization.log,
        act="connection.made",
        by=by,
        at=at,
        subject=f"connection {row.number}",
        after={"connector": connector.name} | connection_content(fields) | _given(fields),
    )
    return row


@transaction.atomic
def change_connection(
    *,
    organization: Organization,
    number: int,
    fields: ConnectionFields,
    seen: int,
    by: str,
    at: datetime,
) -> Connection:
    """Change a connection; secrets that are not given stay.

    Args:
        organization: whose source it is.
        number: of the connection, which exists.
        fields: everything anew but secrets.
        seen: the version that is changed.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ConnectionNotKeptError: as `make_connection`, or it is retired.
        ConnectorMissingError: its connector is not installed any more.
    """
    lock(organization)
    row = Connection.objects.get(organization=organization, number=number)
    _refuse_stale(row, seen=seen)
    _refuse_retired(row)
    old = connection_fields(row)
    if old == fields and not fields.secrets:
        return row
    before, after = difference(connection_content(old), connection_content(fields))
    _write(row, connector_of(row), fields, by=by, at=at)
    record(
        log=organization.log,
        act="connection.changed",
        by=by,
        at=at,
        subject=f"connection {number}",
        before=before,
        after=after | _given(fields),
    )
    return row


@transaction.atomic
def retire_connection(
    *,
    organization: Organization,
    number: int,
    reason: str,
    seen: int,
    on: date,
    by: str,
    at: datetime,
) -> Connection:
    """Ask a source no more: its secrets are forgotten, what it brought stays.

    Args:
        organization: whose source it is.
        number: of the connection, which exists.
        reason: why; not empty.
        seen: the version that is retired.
        on: the day.
        by: who retires it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ConnectionNotKeptError: it is retired already, or there is no reason that can be read.
    """
    lock(organization)
    row = Connection.objects.get(organization=organization, number=number)
    _refuse_stale(row, seen=seen)
    _refuse_retired(row)
    reader = Reader({"reason": reason}, SLUG)
    said = reader.text("reason", needed="say why it is asked no more")
    if reader.problems:
        raise ConnectionNotKeptError(reader.problems)
    row.retired_on, row.retired_reason, row.sealed_secrets = on, said, {}
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
    waiting = Job.objects.filter(connection=row, state=JobState.WAITING.value)
    waiting.update(state=JobState.MISSED.value, reason=_RETIRED, ended_at=at)
    record(
        log=organization.log,
        act="connection.retired",
        by=by,
        at=at,
        subject=f"connection {number}",
        before={"retired_on": None},
        after={"retired_on": on.isoformat(), "reason": row.retired_reason},
    )
    return row


def check_connection(
    *, organization: Organization, number: int, by: str, at: datetime
) -> Connection:
    """Make the connector's cheap call, and keep what it showed of reach and permissions.

    Args:
        organization: whose source it is.
        number: of the connection, which exists.
        by: who asks.
        at: when.

    Raises:
        ConnectionNotKeptError: it is retired, or would read what is not open to it.
        ConnectorMissingError: its connector is not installed any more.
        SecretLostError: its secrets cannot be opened any more.
    """
    row = Connection.objects.get(organization=organization, number=number)
    _refuse_retired(row)
    connector, access = connector_of(row), access_of(row)
    try:
        found = _check_content(checked(connector, access))
    except NotCollectedError as error:
        found = {"reached": "", "failure": without_secrets(error, access).what, "findings": []}
    return _keep_check(row, found, by=by, at=at)


@transaction.atomic
def _keep_check(row: Connection, found: dict[str, Any], *, by: str, at: datetime) -> Connection:
    lock(row.organization)
    row = Connection.objects.get(pk=row.pk)
    row.checked, row.checked_at = found, at
    row.save(update_fields=["checked", "checked_at"])
    record(
        log=row.organization.log,
        act="connection.checked",
        by=by,
        at=at,
        subject=f"connection {row.number}",
        after=found,
    )
    return row


def _check_content(found: Check) -> dict[str, Any]:
    findings = [
        {"permission": each.permission, "grant": each.grant.value, "said": each.said}
        for each in found.findings
    ]
    return {"reached": found.reached, "failure": "", "findings": findings}


def _write(
    row: Connection, connector: Connector, fields: ConnectionFields, *, by: str, at: datetime
) -> None:
    """Write the fields into a row; the caller holds the organization's lock and records it."""
    problems = local_problems(connector, fields.settings, allowed=settings.LOCAL_SOURCES)
    if problems:
        raise ConnectionNotKeptError(problems)
    same = Connection.objects.filter(
        organization=row.organization, title=fields.title, retired_on=None
    )
    if same.exclude(pk=row.pk).exists():
        raise _refused("title", "is taken", "choose another")
    row.title, row.settings, row.since = fields.title, dict(fields.settings), fields.since
    sealer = Sealer(settings.SECRET_KEY, f"{CONNECTIONS} {row.organization.log}")
    sealed = {name: sealer.seal(secret) for name, secret in fields.secrets.items()}
    row.sealed_secrets = row.sealed_secrets | sealed
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _given(fields: ConnectionFields) -> dict[str, Any]:
    """Return which secrets were given, for the ledger; never what they are."""
    return {"secrets_changed": sorted(fields.secrets)} if fields.secrets else {}


def _refuse_stale(row: Connection, *, seen: int) -> None:
    """Refuse to change a version that was not seen; what stands is told without its secrets."""
    if row.version != seen:
        raise StaleVersionError(
            f"connection {row.number}",
            seen=seen,
            current=row.version,
            by=row.changed_by,
            content=connection_content(connection_fields(row)),
        )


def _refuse_retired(row: Connection) -> None:
    if row.retired_on:
        raise _refused("connection", f"{row.number} is retired", "make another one")


def _refused(where: str, what: str, todo: str) -> ConnectionNotKeptError:
    return ConnectionNotKeptError([Problem(where, what, todo, SLUG)])
