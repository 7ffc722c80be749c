"""Deciding a waiver that another member asked for, and letting one end before its day."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.reader import Reader
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.actions.waivers import decide_waiver, withdraw_waiver
from reperform.program.models import Waiver
from reperform.program.queries.waivers import state_of_waiver, waiver_fields
from reperform.program.waivers.fields import SLUG, waiver_content
from reperform.program.waivers.refusals import WaiverRefusedError
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.waivers.forms import DECIDE, WAIVER, WITHDRAW
from reperform.web.waivers.pages import found


@page("waivers.approve", post="waivers.approve")
def decide(request: PageRequest, number: int) -> HttpResponse:
    """Approve or decline what another member asked for."""
    row, visitor = found(request, number), request.visitor
    said = sent(request, DECIDE)
    return _step(
        request,
        row,
        DECIDE,
        lambda: decide_waiver(
            organization=visitor.organization,
            number=number,
            is_approved=Reader(said, SLUG).flag("is_approved"),
            note=said["note"],
            seen=seen_version(request),
            decider=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        ),
    )


@page("waivers.approve", post="waivers.approve")
def withdraw(request: PageRequest, number: int) -> HttpResponse:
    """Let an approved waiver end today."""
    row, visitor = found(request, number), request.visitor
    return _step(
        request,
        row,
        WITHDRAW,
        lambda: withdraw_waiver(
            organization=visitor.organization,
            number=number,
            reason=request.POST.get("reason", ""),
            seen=seen_version(request),
            by=visitor.name,
            at=visitor.at,
        ),
    )


def _step(
    request: PageRequest, row: Waiver, asked: tuple[Asked, ...], act: Callable[[], Waiver]
) -> HttpResponse:
    visitor, said = request.visitor, sent(request, asked)
    more: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            kept = act()
        except WaiverRefusedError as refusal:
            more, status = {"wrong": refusal.problems}, 422
        except StaleVersionError as stale:
            stands = state_of_waiver(found(request, row.number), visitor.at.date())
            more, status = {"stale": stale, "theirs": [("State", stands)]}, 409
        except RefusalError as refusal:
            more, status = {"refusal": refusal}, 422
        else:
            state = state_of_waiver(kept, visitor.at.date())
            messages.success(request, f"WVR-{kept.number} is {state}.")
            return redirect("waiver", organization=visitor.organization.slug, number=kept.number)
    wrong = more.pop("wrong", ())
    context = {
        "row": row,
        "is_decision": asked is DECIDE,
        "facts": lines(WAIVER, waiver_content(waiver_fields(row))),
        "fields": form_fields(asked, said, wrong),
        "problems": named(wrong, asked),
        "seen": row.version,
        **more,
    }
    return render(request, "web/waivers/step.html", context, status=status)
