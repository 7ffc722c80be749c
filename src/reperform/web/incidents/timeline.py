"""What people write into an incident's timeline, and the tasks that its lessons lead to."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.incident_timeline import Proof, add_entry, make_lesson_task
from reperform.program.actions.task_rows import TaskRefusedError
from reperform.program.files import LARGEST_FILE
from reperform.program.incidents import reference
from reperform.program.incidents.timeline import read_entry
from reperform.program.plan import read_task
from reperform.web.asked import form_fields, named, sent
from reperform.web.incidents.forms import ENTRY, lesson_asked
from reperform.web.incidents.incident import found_incident, show
from reperform.web.page import PageRequest, page


@page("incidents.view", post="incidents.edit")
def entry(request: PageRequest, number: int) -> HttpResponse:
    """Write an entry into the timeline, with a proof where there is one."""
    visitor, row = request.visitor, found_incident(request, number)
    if request.method != "POST":
        return redirect("incident", organization=visitor.organization.slug, number=number)
    said = sent(request, ENTRY)
    fields, problems = read_entry(said, at=visitor.at)
    if problems:
        return show(request, row, entry=said, entry_problems=problems)
    try:
        add_entry(
            organization=visitor.organization,
            number=number,
            fields=fields,
            proof=_proof(request),
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return show(request, row, entry=said, refusal=refusal)
    messages.success(request, "It is in the timeline.")
    return redirect("incident", organization=visitor.organization.slug, number=number)


def _proof(request: PageRequest) -> Proof | None:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or (not file.size and not file.name):
        return None
    # One byte more than may be: what is larger is refused without being read whole.
    return Proof(file_name(file.name), file.read(LARGEST_FILE + 1))


@page("incidents.edit", post="incidents.edit")
def lesson(request: PageRequest, number: int) -> HttpResponse:
    """Make a task of the plan that a lesson leads to."""
    visitor, row = request.visitor, found_incident(request, number)
    asked = lesson_asked(visitor.organization)
    said: dict[str, Any] = {"note": f"A lesson of {reference(number)}.", "risk": "medium"}
    problems: list[Problem] = []
    if request.method == "POST":
        said = sent(request, asked)
        fields, problems = read_task(said, today=visitor.at.date())
        if not problems:
            try:
                made = make_lesson_task(
                    organization=visitor.organization,
                    number=number,
                    fields=fields,
                    by=visitor.name,
                    at=visitor.at,
                )
            except TaskRefusedError as refusal:
                problems = list(refusal.problems)
            else:
                messages.success(request, f"Task {made.number} is in the plan.")
                return redirect("incident", organization=visitor.organization.slug, number=number)
    context = {
        "incident": row,
        "reference": reference(number),
        "fields": form_fields(asked, said, problems),
        "problems": named(problems, asked),
    }
    status = 422 if problems else 200
    return render(request, "web/incidents/lesson.html", context, status=status)
