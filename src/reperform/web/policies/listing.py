"""The list of policies, and what goes out of it as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from reperform.accounts.queries import members
from reperform.program.queries.policies import policies_like, standing_of
from reperform.program.queries.policy_acceptances import counts, pending_acceptances
from reperform.program.queries.policy_lists import listed_policies
from reperform.report.policy_files import POLICIES, SHEETS, policy_sheet
from reperform.web.page import PageRequest, page
from reperform.web.policies.found import sees_drafts

_ON_A_PAGE = 50
_LONGEST_NUMBER = 9
STATES = (
    ("", "all but the retired"),
    ("waiting", "waiting for approval"),
    ("overdue", "review overdue"),
    ("written", "being written"),
    ("in force", "in force"),
    ("approved", "approved, not yet in force"),
    ("draft", "never in force"),
    ("retired", "retired"),
)


@page("policies.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the policies; who writes none sees those in force."""
    visitor, today = request.visitor, request.visitor.at.date()
    drafts = sees_drafts(request)
    chosen = {name: request.GET.get(name, "")[:100] for name in ("state", "owner", "words")}
    owner = chosen["owner"]
    is_number = owner.isascii() and owner.isdecimal() and len(owner) <= _LONGEST_NUMBER
    rows = policies_like(
        visitor.organization,
        today,
        state=chosen["state"] if drafts else "in force",
        owner=int(owner) if is_number else None,
        text=chosen["words"],
    )
    found = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    counted = counts(found.object_list, today) if visitor.may("people.view") else {}
    every = policies_like(visitor.organization, today, state="all")
    first = [
        (state, label, policies_like(visitor.organization, today, state=state).count())
        for state, label in STATES[1:4]
        if drafts
    ]
    context = {
        "page": found,
        "policies": [(standing_of(row, today), counted.get(row.key)) for row in found],
        "has_any": every.exists() if drafts else bool(found.paginator.count),
        "first": [each for each in first if each[2]],
        "pending": pending_acceptances(visitor.membership, today),
        "today": today,
        "states": STATES if drafts else (),
        "people": members(visitor.organization).filter(is_active=True) if drafts else (),
        "chosen": chosen,
        "counts_shown": visitor.may("people.view"),
    }
    return render(request, "web/policies/list.html", context)


@page("policies.view")
def output(request: PageRequest, kind: str) -> HttpResponse:
    """Hand out the list as a file."""
    visitor = request.visitor
    if kind not in SHEETS:
        raise Http404
    rows = listed_policies(
        visitor.organization, visitor.at.date(), only_in_force=not visitor.may("people.view")
    )
    is_example = visitor.organization.is_example
    made = policy_sheet(
        kind, POLICIES, rows, title="Policies", at=visitor.at, is_example=is_example
    )
    headers = {"Content-Disposition": f'attachment; filename="policies.{kind}"'}
    return HttpResponse(made, content_type=SHEETS[kind], headers=headers)
