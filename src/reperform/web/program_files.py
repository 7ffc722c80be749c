"""The program as files: take it out, bring it back, see what it would do, and apply it."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.code.apply import apply_program, export_program, plan_program
from reperform.program.actions.code.registers import KINDS
from reperform.program.actions.uploads import forget_upload, keep_upload
from reperform.program.code.archive import (
    LARGEST_ARCHIVE,
    ArchiveRefusedError,
    unzip_program,
    zip_program,
)
from reperform.program.code.plan import Plan
from reperform.program.code.shown import field_lines, summary
from reperform.program.models import PendingUpload
from reperform.program.queries.uploads import kept_upload
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_PURPOSE = "program"
_ON_A_PAGE = 50
_MOST_PROBLEMS = 200


@page("program.export", post="program.apply")
def files(request: PageRequest) -> HttpResponse:
    """Offer the program as a ZIP, and take one; go on to what it would do."""
    visitor = request.visitor
    if request.method != "POST":
        return _ask(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        return _ask(request, missing=True)
    try:
        # One byte more than may be: what is larger is refused without being read whole.
        content = file.read(LARGEST_ARCHIVE + 1)
        unzip_program(content)
    except ArchiveRefusedError as refusal:
        return _ask(request, refusal=refusal)
    keep_upload(
        member=visitor.membership,
        purpose=_PURPOSE,
        file_name=file_name(file.name),
        content=content,
        at=visitor.at,
    )
    return redirect("program_files_check", organization=visitor.organization.slug)


def _ask(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    visitor = request.visitor
    context = {
        "kinds": KINDS,
        "most": LARGEST_ARCHIVE // 1_000_000,
        "waiting": kept_upload(visitor.membership, _PURPOSE, at=visitor.at),
        "dry_run": reverse("program_files_check", args=[visitor.organization.slug]),
        **more,
    }
    return render(request, "web/program_files/files.html", context, status=422 if more else 200)


@page("program.export")
def download(request: PageRequest) -> HttpResponse:
    """Hand out the whole program as a ZIP."""
    return HttpResponse(
        zip_program(export_program(request.visitor.organization)),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="program.zip"'},
    )


@page("program.apply", post="program.apply")
def check(request: PageRequest) -> HttpResponse:
    """Show what the files would do, and apply them."""
    visitor = request.visitor
    kept = kept_upload(visitor.membership, _PURPOSE, at=visitor.at)
    if kept is None:
        messages.warning(request, "There are no files to apply: they are kept for an hour.")
        return redirect("program_files", organization=visitor.organization.slug)
    if request.method != "POST":
        return _dry_run(request, kept, request.GET.getlist("over"))
    over = request.POST.getlist("over")
    try:
        applied = apply_program(
            organization=visitor.organization,
            files=unzip_program(bytes(kept.content)),
            catalog=catalog(),
            over=over,
            expected=request.POST.get("expected", ""),
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return _dry_run(request, kept, over, refusal=refusal)
    forget_upload(member=visitor.membership, purpose=_PURPOSE)
    messages.success(
        request,
        f"{kept.file_name} is applied: {summary(applied.plan)}. Take the files out again before you"
        " edit them on: then they know what stands now.",
    )
    return redirect("program_files", organization=visitor.organization.slug)


def _dry_run(
    request: PageRequest,
    kept: PendingUpload,
    over: list[str],
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    plan: Plan = plan_program(
        organization=request.visitor.organization,
        files=unzip_program(bytes(kept.content)),
        catalog=catalog(),
        over=over,
        by=request.visitor.name,
        at=request.visitor.at,
    )
    changes = Paginator(plan.changes, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "kept": kept,
        "plan": plan,
        "summary": summary(plan),
        "over": over,
        "changes": changes,
        "rows": [
            (change, [(each.name, list(field_lines(each))) for each in change.fields])
            for change in changes
        ],
        "problems": plan.problems[:_MOST_PROBLEMS],
        **more,
    }
    return render(request, "web/program_files/check.html", context, status=422 if more else 200)


urlpatterns = [
    path("", files, name="program_files"),
    path("program.zip", download, name="program_files_zip"),
    path("check/", check, name="program_files_check"),
]
