"""The list of vendors, and a vendor entered or changed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.program.actions.vendor_rows import VendorRefusedError
from reperform.program.actions.vendors import change_vendor, make_vendor
from reperform.program.models import Vendor
from reperform.program.queries.vendors import (
    SHOWN,
    standing_of,
    vendor_counts,
    vendor_fields,
    vendors_like,
)
from reperform.program.vendors import read_vendor, vendor_content
from reperform.program.vendors.policy import vendor_policy
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.vendors.forms import asked_of_vendor
from reperform.web.vendors.found import found_vendor

_ON_A_PAGE = 50
_FIRST = ("overdue", "unassessed", "no-report", "conditions", "open-end", "undecided", "notice")
"""What the list counts above everything else."""


@page("vendors.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show the vendors, and first what is late, undecided or lacking."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    chosen = {name: request.GET.get(name, "") for name in ("show", "criticality")}
    words = request.GET.get("words", "")[:100].replace("\0", "")
    rows = vendors_like(organization, **chosen, words=words, today=today)
    shown = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    counts = vendor_counts(organization, today=today)
    first = [(name, SHOWN[name], counts[name.replace("-", "_")]) for name in _FIRST]
    return render(
        request,
        "web/vendors.html",
        {
            "page": shown,
            "vendors": [(row, standing_of(row, today=today)) for row in shown],
            "counts": counts,
            "first": [each for each in first if each[2]],
            "shown": SHOWN.items(),
            "classes": vendor_policy().names,
            "chosen": chosen,
            "words": words,
        },
    )


@page("vendors.edit", post="vendors.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter a vendor; the page that led here may have said its name."""
    organization = request.visitor.organization
    asked = asked_of_vendor(organization)
    if request.method != "POST":
        return _form(request, None, {e.name: request.GET.get(e.name, "")[:300] for e in asked})
    said = sent(request, asked)
    fields, problems = read_vendor(said, classes=vendor_policy().names)
    if not problems:
        try:
            made = make_vendor(
                organization=organization,
                fields=fields,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"{made.name} is entered as VEN-{made.number}.")
            return redirect("vendor", organization=organization.slug, number=made.number)
    return _form(request, None, said, problems=problems)


@page("vendors.edit", post="vendors.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what the register says of a vendor."""
    organization = request.visitor.organization
    row = found_vendor(request, number)
    content = vendor_content(vendor_fields(row))
    if request.method != "POST":
        return _form(request, row, content, seen=row.version)
    said, seen = sent(request, asked_of_vendor(organization)), seen_version(request)
    fields, problems = read_vendor(said, classes=vendor_policy().names)
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_vendor(
                organization=organization,
                number=number,
                fields=fields,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            theirs = lines(asked_of_vendor(organization), content)
            more, seen = {"stale": stale, "theirs": theirs}, stale.current
        else:
            messages.success(request, f"{fields.name}: saved.")
            return redirect("vendor", organization=organization.slug, number=number)
    return _form(request, row, said, seen=seen, problems=problems, **more)


def _form(
    request: PageRequest,
    row: Vendor | None,
    said: Mapping[str, Any],
    *,
    seen: int = 0,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    asked = asked_of_vendor(request.visitor.organization)
    context = {
        "vendor": row,
        "fields": form_fields(asked, said, problems or ()),
        "problems": named(problems or (), asked),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/vendors/form.html", context, status=status)
