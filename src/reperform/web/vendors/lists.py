"""Lists of vendors that come in, with a dry run, and that go out."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.grid import LARGEST_FILE, FileRefusedError, Grid, read_grid
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.uploads import keep_upload
from reperform.program.actions.vendor_lists import PURPOSE, import_vendors
from reperform.program.models import PendingUpload
from reperform.program.queries.uploads import kept_upload
from reperform.program.queries.vendor_lists import listed_vendors, vendor_import_plan
from reperform.program.vendors.importing import COLUMNS
from reperform.report.vendor_files import VENDOR_FILES, vendor_file
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 200


@page("vendors.edit", post="vendors.edit")
def upload(request: PageRequest) -> HttpResponse:
    """Ask for a file; read it, and go on to its dry run."""
    visitor = request.visitor
    if request.method != "POST":
        return _ask(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        return _ask(request, missing=True)
    try:
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
    return redirect("vendors_import_check", organization=visitor.organization.slug)


def _ask(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    context = {"columns": COLUMNS.values(), **more}
    return render(request, "web/vendors/import.html", context, status=422 if more else 200)


@page("vendors.edit", post="vendors.edit")
def check(request: PageRequest) -> HttpResponse:
    """Show what the file would do; import it."""
    visitor = request.visitor
    kept = kept_upload(visitor.membership, PURPOSE, at=visitor.at)
    if kept is None:
        messages.warning(request, "There is no file to import: files are kept for an hour.")
        return redirect("vendors_import", organization=visitor.organization.slug)
    grid = read_grid(bytes(kept.content), name=kept.file_name)
    if request.method != "POST":
        return _dry_run(request, kept, grid)
    try:
        plan = import_vendors(
            organization=visitor.organization,
            member=visitor.membership,
            file_name=kept.file_name,
            content=bytes(kept.content),
            expected=request.POST.get("expected", ""),
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return _dry_run(request, kept, grid, refusal=refusal)
    said = f"{plan.made} entered, {plan.changed} changed."
    messages.success(request, f"{kept.file_name} is imported: {said}")
    return redirect("vendors", organization=visitor.organization.slug)


def _dry_run(
    request: PageRequest,
    kept: PendingUpload,
    grid: Grid,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    plan = vendor_import_plan(request.visitor.organization, grid)
    context = {
        "kept": kept,
        "plan": plan,
        "rows": Paginator(plan.rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "problems": plan.every_problem[:_ON_A_PAGE],
        **more,
    }
    return render(request, "web/vendors/import_check.html", context, status=422 if more else 200)


@page("vendors.view")
def output(request: PageRequest, kind: str) -> HttpResponse:
    """Send the whole register as a file."""
    if kind not in VENDOR_FILES:
        raise Http404
    organization, at = request.visitor.organization, request.visitor.at
    made = vendor_file(kind, listed_vendors(organization), organization=organization.name, at=at)
    called = f"{organization.slug}-{at:%Y-%m-%d}-vendors.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=VENDOR_FILES[kind], headers=headers)
