"""One review: its progress, who is late, its sign-off, and the file for the auditor."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.queries import changes, shown
from reperform.program.access_reviews import (
    REMOVAL_DAYS,
    UNUSED_DAYS,
    read_review,
    reference,
    review_content,
)
from reperform.program.actions.access_reviews import (
    ReviewRefusedError,
    change_review,
    finish_review,
    make_review,
    reopen_review,
)
from reperform.program.models import AccessReview
from reperform.program.queries.access_duties import removals
from reperform.program.queries.access_reviews import (
    possible_review_owners,
    possible_reviewers,
    progress_of,
    review_fields,
    review_row,
    systems_of,
)
from reperform.program.queries.assets import assets_in_use
from reperform.program.queries.review_export import exported_review
from reperform.report.review_sheets import review_workbook
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page

_CHANGES = 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKED: tuple[Asked, ...] = (
    Asked("title", "Title", help="As “Access in the second quarter”.", is_needed=True),
    Asked(
        "owner",
        "Run by",
        "choice",
        "Finishes it, and decides what a reviewer may not: an own account, and what they leave.",
        is_needed=True,
    ),
    Asked("due_on", "Due", "day", "The day by which every account is decided.", is_needed=True),
    Asked(
        "unused_days",
        "Mark as not used after days",
        "number",
        "An account that was not used for so many days needs a reason to be kept.",
    ),
    Asked(
        "removal_days",
        "Days to carry out what is decided",
        "number",
        "Then a removal is overdue, until a later list of the system shows it.",
    ),
    Asked("note", "More about it", "text", longest=2_000),
)


def _asked(organization: Organization) -> tuple[Asked, ...]:
    owners = tuple((str(e.pk), str(e.user)) for e in possible_review_owners(organization))
    return tuple(
        replace(each, choices=(("", "choose"), *owners)) if each.name == "owner" else each
        for each in ASKED
    )


@page("access_reviews.edit", post="access_reviews.edit")
def new(request: PageRequest) -> HttpResponse:
    """Start a review."""
    organization = request.visitor.organization
    if request.method != "POST":
        said = {
            "owner": request.visitor.membership.pk,
            "unused_days": UNUSED_DAYS,
            "removal_days": REMOVAL_DAYS,
            "systems": [],
        }
        return _form(request, None, said, seen=0)
    said = _sent(request)
    fields, problems = read_review(said)
    if not problems:
        try:
            made = make_review(
                organization=organization,
                fields=fields,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ReviewRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"{reference(made.number)} is started: bring the lists now.")
            return _to(request, made.number)
    return _form(request, None, said, seen=0, problems=problems)


@page("access_reviews.edit", post="access_reviews.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change a review that is open."""
    row = _found(request, number)
    if request.method != "POST":
        return _form(request, row, review_content(review_fields(row)), seen=row.version)
    said, seen = _sent(request), seen_version(request)
    fields, problems = read_review(said)
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_review(
                organization=request.visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ReviewRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{reference(number)}: saved.")
            return _to(request, number)
    return _form(request, row, said, seen=seen, problems=problems, **more)


@page("access_reviews.view")
def review(request: PageRequest, number: int) -> HttpResponse:
    """Show how far a review is, system by system."""
    return _show(request, _found(request, number))


@page("access_reviews.view", post="access_reviews.edit")
def finish(request: PageRequest, number: int) -> HttpResponse:
    """Sign a review off, or open it again for a reason."""
    row = _found(request, number)
    visitor = request.visitor
    if request.method != "POST":
        return _to(request, number)
    try:
        if "reason" in request.POST:
            reopen_review(
                organization=visitor.organization,
                number=number,
                reason=request.POST["reason"],
                seen=seen_version(request),
                by=visitor.name,
                at=visitor.at,
            )
        else:
            finish_review(
                organization=visitor.organization,
                number=number,
                seen=seen_version(request),
                by=visitor.name,
                at=visitor.at,
            )
    except RefusalError as refusal:
        return _show(request, row, refusal=refusal, reason=request.POST.get("reason", ""))
    done = "open again" if "reason" in request.POST else "finished and signed off"
    messages.success(request, f"{reference(number)} is {done}.")
    return _to(request, number)


@page("access_reviews.view")
def output(request: PageRequest, number: int) -> HttpResponse:
    """Send the whole review as a workbook: lists with digests, every account, every decision."""
    row = _found(request, number)
    at, is_example = request.visitor.at, request.visitor.organization.is_example
    made = review_workbook(exported_review(row), at=at, is_example=is_example)
    slug = request.visitor.organization.slug
    called = f"{slug}-{request.visitor.at:%Y-%m-%d}-{reference(number).lower()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=_XLSX, headers=headers)


def _show(request: PageRequest, row: AccessReview, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    visitor = request.visitor
    systems = systems_of(row)
    today = visitor.at.date()
    history = changes(visitor.organization.log, subject=reference(row.number))
    context = {
        "review": row,
        "progress": progress_of([row])[row.pk],
        "systems": [(each, each.is_late(today)) for each in systems],
        "is_late": row.finished_on is None and row.due_on < today,
        "removals": removals(visitor.organization).filter(system__review=row)[:200],
        "today": today,
        "history": [shown(each) for each in history[:_CHANGES]]
        if visitor.may("trail.view")
        else [],
        **more,
    }
    status = 409 if isinstance(more.get("refusal"), StaleVersionError) else 422 if more else 200
    return render(request, "web/access_reviews/review.html", context, status=status)


def _found(request: PageRequest, number: int) -> AccessReview:
    row = review_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


def _to(request: PageRequest, number: int) -> HttpResponse:
    return redirect("access_review", organization=request.visitor.organization.slug, number=number)


def _sent(request: PageRequest) -> dict[str, Any]:
    chosen = [
        {"asset": name.removeprefix("reviewer-"), "reviewer": value}
        for name, value in request.POST.items()
        if name.startswith("reviewer-") and value
    ]
    return {**sent(request, ASKED), "systems": chosen}


def _form(
    request: PageRequest,
    row: AccessReview | None,
    said: dict[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    organization = request.visitor.organization
    asked = _asked(organization)
    chosen = {str(each["asset"]): str(each["reviewer"]) for each in said["systems"]}
    context = {
        "review": row,
        "fields": form_fields(asked, said, problems or ()),
        "systems": [
            (asset, chosen.get(str(asset.number), ""))
            for asset in assets_in_use(organization).filter(has_accounts=True)
        ],
        "reviewers": [(str(e.pk), str(e.user)) for e in possible_reviewers(organization)],
        "seen": seen,
        "problems": named(problems or (), (*asked, Asked("systems", "Systems"))),
        "theirs": lines(asked, review_content(review_fields(row))) if row else [],
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/access_reviews/form.html", context, status=status)


urlpatterns = [
    path("new/", new, name="access_review_new"),
    path("<int:number>/", review, name="access_review"),
    path("<int:number>/edit/", edit, name="access_review_edit"),
    path("<int:number>/finish/", finish, name="access_review_finish"),
    path("<int:number>/review.xlsx", output, name="access_review_file"),
]
