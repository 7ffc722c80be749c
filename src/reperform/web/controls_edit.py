"""Changing and retiring one control."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.text_difference import compare
from reperform.catalog.controls import Control
from reperform.program import queries
from reperform.program.actions.control_keeping import Seen
from reperform.program.actions.controls import change_control, retire_controls
from reperform.program.controls.document import (
    LABELS,
    AdoptedDocument,
    ControlDocument,
    changed_fields,
    control_content,
    library_document,
    shown_value,
)
from reperform.program.controls.flaws import linter
from reperform.program.controls.reading import read_control, read_day, read_reason
from reperform.program.stale import StaleVersionError
from reperform.web.controls_forms import (
    form_context,
    labelled,
    read_decisions,
    seen_version,
    sent_content,
)
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page


def _found(request: PageRequest, code: str) -> AdoptedDocument:
    found = queries.stated_control(request.visitor.organization, code)
    if found is None or found.retired_on:
        raise Http404
    return found


def origin_of(stated: AdoptedDocument | None) -> Control | None:
    """Return the library's control that one comes from, as it is now."""
    wanted = stated.library_id if stated else ""
    return next((each for each in catalog().controls if each.id == wanted), None)


@page("controls.edit", post="controls.edit")
def edit(request: PageRequest, code: str) -> HttpResponse:
    """Tailor a control; with `?text=library` from the library's text as it is now."""
    stated = _found(request, code)
    origin = origin_of(stated)
    if request.method != "POST":
        start = stated.document
        if origin and request.GET.get("text") == "library":
            start = library_document(origin)
        return _form(request, stated, control_content(start), seen=stated.version)
    content, seen = sent_content(request.POST), seen_version(request.POST)
    document, problems = read_control(content, criteria=catalog().criteria)
    decisions = read_decisions(request)
    problems += decisions.problems
    if problems or "again" in request.POST:
        return _form(request, stated, content, seen=seen, problems=problems)
    is_compared = origin is not None and "compared" in request.POST
    try:
        change_control(
            organization=request.visitor.organization,
            seen=Seen(code, seen),
            document=document,
            owner=decisions.owner,
            implemented_on=decisions.implemented_on,
            taken=library_document(origin) if origin and is_compared else None,
            by=request.visitor.name,
            at=request.visitor.at,
        )
    except StaleVersionError as stale:
        return _form(request, _found(request, code), content, seen=stale.current, stale=stale)
    messages.success(request, f"{code}: saved.")
    return redirect("control", organization=request.visitor.organization.slug, code=code)


def _form(
    request: PageRequest,
    stated: AdoptedDocument,
    content: dict[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    stale: StaleVersionError | None = None,
) -> HttpResponse:
    document, _ = read_control(content, criteria=catalog().criteria)
    is_sent, again = request.method == "POST", "again" in request.POST
    origin = origin_of(stated)
    owner = request.POST.get("owner", "") if is_sent else str(stated.owner_number or "")
    day = request.POST.get("implemented_on", "") if is_sent else stated.implemented_on or ""
    now = library_document(origin) if origin else None
    context = {
        "mode": "edit",
        "stated": stated,
        "origin": origin,
        "code": stated.code,
        "seen": seen,
        "problems": labelled(problems or []),
        "stale": stale,
        **(_compared(stated.document, document) if stale else {}),
        "has_newer": now is not None and now != stated.taken,
        "findings": linter(catalog().controls)(document, stated.library_id, bool(owner)),
        "owners": queries.possible_owners(request.visitor.organization),
        "owner_chosen": owner,
        "implemented_on": str(day),
        "is_checked_only": again,
        **form_context(content),
    }
    status = 409 if stale else 422 if problems and not again else 200
    return render(request, "web/controls/form.html", context, status=status)


def _compared(stands: ControlDocument, written: ControlDocument) -> dict[str, Any]:
    """Return the fields that differ from what stands now: as they stand, and line by line."""
    names = changed_fields(stands, written)
    return {
        "theirs": [(LABELS[name], shown_value(stands, name)) for name in names],
        "differences": [
            (LABELS[name], compare(shown_value(stands, name), shown_value(written, name)))
            for name in names
        ],
    }


@page("controls.edit", post="controls.edit")
def retire(request: PageRequest, code: str) -> HttpResponse:
    """Retire a control for a reason."""
    stated = _found(request, code)
    problems: list[Problem] = []
    refusal: RefusalError | None = None
    today = request.visitor.at.date()
    if request.method == "POST":
        on = read_day(request.POST.get("on"), field="on", today=today, problems=problems)
        reason = read_reason(request.POST.get("reason"), problems=problems)
        if on is None and not problems:
            what, todo = "is not named", "name the first day that it is no more"
            problems.append(Problem("on", what, todo, "control-field"))
        if on and not problems:
            done = retire_controls(
                organization=request.visitor.organization,
                seen=[Seen(code, seen_version(request.POST))],
                on=on,
                reason=reason,
                by=request.visitor.name,
                at=request.visitor.at,
            )
            if not done.refused:
                messages.success(request, f"{code}: retired.")
                slug = request.visitor.organization.slug
                return redirect("control", organization=slug, code=code)
            refusal = done.refused[0][1]
    context = {
        "stated": stated,
        "problems": problems,
        "refusal": refusal,
        "on": request.POST.get("on", str(today)),
        "reason": request.POST.get("reason", ""),
    }
    status = 409 if isinstance(refusal, StaleVersionError) else 422 if problems or refusal else 200
    return render(request, "web/controls/retire.html", context, status=status)
