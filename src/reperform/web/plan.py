"""The remediation plan: tasks in the order of work, and the earliest feasible period start."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.accounts.queries import members
from reperform.audit.queries import gap_analysis, program_state
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.actions.plan import change_tasks, make_proposed
from reperform.program.plan import Risk, TaskState, read_task
from reperform.program.plan.proposals import Proposals, propose, states_by_gap
from reperform.program.queries.plan import gaps_with_tasks, has_tasks
from reperform.web import plan_task
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page
from reperform.web.plan_lines import NOBODY, Line, chosen_lines, open_lines
from reperform.web.plan_task import limit

_ON_A_PAGE = 50
_BULK = ("owner", "due_on", "effort_days", "risk", "state", "reason")


@page("gap.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show the plan in the order of work."""
    return _list(request)


def _list(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    visitor = request.visitor
    now = program_state(visitor.organization, catalog=catalog(), at=visitor.at)
    chosen = {name: request.GET.get(name, "") for name in ("state", "owner", "criterion")}
    every = open_lines(request, now)
    tasks = [each.task for each in every]
    # A paginator counts and slices, which lines can.
    shown = cast("Sequence[Line]", chosen_lines(request, every, chosen))
    lines = Paginator(shown, _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "web/plan.html",
        {
            "lines": lines,
            "has_tasks": bool(every) or has_tasks(visitor.organization),
            "open": sum(task.is_open for task in tasks),
            "late": sum(each.is_late for each in every),
            "without_effort": sum(
                task.is_open and task.fields.effort_days is None for task in tasks
            ),
            "without_owner": sum(task.is_open and task.fields.owner is None for task in tasks),
            "start": now.start,
            "chosen": chosen,
            "states": list(TaskState),
            "risks": list(Risk),
            "people": members(request.visitor.organization).filter(is_active=True),
            "may_bulk": any(each.is_own for each in lines.object_list),
            **more,
        },
        status=409 if "stale" in more else 422 if more else 200,
    )


@page("gap.view", post="tasks.edit")
def bulk(request: PageRequest) -> HttpResponse:
    """Change the same fields of every task that was ticked."""
    organization = request.visitor.organization
    if request.method != "POST":
        return redirect("plan", organization=organization.slug)
    sent = {name: request.POST.get(name, "") for name in _BULK if request.POST.get(name)}
    nobody = sent.get("owner") == NOBODY
    if nobody:
        del sent["owner"]
    today = request.visitor.at.date()
    fields, problems = read_task({"title": "as it is"} | sent, today=today)
    seen = _ticked(request)
    if not seen:
        todo = "tick at least one task"
        problems = [*problems, Problem("tasks", "none is ticked", todo, "task-field")]
    if not sent and not nobody:
        todo = "choose what to change"
        problems = [*problems, Problem("changes", "there is none", todo, "task-field")]
    if problems:
        return _list(request, problems=problems)
    changes = {name: getattr(fields, name) for name in sent} | ({"owner": None} if nobody else {})
    if "state" in sent:
        changes["closed_on"] = fields.closed_on
    try:
        number = change_tasks(
            organization=organization,
            seen=seen,
            changes=changes,
            limited_to=limit(request),
            by=request.visitor.name,
            at=request.visitor.at,
        )
    except RefusalError as refusal:
        return _list(request, refusal=refusal)
    messages.success(request, f"{number} of {len(seen)} tasks changed.")
    return redirect("plan", organization=organization.slug)


def _ticked(request: PageRequest) -> dict[int, int]:
    """Return the ticked tasks with the versions that were shown."""
    found = {}
    for each in request.POST.getlist("task")[:_ON_A_PAGE]:
        number, _, version = each.partition(":")
        if all(part.isascii() and part.isdecimal() and len(part) < 9 for part in (number, version)):  # noqa: PLR2004 - a number
            found[int(number)] = int(version)
    return found


@page("gap.edit", post="gap.edit")
def proposals(request: PageRequest) -> HttpResponse:
    """Show the tasks that the gaps suggest; make those that are ticked."""
    organization = request.visitor.organization
    found = _proposals(request)
    if request.method != "POST":
        return render(request, "web/plan/propose.html", {"proposals": found})
    ticked = set(request.POST.getlist("gap"))
    made = make_proposed(
        organization=organization,
        proposals=[each for each in found.offered if each.gap in ticked],
        by=request.visitor.name,
        at=request.visitor.at,
    )
    messages.success(request, f"{len(made)} task{'' if len(made) == 1 else 's'} made.")
    return redirect("plan", organization=organization.slug)


def _proposals(request: PageRequest) -> Proposals:
    organization = request.visitor.organization
    analysis = gap_analysis(organization, catalog=catalog(), at=request.visitor.at)
    return propose(analysis, states_by_gap(gaps_with_tasks(organization)))


@page("gap.view")
def start(request: PageRequest) -> HttpResponse:
    """Show the earliest feasible period start with its reasons."""
    visitor = request.visitor
    now = program_state(visitor.organization, catalog=catalog(), at=visitor.at)
    found, first = now.start, now.analysis.scope.first
    return render(
        request,
        "web/plan/start.html",
        {
            "analysis": now.analysis,
            "start": found,
            "bounds": found.bounds[:_ON_A_PAGE],
            "planned": first,
            "too_early": (found.day - first).days if found.day and first else 0,
        },
    )


urlpatterns = [
    path("", overview, name="plan"),
    path("change/", bulk, name="plan_bulk"),
    path("propose/", proposals, name="plan_propose"),
    path("start/", start, name="plan_start"),
    *plan_task.urlpatterns,
]
