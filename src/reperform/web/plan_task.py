"""One task of the remediation plan: made, changed, closed."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.accounts.models import Membership
from reperform.accounts.queries import members
from reperform.audit.queries import gap_analysis
from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.program.actions.plan import (
    TaskNotYoursError,
    change_task,
    make_task,
)
from reperform.program.actions.task_rows import TaskRefusedError
from reperform.program.plan import PlannedTask, Risk, TaskFields, TaskState, read_task
from reperform.program.queries.plan import open_tasks, planned_task, task_row
from reperform.web.asked import seen_version
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_FIELDS = tuple(each.name for each in fields_of(TaskFields))
_LABELS = {
    "title": "What is to be done",
    "note": "More about it",
    "criterion": "Criterion",
    "point": "Point of focus",
    "control": "Control",
    "owner": "Owner",
    "due_on": "Due",
    "effort_days": "Effort",
    "risk": "Risk",
    "depends_on": "Waits for",
    "state": "State",
    "closed_on": "Closed on",
    "reason": "Reason",
}


def may_edit(request: PageRequest, task: PlannedTask) -> bool:
    """Return whether the visitor may change `task`: all of them, or their own."""
    visitor = request.visitor
    is_own = task.fields.owner == visitor.membership.pk
    return visitor.may("gap.edit") or (visitor.may("tasks.edit") and is_own)


def limit(request: PageRequest) -> Membership | None:
    """Return the visitor when they may change own tasks only."""
    return None if request.visitor.may("gap.edit") else request.visitor.membership


@page("gap.edit", post="gap.edit")
def new(request: PageRequest) -> HttpResponse:
    """Make a task; the page that led here may have said what it is about."""
    if request.method != "POST":
        said = {name: request.GET.get(name, "")[:300] for name in _FIELDS}
        return _form(request, None, said, seen=0)
    sent = _sent(request)
    fields, problems = read_task(sent, today=request.visitor.at.date())
    if not problems:
        try:
            made = make_task(
                organization=request.visitor.organization,
                fields=fields,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except TaskRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"Task {made.number} is made.")
            return redirect(
                "task", organization=request.visitor.organization.slug, number=made.number
            )
    return _form(request, None, sent, seen=0, problems=problems)


@page("gap.view", post="tasks.edit")
def task(request: PageRequest, number: int) -> HttpResponse:
    """Show a task; change it, or close it."""
    organization = request.visitor.organization
    row = task_row(organization, number)
    if row is None:
        raise Http404
    found = planned_task(row)
    if request.method != "POST":
        return _form(request, found, _said(found.fields), seen=found.version)
    sent, seen = _sent(request), seen_version(request)
    fields, problems = read_task(sent, today=request.visitor.at.date())
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_task(
                organization=organization,
                number=number,
                fields=fields,
                seen=seen,
                limited_to=limit(request),
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except TaskRefusedError as refusal:
            problems = list(refusal.problems)
        except TaskNotYoursError as refusal:
            more = {"refusal": refusal}
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": _lines(found)}, stale.current
        else:
            messages.success(request, f"Task {number}: saved.")
            return redirect("plan", organization=organization.slug)
    return _form(request, found, sent, seen=seen, problems=problems, **more)


def _sent(request: PageRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in _FIELDS}


def _said(fields: TaskFields) -> dict[str, str]:
    """Return a task's fields as a form shows them."""
    said = {name: getattr(fields, name) for name in _FIELDS}
    said["depends_on"] = ", ".join(map(str, fields.depends_on))
    return {name: "" if value is None else str(value) for name, value in said.items()}


def _lines(task: PlannedTask) -> list[tuple[str, str]]:
    said = _said(task.fields) | {"owner": task.owner_name}
    return [(_LABELS[name], value) for name, value in said.items() if value]


def _form(
    request: PageRequest,
    found: PlannedTask | None,
    said: Mapping[str, str],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    organization = request.visitor.organization
    analysis = gap_analysis(organization, catalog=catalog(), at=request.visitor.at)
    others = [
        each for each in open_tasks(organization) if found is None or each.number != found.number
    ]
    needed = [each for each in others if found and each.number in found.fields.depends_on]
    status = 409 if "stale" in more else 422 if problems or more else 200
    context = {
        "task": found,
        "said": said,
        "seen": seen,
        "problems": [(_LABELS.get(each.where, each.where), each) for each in problems or ()],
        "wrong": {each.where for each in problems or ()},
        "may_edit": found is None or may_edit(request, found),
        "may_give": request.visitor.may("gap.edit"),
        "is_late": found is not None and found.is_late(request.visitor.at.date()),
        "lines": _lines(found) if found else [],
        "people": members(organization).filter(is_active=True),
        "criteria": [each.criterion for each in analysis.criteria],
        "controls": sorted(analysis.adopted),
        "others": others,
        "needed": needed,
        "risks": list(Risk),
        "states": list(TaskState),
        **more,
    }
    return render(request, "web/plan/task.html", context, status=status)


urlpatterns = [
    path("new/", new, name="task_new"),
    path("<int:number>/", task, name="task"),
]
