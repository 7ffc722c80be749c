"""Bringing the list of a system's accounts: a file, its dry run, and where it comes from."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.access_reviews.accounts import matches
from reperform.program.access_reviews.evidence import read_origin
from reperform.program.access_reviews.lists import FORMS, LARGEST_LIST, ReadList, read_list
from reperform.program.access_reviews.table import FIELDS, read_mapping
from reperform.program.actions.access_reviews import ReviewRefusedError
from reperform.program.actions.account_lists import bring_list, purpose_of
from reperform.program.actions.assets import Brought
from reperform.program.actions.uploads import keep_upload
from reperform.program.models import Asset, PendingUpload
from reperform.program.queries.access_reviews import lists_of
from reperform.program.queries.account_lists import known_people
from reperform.program.queries.assets import asset_row
from reperform.program.queries.uploads import kept_upload
from reperform.web.asked import Asked, form_fields, named, sent
from reperform.web.page import PageRequest, page

_SHOWN = 50
ORIGIN: tuple[Asked, ...] = (
    Asked("source", "Source", help="Which system was asked, as its address.", is_needed=True),
    Asked(
        "query",
        "Query",
        "text",
        "What it was asked, exactly: the command, or the report's name with its filters. Another"
        " person must be able to ask the same again.",
        is_needed=True,
        longest=4_000,
    ),
    Asked("taken_at", "Taken at", help="As 2026-01-31 14:05, in UTC.", is_needed=True, longest=40),
    Asked("taken_by", "Taken by", help="Who asked.", is_needed=True, longest=200),
    Asked(
        "is_whole",
        "It has every account of the system",
        "flag",
        "Only a list that has every account can show that one is gone.",
    ),
    Asked(
        "privileged_words",
        "Words that mean privileged",
        help="Between commas, as admin, owner. An account whose access has one is marked.",
    ),
)


@page("access_reviews.edit", post="access_reviews.edit")
def upload(request: PageRequest, number: int) -> HttpResponse:
    """Ask for the list of a system; read it, and go on to its dry run."""
    visitor, asset = request.visitor, _found(request, number)
    if request.method != "POST":
        return _ask(request, asset)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        return _ask(request, asset, missing=True)
    try:
        # One byte more than may be: what is larger is refused without being read whole.
        content = file.read(LARGEST_LIST + 1)
        read_list(content, name=file_name(file.name))
    except RefusalError as refusal:
        return _ask(request, asset, refusal=refusal)
    keep_upload(
        member=visitor.membership,
        purpose=purpose_of(number),
        file_name=file_name(file.name),
        content=content,
        at=visitor.at,
    )
    url = reverse("account_list_check", args=[visitor.organization.slug, number])
    return redirect(f"{url}?{request.GET.urlencode()}")


def _ask(request: PageRequest, asset: Asset, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    visitor = request.visitor
    dry_run = reverse("account_list_check", args=[visitor.organization.slug, asset.number])
    context = {
        "asset": asset,
        "lists": lists_of(asset)[:20],
        "forms": FORMS.values(),
        "waiting": kept_upload(visitor.membership, purpose_of(asset.number), at=visitor.at),
        "dry_run": f"{dry_run}?{request.GET.urlencode()}",
        **more,
    }
    status = 422 if more else 200
    return render(request, "web/access_reviews/upload.html", context, status=status)


@page("access_reviews.edit", post="access_reviews.edit")
def check(request: PageRequest, number: int) -> HttpResponse:
    """Show what the list says and whom it is matched to; keep it with where it comes from."""
    visitor, asset = request.visitor, _found(request, number)
    kept = kept_upload(visitor.membership, purpose_of(number), at=visitor.at)
    if kept is None:
        messages.warning(request, "There is no list to read: files are kept for an hour.")
        return redirect("account_list", organization=visitor.organization.slug, number=number)
    if request.method != "POST":
        return _dry_run(request, asset, kept, {"taken_by": visitor.user.name or visitor.name})
    said = sent(request, ORIGIN)
    origin, problems = read_origin(said, now=visitor.at)
    if problems:
        return _dry_run(request, asset, kept, said, problems=problems)
    try:
        made = bring_list(
            organization=visitor.organization,
            asset=number,
            file=Brought(kept.file_name, bytes(kept.content)),
            mapping=_mapping(request),
            origin=origin,
            review=_review(request),
            member=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        )
    except ReviewRefusedError as refusal:
        return _dry_run(request, asset, kept, said, problems=list(refusal.problems))
    except RefusalError as refusal:
        return _dry_run(request, asset, kept, said, refusal=refusal)
    messages.success(request, f"{made.rows} accounts of {asset.name} are kept.")
    return _kept(request, number)


def _kept(request: PageRequest, number: int) -> HttpResponse:
    slug, review = request.visitor.organization.slug, _review(request)
    if review:
        return redirect("access_review", organization=slug, number=review)
    return redirect("asset", organization=slug, number=number)


def _review(request: PageRequest) -> int | None:
    said = request.POST.get("review") or request.GET.get("review", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else None  # noqa: PLR2004 - a number


def _mapping(request: PageRequest) -> dict[str, int] | None:
    said = request.POST if request.method == "POST" else request.GET
    return read_mapping({n: said.get(n, "") for n in FIELDS}, 60) if "key" in said else None


def _dry_run(
    request: PageRequest,
    asset: Asset,
    kept: PendingUpload,
    said: dict[str, Any],
    *,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    read: ReadList = read_list(
        bytes(kept.content),
        name=kept.file_name,
        mapping=_mapping(request),
        privileged_words=str(said.get("privileged_words", "")),
    )
    found = matches(
        read.accounts, known_people(request.visitor.organization), day=request.visitor.at.date()
    )
    context = {
        "asset": asset,
        "kept": kept,
        "read": read,
        "form": FORMS[read.form],
        "matched": len(found),
        "rows": [(each, found.get(each.row)) for each in read.accounts[:_SHOWN]],
        "fields": form_fields(ORIGIN, said, problems or ()),
        "columns": list(enumerate(read.grid.header)) if read.grid else [],
        "mapping": (read.mapping or {}).items(),
        "choices": [(n, label, (read.mapping or {}).get(n)) for n, label in FIELDS.items()],
        "problems": named(problems or (), ORIGIN),
        "review": _review(request),
        **more,
    }
    status = 422 if problems or more else 200
    return render(request, "web/access_reviews/check.html", context, status=status)


def _found(request: PageRequest, number: int) -> Asset:
    asset = asset_row(request.visitor.organization, number)
    if asset is None or asset.retired_on or not asset.has_accounts:
        raise Http404
    return asset


urlpatterns = [
    path("accounts/<int:number>/", upload, name="account_list"),
    path("accounts/<int:number>/check/", check, name="account_list_check"),
]
