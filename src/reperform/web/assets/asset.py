"""One asset: its story, its form, and how it went out of use."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.base.visible import file_name
from reperform.ledger.queries import changes, shown
from reperform.program.actions.assets import (
    AssetRefusedError,
    Brought,
    change_asset,
    make_asset,
    retire_asset,
)
from reperform.program.assets import asset_content, read_asset, read_retirement, reference
from reperform.program.files import LARGEST_FILE
from reperform.program.models import Asset
from reperform.program.queries.assets import asset_fields, asset_row, flows_of
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.assets.forms import RETIREMENT, asset_form
from reperform.web.page import PageRequest, page

_CHANGES = 20


@page("assets.view")
def asset(request: PageRequest, number: int) -> HttpResponse:
    """Tell the whole story of one asset."""
    row = _found(request, number)
    history = changes(request.visitor.organization.log, subject=reference(number))
    may_trail = request.visitor.may("trail.view")
    return render(
        request,
        "web/assets/asset.html",
        {
            "asset": row,
            "flows": flows_of(row),
            "history": [shown(each) for each in history[:_CHANGES]] if may_trail else [],
        },
    )


@page("assets.edit", post="assets.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter an asset."""
    organization = request.visitor.organization
    asked = asset_form(organization)
    if request.method != "POST":
        return _form(request, None, {name.name: "" for name in asked}, seen=0)
    said = sent(request, asked)
    fields, problems = read_asset(said)
    if not problems:
        try:
            made = make_asset(
                organization=organization,
                fields=fields,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except AssetRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"{reference(made.number)} is entered.")
            return redirect("asset", organization=organization.slug, number=made.number)
    return _form(request, None, said, seen=0, problems=problems)


@page("assets.edit", post="assets.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change an asset."""
    row = _found(request, number)
    if request.method != "POST":
        return _form(request, row, asset_content(asset_fields(row)), seen=row.version)
    said, seen = sent(request, asset_form(request.visitor.organization)), seen_version(request)
    fields, problems = read_asset(said)
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_asset(
                organization=request.visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except AssetRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{reference(number)}: saved.")
            return _to(request, number)
    return _form(request, row, said, seen=seen, problems=problems, **more)


@page("assets.edit", post="assets.edit")
def retire(request: PageRequest, number: int) -> HttpResponse:
    """Say that an asset went out of use, and what became of its data."""
    row = _found(request, number)
    if request.method != "POST":
        said: dict[str, Any] = {
            "on": row.retired_on or request.visitor.at.date(),
            "reason": row.retired_because,
            "disposal": row.disposal,
            "note": row.disposal_note,
        }
        return _retirement(request, row, said, seen=row.version)
    said, seen = sent(request, RETIREMENT), seen_version(request)
    retirement, problems = read_retirement(said, today=request.visitor.at.date())
    more: dict[str, Any] = {}
    if not problems:
        try:
            retire_asset(
                organization=request.visitor.organization,
                number=number,
                retirement=retirement,
                proof=_proof(request),
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except AssetRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{reference(number)} is retired.")
            return _to(request, number)
    return _retirement(request, row, said, seen=seen, problems=problems, **more)


def _proof(request: PageRequest) -> Brought | None:
    file = request.FILES.get("proof")
    if not isinstance(file, UploadedFile) or not file.name:
        return None
    # One byte more than may be: what is larger is refused without being read whole.
    return Brought(file_name(file.name), file.read(LARGEST_FILE + 1))


def _found(request: PageRequest, number: int) -> Asset:
    row = asset_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


def _to(request: PageRequest, number: int) -> HttpResponse:
    return redirect("asset", organization=request.visitor.organization.slug, number=number)


def _form(
    request: PageRequest,
    row: Asset | None,
    said: dict[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    asked = asset_form(request.visitor.organization)
    context = {
        "asset": row,
        "fields": form_fields(asked, said, problems or ()),
        "seen": seen,
        "problems": named(problems or (), asked),
        "theirs": lines(asked, asset_content(asset_fields(row))) if row else [],
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/assets/form.html", context, status=status)


def _retirement(
    request: PageRequest,
    row: Asset,
    said: dict[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    now = {"on": row.retired_on, "reason": row.retired_because, "disposal": row.disposal}
    context = {
        "asset": row,
        "fields": form_fields(RETIREMENT, said, problems or ()),
        "seen": seen,
        "problems": named(problems or (), RETIREMENT),
        "theirs": lines(RETIREMENT, now | {"note": row.disposal_note}),
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/assets/retire.html", context, status=status)


urlpatterns = [
    path("new/", new, name="asset_new"),
    path("<int:number>/", asset, name="asset"),
    path("<int:number>/edit/", edit, name="asset_edit"),
    path("<int:number>/retire/", retire, name="asset_retire"),
]
