"""The register of risks as a file: out as CSV or XLSX, in by a dry run and then the import."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.grid import LARGEST_FILE, FileRefusedError, read_grid
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.risk_import import PURPOSE, import_risks
from reperform.program.actions.uploads import keep_upload
from reperform.program.models import PendingUpload
from reperform.program.queries.risk_import import risk_import
from reperform.program.queries.risk_pictures import risk_lines
from reperform.program.queries.uploads import kept_upload
from reperform.program.risks.importing import COLUMNS
from reperform.report.risk_sheets import RISK_FILES, risk_file
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 200


@page("risks.view")
def output(request: PageRequest, name: str) -> HttpResponse:
    """Send the whole register, closed risks too, as a file."""
    if name not in RISK_FILES:
        raise Http404
    visitor = request.visitor
    title = f"Risks of {visitor.organization.name}"
    made = risk_file(name, risk_lines(visitor.organization), title=title, at=visitor.at)
    called = f"{visitor.organization.slug}-{visitor.at:%Y-%m-%d}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=RISK_FILES[name], headers=headers)


@page("risks.edit", post="risks.edit")
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
    return redirect("risks_import_check", organization=visitor.organization.slug)


def _ask(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    context = {"columns": COLUMNS.values(), **more}
    return render(request, "web/risks/import.html", context, status=422 if more else 200)


@page("risks.edit", post="risks.edit")
def check(request: PageRequest) -> HttpResponse:
    """Show what the file would do; import it."""
    visitor = request.visitor
    kept = kept_upload(visitor.membership, PURPOSE, at=visitor.at)
    if kept is None:
        messages.warning(request, "There is no file to import: files are kept for an hour.")
        return redirect("risks_import", organization=visitor.organization.slug)
    if request.method != "POST":
        return _dry_run(request, kept)
    try:
        done = import_risks(
            organization=visitor.organization,
            member=visitor.membership,
            name=kept.file_name,
            content=bytes(kept.content),
            expected=request.POST.get("expected", ""),
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return _dry_run(request, kept, refusal=refusal)
    messages.success(request, f"{done.made} risks entered, {done.changed} changed.")
    return redirect("risks", organization=visitor.organization.slug)


def _dry_run(request: PageRequest, kept: PendingUpload, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    grid = read_grid(bytes(kept.content), name=kept.file_name)
    visitor = request.visitor
    plan = risk_import(visitor.organization, grid, today=visitor.at.date())
    context = {
        "kept": kept,
        "plan": plan,
        "recognized": [COLUMNS[name] for name in plan.columns],
        "rows": Paginator(plan.rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "wrong": plan.every_problem[:_ON_A_PAGE],
        **more,
    }
    return render(request, "web/risks/import_check.html", context, status=422 if more else 200)


urlpatterns = [
    path("files/<str:name>", output, name="risks_file"),
    path("import/", upload, name="risks_import"),
    path("import/check/", check, name="risks_import_check"),
]
