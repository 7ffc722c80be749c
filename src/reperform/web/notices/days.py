"""By when what was found must be put right."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.noticing.actions.remediation import set_remediation_days
from reperform.noticing.queries.late import days_of, remediation_row
from reperform.noticing.remediation import Days, days_content, read_days
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page

_OF = "Days from when it was found until it must be fixed. Empty: not decided, and never late."
ASKED = (
    Asked(
        "critical",
        "Critical vulnerabilities",
        kind="number",
        help=f"{_OF} The library's test takes 7.",
        group="Vulnerabilities, and tasks of the same risk",
    ),
    Asked(
        "high",
        "High vulnerabilities, tasks of high risk",
        kind="number",
        help="As above; a task counts from when it was made. The library's test takes 30.",
    ),
    Asked(
        "medium",
        "Medium vulnerabilities, tasks of medium risk",
        kind="number",
        help="As above. The library's test takes 90.",
    ),
    Asked("low", "Low vulnerabilities, tasks of low risk", kind="number", help="As above."),
    Asked(
        "deviation",
        "Tests of controls that deviate",
        kind="number",
        help="Days from the examination that found the deviation until the test must pass again.",
        group="Findings of tests",
    ),
)


@page("notices.view", post="notices.edit")
def remediation(request: PageRequest) -> HttpResponse:
    """Show the days for remediation; decide them."""
    visitor = request.visitor
    row = remediation_row(visitor.organization)
    content = days_content(days_of(row) if row else Days())
    said, seen = content, row.version if row else 0
    problems: list[Problem] = []
    stale: StaleVersionError | None = None
    status = 200
    if request.method == "POST":
        said, seen = sent(request, ASKED), seen_version(request)
        days, problems = read_days(said)
        if not problems:
            try:
                set_remediation_days(
                    organization=visitor.organization,
                    days=days,
                    seen=seen,
                    by=visitor.name,
                    at=visitor.at,
                )
            except StaleVersionError as error:
                stale, seen = error, error.current
            else:
                messages.success(request, "The days are saved.")
                return redirect("notices_remediation", organization=visitor.organization.slug)
        status = 409 if stale else 422
    context = {
        "fields": form_fields(ASKED, said, problems),
        "problems": named(problems, ASKED),
        "seen": seen,
        "stale": stale,
        "now": lines(ASKED, content),
        "may_edit": visitor.may("notices.edit"),
    }
    return render(request, "web/notices/remediation.html", context, status=status)
