"""The scope: a guided path, one part a page, every version kept."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.base.text_difference import compare
from reperform.catalog.criteria import CRITERION_IDS
from reperform.program import queries
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import lacking, scope_content, uncovered_days
from reperform.program.scope.lines import scope_lines
from reperform.program.scope.reading import read_scope
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page
from reperform.web.scope_forms import PARTS, Part


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path as the page shows it."""

    part: Part
    lacks: list[str]


@page("scope.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show the scope, and what it lacks part by part."""
    scope = queries.current_scope(request.visitor.organization)
    period = scope.document.period
    suppliers = [
        (each, uncovered_days(each.report, period) if period else None)
        for each in scope.document.subservices
    ]
    return render(
        request,
        "web/scope.html",
        {
            "scope": scope,
            "document": scope.document,
            "suppliers": suppliers,
            "steps": _steps(scope),
            "versions": queries.scope_versions(request.visitor.organization),
        },
    )


def _steps(scope: queries.CurrentScope) -> list[Step]:
    missing = lacking(scope.document)
    return [Step(part, [said for name, said in missing if name == part.name]) for part in PARTS]


@page("scope.view")
def version(request: PageRequest, number: int) -> HttpResponse:
    """Show one version of the scope whole, and what it changed."""
    organization = request.visitor.organization
    chosen = queries.scope_version(organization, number)
    if chosen is None:
        raise Http404
    before = queries.scope_version(organization, number - 1)
    lines = scope_lines(chosen.document)
    return render(
        request,
        "web/scope_version.html",
        {
            "scope": chosen,
            "difference": compare(scope_lines(before.document) if before else lines, lines),
            "is_current_library": chosen.version and chosen.version.library == catalog().digest,
            "latest": queries.current_scope(organization).number,
        },
    )


@page("scope.edit", post="scope.edit")
def edit(request: PageRequest, part: str) -> HttpResponse:
    """Edit one part of the scope."""
    chosen = next((each for each in PARTS if each.name == part), None)
    if chosen is None:
        raise Http404
    scope = queries.current_scope(request.visitor.organization)
    content = scope_content(scope.document)
    if request.method != "POST":
        return _form(request, chosen, chosen.fields(content), seen=scope.number)
    sent = chosen.content(request.POST)
    document, problems = read_scope(content | sent, criteria=CRITERION_IDS)
    seen = _seen(request)
    if problems:
        return _form(request, chosen, chosen.fields(sent), seen=seen, problems=problems)
    try:
        change_scope(
            organization=request.visitor.organization,
            scope=document,
            seen=seen,
            library=catalog().digest,
            by=request.visitor.name,
            at=request.visitor.at,
        )
    except StaleVersionError as stale:
        return _form(
            request,
            chosen,
            chosen.fields(sent),
            seen=stale.current,
            stale=stale,
            theirs=chosen.lines(content),
        )
    messages.success(request, f"{chosen.title}: saved.")
    following = PARTS[PARTS.index(chosen) + 1 :]
    if "next" in request.POST and following:
        return redirect(
            "scope_edit", organization=request.visitor.organization.slug, part=following[0].name
        )
    return redirect("scope", organization=request.visitor.organization.slug)


def _seen(request: PageRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1  # noqa: PLR2004 - a version


def _form(
    request: PageRequest,
    part: Part,
    fields: Any,  # noqa: ANN401 - a context
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    status = 409 if "stale" in more else 422 if problems else 200
    context = {
        "part": part,
        "parts": PARTS,
        "is_last": part is PARTS[-1],
        "fields": fields,
        "seen": seen,
        "problems": problems,
        "criteria": catalog().criteria,
        "scope": queries.current_scope(request.visitor.organization).document,
        **more,
    }
    return render(request, f"web/scope/{part.name}.html", context, status=status)


urlpatterns = [
    path("", overview, name="scope"),
    path("versions/<int:number>/", version, name="scope_version"),
    path("<slug:part>/", edit, name="scope_edit"),
]
