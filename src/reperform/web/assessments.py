"""Importing an earlier assessment: a file, its dry run with the mapping, and then the import."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.grid import LARGEST_FILE, FileRefusedError, Grid, read_grid
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.assessments import PURPOSE, import_assessment
from reperform.program.actions.uploads import keep_upload
from reperform.program.gap.mapping import FIELDS, NEEDED, guess, read_mapping
from reperform.program.models import PendingUpload
from reperform.program.queries.assessments import assessments, import_plan
from reperform.program.queries.uploads import kept_upload
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 200


@page("gap.edit", post="gap.edit")
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
    return redirect("gap_import_check", organization=visitor.organization.slug)


def _ask(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    organization = request.visitor.organization
    context = {"assessments": assessments(organization), "most": LARGEST_FILE, **more}
    return render(request, "web/gap/import.html", context, status=422 if more else 200)


@page("gap.edit", post="gap.edit")
def check(request: PageRequest) -> HttpResponse:
    """Show what the file would do with the columns as they are chosen; import it."""
    visitor = request.visitor
    kept = kept_upload(visitor.membership, PURPOSE, at=visitor.at)
    if kept is None:
        messages.warning(request, "There is no file to import: files are kept for an hour.")
        return redirect("gap_import", organization=visitor.organization.slug)
    grid = read_grid(bytes(kept.content), name=kept.file_name)
    said = request.POST if request.method == "POST" else request.GET
    is_chosen = "criterion" in said
    mapping = (
        read_mapping({name: said.get(name, "") for name in FIELDS}, len(grid.header))
        if is_chosen
        else guess(grid.header)
    )
    if request.method != "POST":
        return _dry_run(request, kept, grid, mapping)
    try:
        made = import_assessment(
            organization=visitor.organization,
            member=visitor.membership,
            file_name=kept.file_name,
            content=bytes(kept.content),
            mapping=mapping,
            expected=request.POST.get("expected", ""),
            criteria=catalog().criteria,
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return _dry_run(request, kept, grid, mapping, refusal=refusal)
    messages.success(request, f"{made.file_name} is imported as assessment {made.number}.")
    return redirect("gap", organization=visitor.organization.slug)


def _dry_run(
    request: PageRequest,
    kept: PendingUpload,
    grid: Grid,
    mapping: dict[str, int],
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    plan = import_plan(request.visitor.organization, grid, mapping, criteria=catalog().criteria)
    context = {
        "kept": kept,
        "plan": plan,
        "rows": Paginator(plan.rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "fields": [
            (name, label, name in NEEDED, mapping.get(name)) for name, label in FIELDS.items()
        ],
        "columns": list(enumerate(grid.header)),
        "mapping": mapping.items(),
        "problems": plan.every_problem[:_ON_A_PAGE],
        **more,
    }
    return render(request, "web/gap/import_check.html", context, status=422 if more else 200)


urlpatterns = [
    path("import/", upload, name="gap_import"),
    path("import/check/", check, name="gap_import_check"),
]
