"""The page of one vendor: everything that is known of it, and how it came about."""

from django.http import HttpResponse
from django.shortcuts import render

from reperform.ledger.queries import changes, shown
from reperform.program.queries import current_scope
from reperform.program.queries.vendors import (
    conditions_of,
    end_fields,
    report_fields,
    reports_of,
    reviews_of,
    standing_of,
    vendor_fields,
)
from reperform.program.vendors import end_content, vendor_content
from reperform.program.vendors.coverage import find_gaps
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.report_checks import in_scope
from reperform.web.asked import lines
from reperform.web.page import PageRequest, page
from reperform.web.vendors.forms import END, asked_of_vendor
from reperform.web.vendors.found import found_vendor

_CHANGES = 20
_SHOWN = 50
"""Reviews and conditions that the page shows, the latest first; the API has them all."""
_SAID_ABOVE = ("name", "service", "website")


@page("vendors.view")
def vendor(request: PageRequest, number: int) -> HttpResponse:
    """Show one vendor."""
    visitor = request.visitor
    row = found_vendor(request, number)
    ended = end_fields(row)
    scope = current_scope(visitor.organization).document
    reports = reports_of(row)
    asked = [e for e in asked_of_vendor(visitor.organization) if e.name not in _SAID_ABOVE]
    content = vendor_content(vendor_fields(row)) | {
        "owner": str(row.owner.user) if row.owner else ""
    }
    subject = f"vendor {number}"
    may_see = visitor.may("trail.view")
    found = changes(visitor.organization.log, subject=subject)[:_CHANGES] if may_see else ()
    return render(
        request,
        "web/vendors/vendor.html",
        {
            "vendor": row,
            "standing": standing_of(row, today=visitor.at.date()),
            "facts": lines(asked, content),
            "undecided": [
                each.label
                for each in asked
                if each.kind in ("flag", "choice")
                and each.name != "method"
                and content[each.name] in ("", None)
            ],
            "end": lines(END, end_content(ended)) if ended else (),
            "end_proofs": list(row.end_proofs.order_by("number")) if ended else (),
            "reviews": list(reviews_of(row)[:_SHOWN]),
            "conditions": list(conditions_of(row)[:_SHOWN]),
            "reports": reports,
            "gaps": find_gaps(map(report_fields, reports), scope.period)
            if reports and scope.period and row.is_subservice
            else (),
            "in_scope": in_scope(scope, row.name),
            "cycle": next((e for e in vendor_policy().classes if e.name == row.criticality), None),
            "today": visitor.at.date(),
            "changes": [shown(each) for each in found],
            "subject": subject,
        },
    )
