"""A vendor ends: its last day, and what became of data and access."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.actions.vendor_rows import VendorRefusedError
from reperform.program.actions.vendors import end_vendor
from reperform.program.models import Vendor
from reperform.program.queries.vendors import end_fields
from reperform.program.vendors import end_content, read_end
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.vendors.forms import END
from reperform.web.vendors.found import brought, found_vendor


@page("vendors.edit", post="vendors.edit")
def end(request: PageRequest, number: int) -> HttpResponse:
    """Say that a vendor ended, and later what was confirmed."""
    visitor = request.visitor
    row = found_vendor(request, number)
    ended = end_fields(row)
    content = end_content(ended) if ended else {}
    if request.method != "POST":
        return _form(request, row, content, seen=row.version)
    said, seen = sent(request, END), seen_version(request)
    fields, problems = read_end(said, today=visitor.at.date())
    more: dict[str, Any] = {}
    if not problems:
        try:
            end_vendor(
                organization=visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                proofs=brought(request, "proofs"),
                by=visitor.name,
                at=visitor.at,
            )
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": lines(END, content)}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{row.name}: its end is recorded.")
            return redirect("vendor", organization=visitor.organization.slug, number=number)
    return _form(request, row, said, seen=seen, problems=problems, **more)


def _form(
    request: PageRequest,
    row: Vendor,
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "vendor": row,
        "title": f"{row.name} ends",
        "lead": "A vendor that ended stays in the register: a period asks who was relied on.",
        "action": "Record the end",
        "files": "proofs",
        "files_label": "Proofs",
        "files_help": "Confirmations of deletion, lists of removed accounts.",
        "fields": form_fields(END, said, problems or ()),
        "problems": named(problems or (), END),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/vendors/asked.html", context, status=status)
