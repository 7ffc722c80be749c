"""The system description: nine parts, a page for each field, a preview of Section III."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.base.text_difference import compare
from reperform.program.actions.description import write_field
from reperform.program.description import Field, FieldState, read_text
from reperform.program.description.check import is_checked
from reperform.program.description.contradictions import check_description
from reperform.program.description.files import description_library
from reperform.program.description.offered import KINDS, offered
from reperform.program.description.scope import derived_text, field_states
from reperform.program.description.statement import statement_of, statement_yaml
from reperform.program.description.text import parts_of
from reperform.program.queries import (
    CurrentDescription,
    adoptions,
    current_description,
    field_versions,
    own_adoptions,
)
from reperform.program.queries.registers import assets_for, current_registers
from reperform.report.description_preview import description_document, preview_blocks
from reperform.report.pdf import render_pdf
from reperform.web.asked import seen_version
from reperform.web.description_shown import groups, placed, scope_part, shown
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50


def _field(name: str) -> Field:
    field = description_library().field(name)
    if field is None:
        raise Http404
    return field


def _states(now: CurrentDescription) -> tuple[FieldState, ...]:
    return field_states(description_library().fields, now.texts, now.scope.document)


def _problems(request: PageRequest, now: CurrentDescription) -> list[Problem]:
    return check_description(
        now.texts,
        library=description_library(),
        scope=now.scope.document,
        registers=current_registers(request.visitor.organization, now.scope.document),
        organization=request.visitor.organization.name,
    )


@page("description.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show the nine parts with what is written, what is missing and what contradicts."""
    now = current_description(request.visitor.organization)
    states = _states(now)
    problems = placed(
        _problems(request, now),
        description_library().fields,
        organization=request.visitor.organization.slug,
    )
    needed = [state for state in states if state.field.is_needed(now.scope.document)]
    return render(
        request,
        "web/description.html",
        {
            "scope": now.scope,
            "groups": groups(catalog().description_criteria, states),
            "needed": len(needed),
            "complete": sum(state.standing.is_complete for state in needed),
            "problems": [each for each in problems if is_checked(each.problem)],
            "unchecked": [each for each in problems if not is_checked(each.problem)],
            "versions": now.versions,
        },
    )


@page("description.view", post="description.edit")
def edit(request: PageRequest, field: str) -> HttpResponse:
    """Show one field; write it."""
    chosen = _field(field)
    now = current_description(request.visitor.organization)
    version = now.versions.get(chosen.name)
    if request.method != "POST":
        text, seen = (version.text, version.number) if version else ("", 0)
        return _form(request, chosen, now, text=text, seen=seen)
    seen = seen_version(request)
    sent = request.POST.get("text")
    text, problems = read_text(sent, where=chosen.label)
    if problems:
        return _form(request, chosen, now, text=sent or "", seen=seen, problems=problems)
    try:
        write_field(
            organization=request.visitor.organization,
            field=chosen.name,
            text=text,
            seen=seen,
            by=request.visitor.name,
            at=request.visitor.at,
        )
    except StaleVersionError as stale:
        now = current_description(request.visitor.organization)
        version = now.versions.get(chosen.name)
        stands = version.text if version else ""
        more: dict[str, Any] = {
            "stale": stale,
            "theirs": [(chosen.label, stands)] if stands else [],
            "differences": [(chosen.label, compare(stands, text))],
        }
        seen = version.number if version else 0
        return _form(request, chosen, now, text=text, seen=seen, **more)
    messages.success(request, f"{chosen.label}: saved.")
    organization = request.visitor.organization.slug
    _, following = _neighbors(chosen)
    if "next" in request.POST and following:
        return redirect("description_field", organization=organization, field=following.name)
    return redirect("description", organization=organization)


def _neighbors(field: Field) -> tuple[Field | None, Field | None]:
    fields = description_library().fields
    at = fields.index(field)
    return (fields[at - 1] if at else None, fields[at + 1] if at + 1 < len(fields) else None)


