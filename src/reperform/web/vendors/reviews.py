"""A vendor is reviewed, and the conditions of a review are settled."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.actions.vendor_reviews import review_vendor, settle_condition
from reperform.program.actions.vendor_rows import VendorRefusedError
from reperform.program.models import Vendor, VendorCondition
from reperform.program.queries.vendors import condition_row, reports_of
from reperform.program.vendors.reviews import LookedAt, ReviewKind, read_review, read_settling
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.vendors.forms import CONDITION, asked_of_review
from reperform.web.vendors.found import brought, found_vendor


@page("vendors.edit", post="vendors.edit")
def review(request: PageRequest, number: int) -> HttpResponse:
    """Record a review; those before it stay as they were."""
    visitor = request.visitor
    row = found_vendor(request, number)
    asked = asked_of_review(visitor.organization, reports_of(row))
    if request.method != "POST":
        return _review_form(request, row, asked, _first_said(request, row), seen=row.version)
    said, seen = sent(request, asked), seen_version(request)
    fields, problems = read_review(said, today=visitor.at.date())
    more: dict[str, Any] = {}
    if not problems:
        try:
            made = review_vendor(
                organization=visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                reviewer=visitor.membership,
                proofs=brought(request, "proofs"),
                by=visitor.name,
                at=visitor.at,
            )
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": _facts(row)}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{row.name}: review {made.number} is recorded.")
            return redirect("vendor", organization=visitor.organization.slug, number=number)
    return _review_form(request, row, asked, said, seen=seen, problems=problems, **more)


def _first_said(request: PageRequest, row: Vendor) -> dict[str, Any]:
    reports = reports_of(row)
    return {
        "kind": (ReviewKind.PERIODIC if row.reviewed_on else ReviewKind.ONBOARDING).value,
        "reviewed_on": request.visitor.at.date(),
        "report": reports[0].number if reports else None,
        "looked_at": [LookedAt.SOC_REPORT.value] if reports else [],
    }


def _facts(row: Vendor) -> list[tuple[str, str]]:
    return [
        ("Version", str(row.version)),
        ("Last review", str(row.reviewed_on or "never")),
        ("Outcome", row.outcome or "none"),
    ]


def _review_form(
    request: PageRequest,
    row: Vendor,
    asked: tuple[Asked, ...],
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "vendor": row,
        "title": f"Review {row.name}",
        "lead": "A review is kept as it is: the next one stands beside it, and replaces none.",
        "action": "Record the review",
        "files": "proofs",
        "files_label": "What was looked at",
        "files_help": (
            "Certificates, answers to questionnaires, letters. SOC reports are taken in on their "
            "own page."
        ),
        "fields": form_fields(asked, said, problems or ()),
        "problems": named(problems or (), asked),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/vendors/asked.html", context, status=status)


@page("vendors.view", post="vendors.edit")
def condition(request: PageRequest, number: int, condition: int) -> HttpResponse:
    """Show a condition; say that it is met or waived, or open again."""
    visitor = request.visitor
    vendor = found_vendor(request, number)
    row = condition_row(vendor, condition)
    if row is None:
        raise Http404
    content = {"state": row.state, "settled_on": row.settled_on, "reason": row.reason}
    if request.method != "POST":
        return _condition_form(request, vendor, row, content, seen=row.version)
    said, seen = sent(request, CONDITION), seen_version(request)
    fields, problems = read_settling(said, today=visitor.at.date())
    more: dict[str, Any] = {}
    if not problems:
        try:
            settle_condition(
                organization=visitor.organization,
                number=number,
                condition=condition,
                fields=fields,
                seen=seen,
                by=visitor.name,
                at=visitor.at,
            )
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": lines(CONDITION, content)}, stale.current
        else:
            messages.success(request, f"Condition {condition} of {vendor.name}: saved.")
            return redirect("vendor", organization=visitor.organization.slug, number=number)
    return _condition_form(request, vendor, row, said, seen=seen, problems=problems, **more)


def _condition_form(
    request: PageRequest,
    vendor: Vendor,
    row: VendorCondition,
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "vendor": vendor,
        "title": row.text,
        "lead": f"Due on {row.due_on}; a condition of review {row.review.number}.",
        "action": "Save",
        "is_read_only": not request.visitor.may("vendors.edit"),
        "fields": form_fields(CONDITION, said, problems or ()),
        "facts": lines(CONDITION, said),
        "problems": named(problems or (), CONDITION),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/vendors/asked.html", context, status=status)
