"""Changing several controls at once: chosen in the list, looked at, confirmed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.catalog.controls import FREQUENCIES
from reperform.program import queries
from reperform.program.actions.control_bulk import carry_out
from reperform.program.actions.control_keeping import Seen
from reperform.program.controls.bulk import (
    ACTS,
    MOST_ROWS,
    Order,
    changeable,
    plan,
    read_order,
    read_selection,
)
from reperform.program.controls.document import State
from reperform.program.controls.listing import ControlFilter, ControlRow, listed
from reperform.web.controls_forms import labelled, read_owner
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_ASKED = ("owner", "frequency", "implemented_on", "on", "reason")


@page("controls.edit", post="controls.edit")
def bulk(request: PageRequest) -> HttpResponse:
    """Ask what is to be done, show what it would change, and do it when it is confirmed."""
    organization = request.visitor.organization
    if request.method != "POST":
        return redirect("controls", organization=organization.slug)
    rows = queries.control_rows_of(organization, catalog())
    order, problems = read_order(request.POST, today=request.visitor.at.date())
    selected, unread = read_selection(_selection(request.POST, rows, order.act))
    if unread or not order.act:
        return _asked(request, order, [], problems=[*unread, *([] if order.act else problems)])
    owner = read_owner(organization, request.POST.get("owner"), problems)
    is_first = not any(name in request.POST for name in ("look", "do"))
    lines = plan(order, selected, rows, owner=str(owner.user) if owner else "")
    if is_first or problems or "do" not in request.POST:
        return _asked(request, order, lines, problems=[] if is_first else problems)
    done = carry_out(
        organization=organization,
        order=order,
        seen=[Seen(code, version) for code, version in selected],
        owner=owner,
        library=catalog().controls,
        by=request.visitor.name,
        at=request.visitor.at,
    )
    if done.codes:
        messages.success(request, f"{ACTS[order.act]}: done for {', '.join(done.codes)}.")
    if done.refused:
        refused = [
            Problem(code, refusal.what, refusal.todo[0], refusal.slug)
            for code, refusal in done.refused
        ]
        return _refused(request, order, rows_after(request), refused)
    return redirect("controls", organization=organization.slug)


def rows_after(request: PageRequest) -> list[ControlRow]:
    """Return every control as it is after what was done."""
    return queries.control_rows_of(request.visitor.organization, catalog())


def _selection(sent: QueryDict, rows: list[ControlRow], act: str) -> list[str]:
    """Return the rows that are marked; with `all` those that the list's filter leaves."""
    if sent.get("all") != "1":
        return sent.getlist("row")
    wanted = State.PROPOSED if act == "adopt" else State.ADOPTED
    found = listed(rows, ControlFilter.of(QueryDict(sent.get("query", ""))))
    return [f"{row.code}:{row.version}" for row in found if row.state is wanted]


def _refused(
    request: PageRequest, order: Order, rows: list[ControlRow], refused: list[Problem]
) -> HttpResponse:
    """Show the controls that were left as they are, so that they can be looked at again."""
    now = {row.code: row for row in rows if row.stated or order.act == "adopt"}
    selected = [(each.where, now[each.where].version) for each in refused if each.where in now]
    owner = read_owner(request.visitor.organization, request.POST.get("owner"), [])
    lines = plan(order, selected, rows, owner=str(owner.user) if owner else "")
    return _asked(request, order, lines, refused=refused)


def _asked(
    request: PageRequest,
    order: Order,
    lines: list[Any],
    *,
    problems: list[Problem] | None = None,
    refused: list[Problem] | None = None,
) -> HttpResponse:
    is_looked_at = any(name in request.POST for name in ("look", "do")) and not problems
    context = {
        "order": order,
        "title": ACTS.get(order.act, "Several controls"),
        "lines": lines,
        "count": len(changeable(lines)),
        "is_looked_at": is_looked_at,
        "problems": labelled(problems or []),
        "refused": refused or [],
        "sent": {name: request.POST.get(name, "") for name in _ASKED},
        "today": request.visitor.at.date(),
        "owners": queries.possible_owners(request.visitor.organization),
        "frequencies": FREQUENCIES,
        "most": MOST_ROWS,
    }
    status = 409 if refused else 422 if problems else 200
    return render(request, "web/controls/bulk.html", context, status=status)
