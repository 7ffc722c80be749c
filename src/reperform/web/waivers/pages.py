"""Waivers: the list, one, asking for one, and changing what is asked for."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.queries import changes, shown
from reperform.program.actions.waivers import ask_waiver, change_waiver
from reperform.program.models import Waiver
from reperform.program.queries.waivers import (
    SOON,
    STATES,
    state_of_waiver,
    waiver_counts,
    waiver_fields,
    waiver_row,
    waiver_rows,
)
from reperform.program.waivers.fields import WaiverFields, read_waiver, waiver_content
from reperform.program.waivers.refusals import WaiverRefusedError
from reperform.testing.installed import tests_by_id
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.waivers.forms import WAIVER

_ON_A_PAGE = 50


@page("waivers.view")
def overview(request: PageRequest) -> HttpResponse:
    """List waivers, the newest first."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "test", "state")}
    rows = waiver_rows(
        organization, today=today, asked=asked["q"], test=asked["test"], state=asked["state"]
    )
    found = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "rows": [(row, state_of_waiver(row, today)) for row in found],
        "counts": waiver_counts(organization, today),
        "soon": SOON.days,
        "states": STATES,
        "asked": asked,
        "is_narrowed": any(asked.values()),
    }
    return render(request, "web/waivers/overview.html", context)


@page("waivers.view")
def one(request: PageRequest, number: int) -> HttpResponse:
    """Show one: what departs from what, why, until when, and who decided it."""
    row, visitor = found(request, number), request.visitor
    entries = (
        changes(visitor.organization.log, subject=f"waiver {number}")
        if visitor.may("trail.view")
        else ()
    )
    context = {
        "row": row,
        "state": state_of_waiver(row, visitor.at.date()),
        "test": tests_by_id().get(row.test),
        "facts": lines(WAIVER[1:], waiver_content(waiver_fields(row))),
        "is_own": row.asker.user_id == visitor.user.pk,
        "changes": [shown(each) for each in entries[:10]],
    }
    return render(request, "web/waivers/one.html", context)


@page("waivers.ask", post="waivers.ask")
def new(request: PageRequest) -> HttpResponse:
    """Ask for a waiver."""
    visitor = request.visitor
    if request.method != "POST":
        said = {
            "test": request.GET.get("test", "")[:40],
            "items": request.GET.get("item", "")[:500],
        }
        return _form(request, said)
    return _kept(
        request,
        lambda fields: ask_waiver(
            organization=visitor.organization,
            fields=fields,
            asker=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        ),
    )


@page("waivers.ask", post="waivers.ask")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what one asked for, while nobody has decided it."""
    row, visitor = found(request, number), request.visitor
    if request.method != "POST":
        return _form(request, waiver_content(waiver_fields(row)), row=row)
    return _kept(
        request,
        lambda fields: change_waiver(
            organization=visitor.organization,
            number=number,
            fields=fields,
            seen=seen_version(request),
            asker=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        ),
        row=row,
    )


def found(request: PageRequest, number: int) -> Waiver:
    """Return a waiver of the visitor's organization; Http404 when it has none of that number."""
    row = waiver_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


def _kept(
    request: PageRequest,
    keep: Callable[[WaiverFields], Waiver],
    *,
    row: Waiver | None = None,
) -> HttpResponse:
    visitor, said = request.visitor, sent(request, WAIVER)
    tests = {name: each.sha256 for name, each in tests_by_id().items()}
    fields, problems = read_waiver(said, tests=tests, today=visitor.at.date())
    if problems:
        return _form(request, said, row=row, problems=problems)
    try:
        kept = keep(fields)
    except WaiverRefusedError as refusal:
        return _form(request, said, row=row, problems=list(refusal.problems))
    except StaleVersionError as stale:
        theirs = lines(WAIVER, waiver_content(waiver_fields(row))) if row else []
        return _form(request, said, row=row, status=409, stale=stale, theirs=theirs)
    except RefusalError as refusal:
        return _form(request, said, row=row, refusal=refusal)
    what = "is changed" if row else "is asked for: another member decides it"
    messages.success(request, f"WVR-{kept.number} {what}.")
    return redirect("waiver", organization=visitor.organization.slug, number=kept.number)


def _form(
    request: PageRequest,
    said: Mapping[str, Any],
    *,
    row: Waiver | None = None,
    problems: list[Problem] | None = None,
    status: int = 422,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "row": row,
        "seen": row.version if row else None,
        "fields": form_fields(WAIVER, said, problems or ()),
        "problems": named(problems or (), WAIVER),
        **more,
    }
    is_wrong = bool(problems or more)
    return render(request, "web/waivers/form.html", context, status=status if is_wrong else 200)
