"""The list of connections, and one made, changed or retired."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.connectors.contract import Connector
from reperform.connectors.registry import installed
from reperform.evidence.actions.connections import (
    change_connection,
    make_connection,
    retire_connection,
)
from reperform.evidence.connection import (
    ConnectionFields,
    ConnectionNotKeptError,
    read_connection,
)
from reperform.evidence.models import Connection
from reperform.evidence.queries.access import connector_of
from reperform.evidence.queries.connections import connection_row, connections
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.connections.forms import (
    RETIRE,
    asked_of_connection,
    content_of,
    defaults_of,
    shown_of,
)
from reperform.web.page import PageRequest, page


def found_connection(request: PageRequest, number: int) -> Connection:
    """Return the connection that the address names.

    Raises:
        Http404: the organization has none of that number.
    """
    row = connection_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


@page("connections.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show the connections, each with its newest run and its last check."""
    found, known = connections(request.visitor.organization), installed().connectors
    return render(
        request,
        "web/connections/connections.html",
        {
            "listed": [(each, known.get(each.connection.connector)) for each in found],
            "in_use": sum(not each.connection.retired_on for each in found),
        },
    )


@page("connections.edit")
def choose(request: PageRequest) -> HttpResponse:
    """Show every connector that is installed: what it asks, needs and cannot see."""
    found = installed()
    connectors = sorted(found.connectors.values(), key=lambda each: each.title.casefold())
    context = {"connectors": connectors, "left_out": found.left_out.items()}
    return render(request, "web/connections/choose.html", context)


@page("connections.edit", post="connections.edit")
def new(request: PageRequest, connector: str) -> HttpResponse:
    """Make a connection."""
    chosen = installed().connectors.get(connector)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return _form(request, chosen, None, defaults_of(chosen))
    organization, said = request.visitor.organization, sent(request, asked_of_connection(chosen))
    fields, problems = read_connection(chosen, content_of(said))
    if not problems:
        try:
            made = make_connection(
                organization=organization,
                connector=chosen,
                fields=fields,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ConnectionNotKeptError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"{made.title} is kept as CON-{made.number}: test it now.")
            return redirect("connection", organization=organization.slug, number=made.number)
    return _form(request, chosen, None, said, problems=problems)


@page("connections.edit", post="connections.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change a connection; secrets that are left empty stay."""
    organization, row = request.visitor.organization, found_connection(request, number)
    connector = connector_of(row)
    stands = {"title": row.title, "since": row.since, **row.settings}
    if request.method != "POST":
        return _form(request, connector, row, stands, seen=row.version)
    asked = asked_of_connection(connector, row.sealed_secrets)
    said, seen = sent(request, asked), seen_version(request)
    fields, problems = read_connection(connector, content_of(said), kept=row.sealed_secrets)
    more: dict[str, Any] = {}
    if not problems:
        try:
            _change(request, number, fields, seen)
        except ConnectionNotKeptError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": lines(asked, stands)}, stale.current
        else:
            messages.success(request, f"{fields.title}: saved.")
            return redirect("connection", organization=organization.slug, number=number)
    return _form(request, connector, row, said, seen=seen, problems=problems, **more)


def _change(request: PageRequest, number: int, fields: ConnectionFields, seen: int) -> None:
    change_connection(
        organization=request.visitor.organization,
        number=number,
        fields=fields,
        seen=seen,
        by=request.visitor.name,
        at=request.visitor.at,
    )


@page("connections.edit", post="connections.edit")
def retire(request: PageRequest, number: int) -> HttpResponse:
    """Ask a source no more, and forget its secrets."""
    row = found_connection(request, number)
    said, seen = sent(request, RETIRE), seen_version(request)
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        try:
            retire_connection(
                organization=request.visitor.organization,
                number=number,
                reason=said["reason"],
                seen=seen,
                on=request.visitor.at.date(),
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ConnectionNotKeptError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            stands = [("Retired", f"{row.retired_on or 'no'}. {row.retired_reason}".strip())]
            more = {"stale": stale, "theirs": [("Title", row.title), *stands]}
        else:
            messages.success(request, f"{row.title} is retired; its secrets are forgotten.")
            slug = request.visitor.organization.slug
            return redirect("connection", organization=slug, number=number)
    context = {
        "connection": row,
        "fields": form_fields(RETIRE, said, problems),
        "problems": named(problems, RETIRE),
        "seen": row.version,
        **more,
    }
    status = 409 if more else 422 if problems else 200
    return render(request, "web/connections/retire.html", context, status=status)


def _form(
    request: PageRequest,
    connector: Connector,
    row: Connection | None,
    said: Mapping[str, Any],
    *,
    seen: int = 0,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    asked = asked_of_connection(connector, row.sealed_secrets if row else ())
    context = {
        "connection": row,
        "connector": connector,
        "fields": form_fields(asked, shown_of(connector, said), problems or ()),
        "problems": named(problems or (), asked),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/connections/form.html", context, status=status)
