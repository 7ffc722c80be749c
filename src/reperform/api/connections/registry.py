"""Connections, for programs: listed, made, changed and retired."""

from typing import Any

from django.http import Http404
from ninja import Router, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.api.connections.shapes import (
    ConnectionChangeIn,
    ConnectionIn,
    ConnectionOut,
    ConnectionRetirementIn,
    ConnectorOut,
)
from reperform.base.problem import Problem
from reperform.connectors.describe import described
from reperform.connectors.registry import installed
from reperform.connectors.settings import SLUG
from reperform.evidence.actions.connections import (
    change_connection,
    make_connection,
    retire_connection,
)
from reperform.evidence.connection import read_connection
from reperform.evidence.models import Connection
from reperform.evidence.queries.access import connector_of
from reperform.evidence.queries.connections import connection_row, connection_rows

connectors = Router()
router = Router()


def found(request: ApiRequest, number: int) -> Connection:
    """Return the connection that the path names.

    Raises:
        Http404: the organization has none of that number.
    """
    row = connection_row(request.auth.organization, number)
    if row is None:
        raise Http404
    return row


@connectors.get("", response=list[ConnectorOut], auth=takes("connections.view"))
def list_connectors(request: ApiRequest) -> list[dict[str, Any]]:  # noqa: ARG001 - ninja's form
    """List the connectors that are installed, and all that each declares."""
    return [described(each) for each in installed().connectors.values()]


@router.get("", response=Page[ConnectionOut], auth=takes("connections.view"))
def list_connections(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the connections by number, the retired ones too."""
    return paged(connection_rows(request.auth.organization), offset, limit, ConnectionOut.of)


@router.post("", response={201: ConnectionOut, 422: Refused}, auth=takes("connections.edit"))
def make(request: ApiRequest, body: ConnectionIn) -> Status[ConnectionOut]:
    """Make a connection; its secrets are sealed, and never answered."""
    connector = installed().connectors.get(body.connector)
    if connector is None:
        todo = "take a name from GET /connectors"
        raise ContentRefusedError([Problem("connector", "is not installed", todo, SLUG)])
    fields, problems = read_connection(connector, body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = make_connection(
        organization=request.auth.organization,
        connector=connector,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, ConnectionOut.of(made))


@router.get("/{int:number}", response=ConnectionOut, auth=takes("connections.view"))
def read(request: ApiRequest, number: int) -> ConnectionOut:
    """Return one connection."""
    return ConnectionOut.of(found(request, number))


@router.put(
    "/{int:number}",
    response={200: ConnectionOut, 409: Refused, 422: Refused},
    auth=takes("connections.edit"),
)
def change(request: ApiRequest, number: int, body: ConnectionChangeIn) -> ConnectionOut:
    """Change a connection; a secret that is left out stays."""
    row = found(request, number)
    fields, problems = read_connection(connector_of(row), body.content, kept=row.sealed_secrets)
    if problems:
        raise ContentRefusedError(problems)
    changed = change_connection(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ConnectionOut.of(changed)


@router.post(
    "/{int:number}/retirement",
    response={200: ConnectionOut, 409: Refused, 422: Refused},
    auth=takes("connections.edit"),
)
def retire(request: ApiRequest, number: int, body: ConnectionRetirementIn) -> ConnectionOut:
    """Ask a source no more: its secrets are forgotten, what it brought stays."""
    found(request, number)
    retired = retire_connection(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        seen=body.seen,
        on=request.auth.at.date(),
        by=request.auth.name,
        at=request.auth.at,
    )
    return ConnectionOut.of(retired)
