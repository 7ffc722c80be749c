"""Policies brought as Markdown: a file or a ZIP, its dry run, and the import as drafts."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.policies import PURPOSE, NewPolicy, import_policies
from reperform.program.actions.uploads import keep_upload
from reperform.program.policies.importing import LARGEST_IMPORT, ImportPlan, plan_import
from reperform.program.queries.policies import keys_of
from reperform.program.queries.uploads import kept_upload
from reperform.web.page import PageRequest, page

_SHOWN = 200


@page("policies.edit", post="policies.edit")
def upload(request: PageRequest) -> HttpResponse:
    """Ask for a file; keep it, and go on to its dry run."""
    visitor = request.visitor
    file = request.FILES.get("file")
    if request.method != "POST":
        return _ask(request)
    if not isinstance(file, UploadedFile) or not file.size:
        return _ask(request, missing=True)
    content = file.read(LARGEST_IMPORT + 1)
    plan = plan_import(content, name=file_name(file.name), taken=())
    if not plan.policies:
        return _ask(request, problems=plan.problems)
    keep_upload(
        member=visitor.membership,
        purpose=PURPOSE,
        file_name=file_name(file.name),
        content=content,
        at=visitor.at,
    )
    return redirect("policies_import_check", organization=visitor.organization.slug)


@page("policies.edit", post="policies.edit")
def check(request: PageRequest) -> HttpResponse:
    """Show what the file would make; make it."""
    visitor = request.visitor
    kept = kept_upload(visitor.membership, PURPOSE, at=visitor.at)
    if kept is None:
        messages.warning(request, "There is no file to import: files are kept for an hour.")
        return redirect("policies_import", organization=visitor.organization.slug)
    plan = plan_import(
        bytes(kept.content), name=kept.file_name, taken=keys_of(visitor.organization)
    )
    if request.method != "POST":
        return _dry_run(request, kept.file_name, plan)
    if plan.problems or request.POST.get("expected") != plan.fingerprint:
        return _dry_run(request, kept.file_name, plan, changed=not plan.problems)
    try:
        made = import_policies(
            organization=visitor.organization,
            news=[NewPolicy(each.key, each.fields, each.text) for each in plan.policies],
            file_name=kept.file_name,
            sha256=plan.sha256,
            author=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        )
    except RefusalError as refusal:
        return _dry_run(request, kept.file_name, plan, refusal=refusal)
    messages.success(
        request, f"{len(made)} {'policies' if len(made) > 1 else 'policy'} imported as drafts."
    )
    return redirect("policies", organization=visitor.organization.slug)


def _ask(request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    return render(request, "web/policies/import.html", more, status=422 if more else 200)


def _dry_run(request: PageRequest, name: str, plan: ImportPlan, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    context = {
        "name": name,
        "plan": plan,
        "policies": plan.policies[:_SHOWN],
        "problems": plan.problems[:_SHOWN],
        **more,
    }
    return render(request, "web/policies/import_check.html", context, status=422 if more else 200)
