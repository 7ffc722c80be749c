"""Files that people bring to a connection which reads no folder."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.evidence.actions.brought import bring_file, refuse_no_files, take_back_file
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.models import Connection
from reperform.evidence.queries.access import brought_files
from reperform.program.files import LARGEST_FILE
from reperform.web.connections.registry import found_connection
from reperform.web.page import PageRequest, page


@page("connections.edit", post="connections.edit")
def files(request: PageRequest, number: int) -> HttpResponse:
    """Show the files that the next run reads; a POST brings one, or takes one back.

    A connection that reads none has no such page: its own is shown.
    """
    row, slug = found_connection(request, number), request.visitor.organization.slug
    try:
        refuse_no_files(row)
    except ConnectionNotKeptError:
        return redirect("connection", organization=slug, number=number)
    if request.method != "POST":
        return _shown(request, row)
    try:
        if "take_back" in request.POST:
            _take_back(request, number)
        else:
            _bring(request, number)
    except ConnectionNotKeptError as refusal:
        return _shown(request, row, problems=[(e.where, e) for e in refusal.problems])
    except RefusalError as refusal:
        return _shown(request, row, refusal=refusal)
    return redirect("connection_files", organization=slug, number=number)


def _bring(request: PageRequest, number: int) -> None:
    file = request.FILES.get("file")
    if file is None:
        what = Problem("file", "is missing", "choose the file", "connection-setting")
        raise ConnectionNotKeptError([what])
    kept = bring_file(
        organization=request.visitor.organization,
        number=number,
        name=file.name or "file",
        content=file.read(LARGEST_FILE + 1),
        by=request.visitor.name,
        at=request.visitor.at,
    )
    messages.success(request, f"{kept.name} is kept. The next run reads it: collect now.")


def _take_back(request: PageRequest, number: int) -> None:
    said = request.POST.get("take_back", "")
    take_back_file(
        organization=request.visitor.organization,
        number=number,
        file=int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0,  # noqa: PLR2004 - a number
        by=request.visitor.name,
        at=request.visitor.at,
    )
    messages.success(request, "The next run does not read it any more; what it brought stays.")


def _shown(request: PageRequest, row: Connection, **more: object) -> HttpResponse:
    row.refresh_from_db()
    context = {"connection": row, "files": brought_files(row), **more}
    return render(request, "web/connections/files.html", context, status=422 if more else 200)
