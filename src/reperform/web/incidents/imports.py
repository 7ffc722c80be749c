"""Importing incidents: a file, its dry run, and then the import."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.grid import LARGEST_FILE, FileRefusedError, read_grid
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.incident_import import PURPOSE, import_incidents
from reperform.program.actions.uploads import keep_upload
from reperform.program.incidents.importing import COLUMNS
from reperform.program.models import PendingUpload
from reperform.program.queries.incident_import import incident_import_plan
from reperform.program.queries.uploads import kept_upload
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 200


@page("incidents.edit", post="incidents.edit")
def upload(request: PageRequest) -> HttpResponse:
    """Ask for a file; read it, and go on to its dry run."""
    visitor = request.visitor
    if request.method != "POST":
        return _ask(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        return _ask(request, missing=True)
    try:
        # One byte more than may be: what is larger is refused without being read whole.
        content = file.read(LARGEST_FILE + 1)
        grid = read_grid(content, name=file_name(file.name))
    except FileRefusedError as refusal:
        return _ask(request, refusal=refusal)
    keep_upload(
        member=visitor.membership,
        purpose=PURPOSE,
        file_name=grid.name,
        content=content,
        at=visitor.at,
    )
    return redirect("incident_import_check", organization=visitor.organization.slug)


def _ask(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    context = {"columns": COLUMNS.values(), **more}
    return render(request, "web/incidents/import.html", context, status=422 if more else 200)


@page("incidents.edit", post="incidents.edit")
def check(request: PageRequest) -> HttpResponse:
    """Show what the file would do; import it."""
    visitor = request.visitor
    kept = kept_upload(visitor.membership, PURPOSE, at=visitor.at)
    if kept is None:
        messages.warning(request, "There is no file to import: files are kept for an hour.")
        return redirect("incident_import", organization=visitor.organization.slug)
    if request.method != "POST":
        return _dry_run(request, kept)
    try:
        made = import_incidents(
            organization=visitor.organization,
            member=visitor.membership,
            file_name=kept.file_name,
            content=bytes(kept.content),
            expected=request.POST.get("expected", ""),
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return _dry_run(request, kept, refusal=refusal)
    messages.success(request, f"{len(made)} from {kept.file_name} are in the register.")
    return redirect("incidents", organization=visitor.organization.slug)


def _dry_run(request: PageRequest, kept: PendingUpload, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    visitor = request.visitor
    grid = read_grid(bytes(kept.content), name=kept.file_name)
    plan = incident_import_plan(visitor.organization, grid, at=visitor.at)
    context = {
        "kept": kept,
        "plan": plan,
        "rows": Paginator(plan.rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "problems": plan.every_problem[:_ON_A_PAGE],
        **more,
    }
    status = 422 if more else 200
    return render(request, "web/incidents/import_check.html", context, status=status)