def _form(
    request: PageRequest,
    field: Field,
    now: CurrentDescription,
    *,
    text: str,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    status = 409 if "stale" in more else 422 if problems else 200
    before, following = _neighbors(field)
    found = [] if problems else [p for p in _problems(request, now) if p.where == field.label]
    context = {
        "field": field,
        "guidance": parts_of(field.guidance),
        "example": parts_of(field.example),
        "derived": parts_of(derived_text(field, now.scope.document)),
        "scope_part": scope_part(field),
        "is_needed": field.is_needed(now.scope.document),
        "text": text,
        "parts": parts_of(text),
        "seen": seen,
        "version": now.versions.get(field.name),
        "problems": problems,
        "found": found,
        **_offered(request, field, text),
        "before": before,
        "following": following,
        **more,
    }
    return render(request, "web/description/field.html", context, status=status)


def _offered(request: PageRequest, field: Field, text: str) -> dict[str, Any]:
    """Return what the register of assets offers, for a field that is about assets."""
    if field.name not in KINDS or not request.visitor.may("assets.view"):
        return {}
    found = offered(assets_for(request.visitor.organization, field.name), text)
    return {"offered": found, "unnamed": sum(not each.is_named for each in found)}


@page("description.view")
def history(request: PageRequest, field: str) -> HttpResponse:
    """Show every version of a field, and what one of them changed."""
    chosen = _field(field)
    versions = field_versions(request.visitor.organization, chosen.name)
    listed = Paginator(versions.defer("text"), _ON_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.get("version", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 9:  # noqa: PLR2004 - a version
        number = int(asked)
    else:
        number = listed[0].number if len(listed) else 0
    texts = {each.number: each for each in versions.filter(number__in=(number - 1, number))}
    if asked and number not in texts:
        raise Http404
    version = texts.get(number)
    before = texts[number - 1].text if number - 1 in texts else ""
    return render(
        request,
        "web/description/history.html",
        {
            "field": chosen,
            "versions": listed,
            "version": version,
            "difference": compare(before, version.text) if version else [],
        },
    )


@page("description.view")
def preview(request: PageRequest) -> HttpResponse:
    """Show Section III as it will stand in the report."""
    now = current_description(request.visitor.organization)
    blocks = preview_blocks(
        _states(now),
        scope=now.scope.document,
        description_criteria=catalog().description_criteria,
        criteria=catalog().criteria,
    )
    context = {"blocks": shown(blocks), "scope": now.scope}
    return render(request, "web/description/preview.html", context)


@page("description.view")
def preview_pdf(request: PageRequest) -> HttpResponse:
    """Send Section III as a PDF that says on each page that it is a draft."""
    now = current_description(request.visitor.organization)
    document = description_document(
        _states(now),
        scope=now.scope.document,
        organization=request.visitor.organization.name,
        is_example=request.visitor.organization.is_example,
        description_criteria=catalog().description_criteria,
        criteria=catalog().criteria,
        at=request.visitor.at,
    )
    made = render_pdf(document, at=request.visitor.at)
    return _attachment(made, "application/pdf", "system-description-draft.pdf")


@page("description.view")
def statement(request: PageRequest) -> HttpResponse:
    """Send the statement that an examination takes up, as `reperform quickstart` reads it."""
    organization = request.visitor.organization
    now = current_description(organization)
    said = statement_of(
        _states(now),
        scope=now.scope.document,
        organization=organization.name,
        adopted=adoptions(organization, library=catalog().controls),
        own=own_adoptions(organization, library=catalog().controls),
    )
    return _attachment(
        statement_yaml(said).encode(), "application/yaml; charset=utf-8", "statement.yaml"
    )


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


urlpatterns = [
    path("", overview, name="description"),
    path("preview/", preview, name="description_preview"),
    path("preview.pdf", preview_pdf, name="description_pdf"),
    path("statement.yaml", statement, name="description_statement"),
    path("<str:field>/", edit, name="description_field"),
    path("<str:field>/history/", history, name="description_history"),
]
