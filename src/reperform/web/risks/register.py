"""The register of risks, and what a new one says."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.accounts.queries import members
from reperform.base.problem import Problem
from reperform.program.actions.risks import RiskRefusedError, make_risk
from reperform.program.queries import adopted_titles
from reperform.program.queries.risks import (
    RiskFilter,
    current_scales,
    listed,
    risk_counts,
    risks_like,
)
from reperform.program.risks.risk import Category, RiskState, Treatment, read_risk
from reperform.web.asked import Asked, form_fields, named, sent
from reperform.web.page import PageRequest, page
from reperform.web.risks.forms import risk_asked

_ON_A_PAGE = 50
_LONGEST = 200


def wanted(request: PageRequest) -> RiskFilter:
    """Return what the address narrows the list to; what it cannot mean is left out."""
    said = {
        name: request.GET.get(name, "")[:_LONGEST].replace("\0", "")
        for name in ("q", "state", "category", "owner", "treatment", "cell", "which")
    }
    owner = said["owner"]
    return RiskFilter(
        text=said["q"],
        state=said["state"] if said["state"] in list(RiskState) else "",
        category=said["category"] if said["category"] in list(Category) else "",
        owner=int(owner) if owner.isascii() and owner.isdecimal() and len(owner) < 10 else None,  # noqa: PLR2004 - a key
        treatment=said["treatment"] if said["treatment"] in list(Treatment) else "",
        due=bool(request.GET.get("due")),
        cell=said["cell"],
        which="inherent" if said["which"] == "inherent" else "residual",
    )


@page("risks.view")
def risks(request: PageRequest) -> HttpResponse:
    """List the risks."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    now, chosen = current_scales(organization), wanted(request)
    found = Paginator(risks_like(organization, chosen, today=today), _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": found,
        "risks": listed(found, now, today=today),
        "counts": risk_counts(organization, now, today=today),
        "wanted": chosen,
        "scales": now,
        "categories": list(Category),
        "treatments": list(Treatment),
        "states": list(RiskState),
        "people": members(organization).filter(is_active=True),
    }
    return render(request, "web/risks/risks.html", context)


def asked_of(request: PageRequest, *, is_new: bool) -> tuple[Asked, ...]:
    """Return what the form of a risk asks, with the organization's people and controls."""
    organization = request.visitor.organization
    return risk_asked(
        list(members(organization).filter(is_active=True)),
        list(adopted_titles(organization).items()),
        is_new=is_new,
    )


@page("risks.edit", post="risks.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter a risk."""
    visitor = request.visitor
    asked = asked_of(request, is_new=True)
    said: dict[str, Any] = {}
    problems: list[Problem] = []
    if request.method == "POST":
        said = sent(request, asked)
        fields, problems = read_risk(
            said, today=visitor.at.date(), controls=adopted_titles(visitor.organization)
        )
        if not problems:
            try:
                made = make_risk(
                    organization=visitor.organization, fields=fields, by=visitor.name, at=visitor.at
                )
            except RiskRefusedError as refusal:
                problems = list(refusal.problems)
            else:
                return redirect("risk_assess", visitor.organization.slug, made.number)
    return show_form(request, "form", asked, said, problems, status=422 if problems else 200)


def show_form(
    request: PageRequest,
    template: str,
    asked: tuple[Asked, ...],
    said: Mapping[str, Any],
    problems: Sequence[Problem],
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    """Return a form with what was said in it, what is wrong, and whatever else it shows."""
    status = more.pop("status")
    context = {
        "fields": form_fields(asked, said, problems),
        "problems": named(problems, asked),
        **more,
    }
    return render(request, f"web/risks/{template}.html", context, status=status)
