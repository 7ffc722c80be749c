"""The accounts of one system of a review, and what the reviewer decides of each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.access_reviews import Decided, Decision, read_decision
from reperform.program.actions.access_reviews import ReviewRefusedError
from reperform.program.actions.account_decisions import decide_accounts, keep_unmarked
from reperform.program.models import ReviewedSystem
from reperform.program.queries.access_reviews import (
    Line,
    is_own,
    lines_of,
    may_decide,
    review_row,
    system_row,
)
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_SHOWN: dict[str, Callable[[Line], bool]] = {
    "open": lambda line: line.is_open,
    "marked": lambda line: bool(line.flags),
}


@page("access_reviews.view", post="access_reviews.decide")
def system(request: PageRequest, number: int, asset: int) -> HttpResponse:
    """Show the accounts of a system; decide of those where something is chosen."""
    row = _found(request, number, asset)
    if request.method != "POST":
        return _show(request, row)
    visitor = request.visitor
    decisions, problems = _sent(request.POST)
    if problems:
        return _show(request, row, problems=problems)
    try:
        count = decide_accounts(
            organization=visitor.organization,
            review=number,
            asset=asset,
            decisions=decisions,
            member=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        )
    except ReviewRefusedError as refusal:
        return _show(request, row, problems=list(refusal.problems))
    except RefusalError as refusal:
        return _show(request, row, refusal=refusal)
    messages.success(request, f"{count} decided." if count else "Nothing was chosen.")
    return _back(request, number, asset)


@page("access_reviews.view", post="access_reviews.decide")
def keep(request: PageRequest, number: int, asset: int) -> HttpResponse:
    """Keep every account that is not marked and not decided."""
    _found(request, number, asset)
    visitor = request.visitor
    if request.method == "POST":
        try:
            count = keep_unmarked(
                organization=visitor.organization,
                review=number,
                asset=asset,
                member=visitor.membership,
                by=visitor.name,
                at=visitor.at,
            )
        except RefusalError as refusal:
            return _show(request, _found(request, number, asset), refusal=refusal)
        messages.success(request, f"{count} accounts without a mark are kept.")
    return _back(request, number, asset)


def _sent(said: QueryDict) -> tuple[list[Decided], list[Problem]]:
    """Return what was chosen; a row that is sent as it was shown is left out."""
    decisions, problems = [], []
    for name in said:
        row = name.removeprefix("decision-")
        if name == row or not said[name]:
            continue
        content = {
            "row": row,
            "decision": said[name],
            "change_to": said.get(f"change_to-{row}", ""),
            "reason": said.get(f"reason-{row}", ""),
            "seen": said.get(f"seen-{row}", ""),
        }
        decided, wrong = read_decision(content)
        was = (
            said.get(f"was-{row}", ""),
            said.get(f"was-change_to-{row}", ""),
            said.get(f"was-reason-{row}", ""),
        )
        if was != (decided.decision.value, decided.change_to, decided.reason) or wrong:
            decisions.append(decided)
            problems += wrong
    return decisions, problems


def _found(request: PageRequest, number: int, asset: int) -> ReviewedSystem:
    review = review_row(request.visitor.organization, number)
    row = system_row(review, asset) if review else None
    if row is None:
        raise Http404
    return row


def _back(request: PageRequest, number: int, asset: int) -> HttpResponse:
    slug = request.visitor.organization.slug
    url = reverse("access_review_system", args=[slug, number, asset])
    query = request.GET.urlencode()
    return redirect(f"{url}?{query}" if query else url)


def _said(request: PageRequest, line: Line) -> dict[str, Any]:
    """Return what a row's fields show: what was just sent and refused, else what is decided."""
    row, there = line.account.row, line.decision
    kept = {
        "decision": there.decision if there else "",
        "change_to": there.change_to if there else "",
        "reason": there.reason if there else "",
    }
    sent = {name: request.POST.get(f"{name}-{row}") for name in kept}
    return kept | {name: value for name, value in sent.items() if value is not None}


def _show(request: PageRequest, row: ReviewedSystem, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    visitor = request.visitor
    every = lines_of(row)
    show = request.GET.get("show", "")
    chosen = [each for each in every if show not in _SHOWN or _SHOWN[show](each)]
    shown = Paginator(chosen, _ON_A_PAGE).get_page(request.GET.get("page"))
    may = visitor.may("access_reviews.decide") and row.review.finished_on is None
    context = {
        "system": row,
        "review": row.review,
        "accounts": shown,
        "lines": [
            (
                each,
                _said(request, each),
                may and may_decide(each, row, visitor.membership),
                is_own(each.account, visitor.membership),
            )
            for each in shown
        ],
        "decisions": [each.value for each in Decision if each.value],
        "open": sum(each.is_open for each in every),
        "marked": sum(bool(each.flags) for each in every),
        "easy": sum(
            not each.flags and each.decision is None and may_decide(each, row, visitor.membership)
            for each in every
        )
        if may
        else 0,
        "count": len(every),
        "may": may,
        "is_reviewer": row.reviewer_id == visitor.membership.pk,
        "show": show,
        **more,
    }
    status = 409 if isinstance(more.get("refusal"), StaleVersionError) else 422 if more else 200
    return render(request, "web/access_reviews/system.html", context, status=status)


urlpatterns = [
    path("<int:number>/systems/<int:asset>/", system, name="access_review_system"),
    path("<int:number>/systems/<int:asset>/keep/", keep, name="access_review_keep"),
]
