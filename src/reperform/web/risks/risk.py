"""One risk: its story, its facts changed, and judged anew."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.ledger.queries import changes, shown
from reperform.program.actions.risks import RiskRefusedError, assess_risk, change_risk
from reperform.program.models import Risk
from reperform.program.queries import adopted_titles
from reperform.program.queries.risks import (
    current_scales,
    fields_of,
    judged,
    judgments,
    listed,
    risk_row,
)
from reperform.program.risks.assessment import read_assessment
from reperform.program.risks.risk import read_risk, risk_content
from reperform.web.asked import lines, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.risks.forms import assessment_asked
from reperform.web.risks.register import asked_of, show_form

_CHANGES = 20


@page("risks.view")
def risk(request: PageRequest, number: int) -> HttpResponse:
    """Tell the whole story of one risk."""
    visitor = request.visitor
    row = _found(request, number)
    now = current_scales(visitor.organization)
    (entry,) = listed([row], now, today=visitor.at.date())
    titles = adopted_titles(visitor.organization)
    history = (
        changes(visitor.organization.log, subject=f"risk {number}")[:_CHANGES]
        if visitor.may("trail.view")
        else ()
    )
    context = {
        "risk": row,
        "entry": entry,
        "fields": fields_of(row),
        "controls": [(code, titles.get(code, "")) for code in row.controls],
        "judgments": [judged(each, now) for each in judgments(row)],
        "scales": now,
        "changes": [shown(each) for each in history],
        "subject": f"risk {number}",
    }
    return render(request, "web/risks/risk.html", context)


@page("risks.edit", post="risks.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what is said of a risk, close it, or open it again."""
    visitor = request.visitor
    row = _found(request, number)
    asked = asked_of(request, is_new=False)
    said: dict[str, Any] = risk_content(fields_of(row))
    seen, status = row.version, 200
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        now, said, seen = said, sent(request, asked), seen_version(request)
        fields, problems = read_risk(
            said,
            today=visitor.at.date(),
            controls={*adopted_titles(visitor.organization), *row.controls},
        )
        status = 422
        if not problems:
            try:
                change_risk(
                    organization=visitor.organization,
                    number=number,
                    fields=fields,
                    seen=seen,
                    by=visitor.name,
                    at=visitor.at,
                )
            except RiskRefusedError as refusal:
                problems = list(refusal.problems)
            except StaleVersionError as stale:
                more, status = {"stale": stale, "theirs": lines(asked, now)}, 409
                seen = stale.current
            else:
                messages.success(request, f"RISK-{number}: saved.")
                return redirect("risk", visitor.organization.slug, number)
    more |= {"risk": row, "seen": seen}
    return show_form(request, "form", asked, said, problems, status=status, **more)


@page("risks.edit", post="risks.edit")
def assess(request: PageRequest, number: int) -> HttpResponse:
    """Judge a risk; the judgments before it stay."""
    visitor = request.visitor
    row = _found(request, number)
    now = current_scales(visitor.organization)
    asked = assessment_asked(now.scales)
    (entry,) = listed([row], now, today=visitor.at.date())
    said: dict[str, Any] = {}
    if entry.judged and not entry.judged.is_earlier:
        said = {each.name: getattr(entry.judged.row, each.name) for each in asked[1:-1]}
    seen, status = row.version, 200
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        said, seen = sent(request, asked), seen_version(request)
        found, problems = read_assessment(
            said,
            scales=now.scales,
            today=visitor.at.date(),
        )
        status = 422
        if not problems:
            try:
                assess_risk(
                    organization=visitor.organization,
                    number=number,
                    assessment=found,
                    scales=_scales_seen(request, now.number),
                    seen=seen,
                    by=visitor.name,
                    at=visitor.at,
                )
            except RiskRefusedError as refusal:
                problems = list(refusal.problems)
            except StaleVersionError as stale:
                more, status, seen = {"stale": stale}, 409, row.version
            else:
                messages.success(request, f"RISK-{number} is judged.")
                return redirect("risk", visitor.organization.slug, number)
    more |= {"risk": row, "seen": seen, "entry": entry, "scales": now}
    return show_form(request, "assess", asked, said, problems, status=status, **more)


def _scales_seen(request: PageRequest, now: int) -> int:
    said = request.POST.get("scales", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else now  # noqa: PLR2004 - a version


def _found(request: PageRequest, number: int) -> Risk:
    found = risk_row(request.visitor.organization, number)
    if found is None:
        raise Http404
    return found
