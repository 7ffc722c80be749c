"""The mapping of a list: tried on the files that are there, then kept as a setting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.base.table import Column, TableSpec, Type
from reperform.connectors.contract import Asking
from reperform.connectors.lists import CONNECTOR
from reperform.connectors.lists.reading import PREFIX
from reperform.connectors.lists.rules import FIXED
from reperform.connectors.lists.trial import Trial, tried
from reperform.connectors.populations import TABLES
from reperform.evidence.actions.connections import change_connection
from reperform.evidence.connection import ConnectionFields, ConnectionNotKeptError
from reperform.evidence.models import Connection
from reperform.evidence.queries.access import access_of
from reperform.web.asked import Asked, form_fields, seen_version, sent
from reperform.web.connections.registry import found_connection
from reperform.web.page import PageRequest, page

_HOW = {
    Type.TEXT: "mail | lower",
    Type.INTEGER: "size",
    Type.BOOLEAN: "disk | yes: On; no: Off",
    Type.DATE: "hired | DD-MM-YYYY",
    Type.TIMESTAMP: "left | DD-MM-YYYY end only",
}


@page("connections.edit", post="connections.edit")
def mapping(request: PageRequest, number: int) -> HttpResponse:
    """Show the first rows of the files and what the mapping makes of them; keep it.

    A connection that is no list, or is retired, has none: its own page is shown.
    """
    row, slug = found_connection(request, number), request.visitor.organization.slug
    if row.connector != CONNECTOR.name or row.retired_on:
        return redirect("connection", organization=slug, number=number)
    spec = TABLES[f"{PREFIX}{row.settings['table']}"]
    asked = tuple(_asked(each) for each in spec.columns if each.name not in FIXED)
    stands = list(row.settings.get("mapping") or ())
    lines, said = stands, _said(asked, stands)
    if request.method == "POST":
        said = {name: str(value).strip() for name, value in sent(request, asked).items()}
        lines = [f"{name} = {value}" for name, value in said.items() if value]
    more: dict[str, Any] = {"seen": row.version}
    try:
        trial = tried(access_of(row), Asking(request.visitor.at, row.since), lines)
        if request.POST.get("do") == "save" and not trial.flaw:
            _keep(request, row, lines)
            messages.success(request, "The mapping is kept. Collect now.")
            return redirect("connection", organization=slug, number=number)
    except ConnectionNotKeptError as refusal:
        trial = Trial("; ".join(f"{each.where} {each.what}" for each in refusal.problems))
    except StaleVersionError as stale:
        trial = Trial()
        more = {"stale": stale, "theirs": [("Mapping", "\n".join(stands))], "seen": stale.current}
    return _shown(request, row, spec, trial, fields=form_fields(asked, said), **more)


def _shown(
    request: PageRequest,
    row: Connection,
    spec: TableSpec,
    trial: Trial,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    what = Problem("mapping", trial.flaw, "correct it", "connection-setting")
    context = {
        "connection": row,
        "spec": spec,
        "trial": trial,
        "problems": [("Mapping", what)] if trial.flaw else [],
        **more,
    }
    status = 409 if "stale" in more else 422 if trial.flaw and request.method == "POST" else 200
    return render(request, "web/connections/mapping.html", context, status=status)


def _keep(request: PageRequest, row: Connection, lines: list[str]) -> None:
    fields = ConnectionFields(row.title, {**row.settings, "mapping": lines}, {}, row.since)
    change_connection(
        organization=request.visitor.organization,
        number=row.number,
        fields=fields,
        seen=seen_version(request),
        by=request.visitor.name,
        at=request.visitor.at,
    )


def _asked(column: Column) -> Asked:
    kind = {Type.TEXT: "text", Type.INTEGER: "whole number", Type.BOOLEAN: "yes or no"}
    said = kind.get(column.type, "day" if column.type is Type.DATE else "time")
    meaning = f"{column.meaning[:1].upper()}{column.meaning[1:]}."
    return Asked(
        column.name,
        column.name,
        help=f"{meaning} A {said}, such as: {_HOW[column.type]}",
        longest=1_000,
    )


def _said(asked: tuple[Asked, ...], lines: list[str]) -> dict[str, str]:
    parts = [line.partition("=") for line in lines]
    found = {name.strip(): value.strip() for name, _, value in parts}
    return {each.name: found.get(each.name, "") for each in asked}
