"""Data flows: the diagram of the boundary, the same as a table, and the form of one flow."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.safestring import mark_safe

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.actions.flows import FlowRefusedError, change_flow, end_flow, make_flow
from reperform.program.assets.flows import SLUG, flow_content, read_flow
from reperform.program.models import DataFlow
from reperform.program.queries import current_scope
from reperform.program.queries.assets import (
    boundary_picture,
    flow_fields,
    flow_row,
    flows_now,
    outside_parties,
)
from reperform.report.boundary import boundary_svg
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.assets.forms import END, flow_form
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 100


@page("assets.view")
def flows(request: PageRequest) -> HttpResponse:
    """Show the diagram and the table of flows."""
    organization = request.visitor.organization
    scope = current_scope(organization).document
    picture = boundary_picture(organization, scope)
    is_example = request.visitor.organization.is_example
    drawn = boundary_svg(picture, is_file=False, is_example=is_example) if picture.places else ""
    found = flows_now(organization)
    return render(
        request,
        "web/assets/flows.html",
        {
            "scope": scope,
            "picture": picture,
            "svg": mark_safe(drawn),  # noqa: S308 - made by an XML writer, which escapes
            "flows": Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@page("assets.view")
def picture(request: PageRequest) -> HttpResponse:
    """Send the diagram as a file: never inline, an SVG could run as a page of ours."""
    visitor = request.visitor
    scope = current_scope(visitor.organization).document
    picture = boundary_picture(visitor.organization, scope)
    drawn = boundary_svg(picture, is_file=True, is_example=visitor.organization.is_example)
    called = f"{visitor.organization.slug}-{visitor.at:%Y-%m-%d}-boundary.svg"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(drawn, content_type="application/octet-stream", headers=headers)


@page("assets.edit", post="assets.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter a data flow; the page that led here may have said where it begins."""
    organization = request.visitor.organization
    asked = flow_form(organization)
    if request.method != "POST":
        said = {each.name: request.GET.get(each.name, "")[:200] for each in asked}
        return _form(request, None, said, seen=0)
    said = sent(request, asked)
    fields, problems = read_flow(said)
    if not problems:
        try:
            made = make_flow(
                organization=organization,
                fields=fields,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except FlowRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"Data flow {made.number} is entered.")
            return redirect("data_flows", organization=organization.slug)
    return _form(request, None, said, seen=0, problems=problems)


@page("assets.view", post="assets.edit")
def flow(request: PageRequest, number: int) -> HttpResponse:
    """Show a data flow; change it."""
    row = _found(request, number)
    if request.method != "POST":
        return _form(request, row, flow_content(flow_fields(row)), seen=row.version)
    said, seen = sent(request, flow_form(request.visitor.organization)), seen_version(request)
    fields, problems = read_flow(said)
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_flow(
                organization=request.visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except FlowRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale}, stale.current
        else:
            messages.success(request, f"Data flow {number}: saved.")
            return redirect("data_flows", organization=request.visitor.organization.slug)
    return _form(request, row, said, seen=seen, problems=problems, **more)


@page("assets.edit", post="assets.edit")
def end(request: PageRequest, number: int) -> HttpResponse:
    """Say that data does not flow so any more."""
    row = _found(request, number)
    said: dict[str, Any] = {"on": request.visitor.at.date(), "reason": ""}
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    seen = row.version
    if request.method == "POST":
        said, seen = sent(request, END), seen_version(request)
        reader = Reader(said, SLUG)
        on = reader.day("on", needed="name its last day", latest=request.visitor.at.date())
        reason = reader.text("reason", needed="say why", longest=2_000)
        problems = reader.problems
        if not problems and on is not None:
            try:
                end_flow(
                    organization=request.visitor.organization,
                    number=number,
                    on=on,
                    reason=reason,
                    seen=seen,
                    by=request.visitor.name,
                    at=request.visitor.at,
                )
            except RefusalError as refusal:
                more = {"refusal": refusal}
            else:
                messages.success(request, f"Data flow {number} is ended.")
                return redirect("data_flows", organization=request.visitor.organization.slug)
    context = {
        "flow": row,
        "fields": form_fields(END, said, problems),
        "problems": named(problems, END),
        "seen": seen,
        **more,
    }
    status = 422 if problems or more else 200
    return render(request, "web/assets/flow_end.html", context, status=status)


def _found(request: PageRequest, number: int) -> DataFlow:
    row = flow_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


def _form(
    request: PageRequest,
    row: DataFlow | None,
    said: dict[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    organization = request.visitor.organization
    asked = flow_form(organization)
    context = {
        "flow": row,
        "fields": form_fields(asked, said, problems or ()),
        "seen": seen,
        "problems": named(problems or (), asked),
        "theirs": lines(asked, flow_content(flow_fields(row))) if row else [],
        "parties": outside_parties(organization),
        "subservices": current_scope(organization).document.subservices,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/assets/flow.html", context, status=status)


urlpatterns = [
    path("flows/", flows, name="data_flows"),
    path("flows/boundary.svg", picture, name="boundary_picture"),
    path("flows/new/", new, name="data_flow_new"),
    path("flows/<int:number>/", flow, name="data_flow"),
    path("flows/<int:number>/end/", end, name="data_flow_end"),
]
