"""Lists of a system's accounts, for programs."""

import json
from typing import Any

from django.http import Http404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.access_reviews.shapes import ListDryRunOut, ListOut
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.base.visible import file_name
from reperform.program.access_reviews.evidence import read_origin
from reperform.program.access_reviews.lists import LARGEST_LIST, read_list
from reperform.program.access_reviews.table import read_mapping
from reperform.program.actions.account_lists import bring_list
from reperform.program.actions.assets import Brought
from reperform.program.models import Asset
from reperform.program.queries.access_reviews import lists_of
from reperform.program.queries.assets import asset_row

router = Router()


@router.get("/{int:number}/accounts", response=Page[ListOut], auth=takes("access_reviews.view"))
def list_lists(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the lists of accounts of a system, the latest first."""
    found = lists_of(_asset(request, number)).select_related("file", "asset")
    return paged(found, offset, limit, ListOut.of)


@router.post(
    "/{int:number}/accounts/dry-run",
    response={200: ListDryRunOut, 422: Refused},
    auth=takes("access_reviews.edit"),
)
def dry_run(
    request: ApiRequest, number: int, file: File[UploadedFile], mapping: Form[str] = ""
) -> ListDryRunOut:
    """Say what a list says: an AWS credential report, LDIF, SCIM users, CSV or XLSX."""
    _asset(request, number)
    content = file.read(LARGEST_LIST + 1)
    return ListDryRunOut.of(
        read_list(content, name=file_name(file.name), mapping=_mapping(mapping))
    )


@router.post(
    "/{int:number}/accounts",
    response={201: ListOut, 422: Refused},
    auth=takes("access_reviews.edit"),
)
def bring(
    request: ApiRequest,
    number: int,
    *,
    file: File[UploadedFile],
    source: Form[str],
    query: Form[str],
    taken_at: Form[str],
    taken_by: Form[str],
    is_whole: Form[str] = "",
    privileged_words: Form[str] = "",
    mapping: Form[str] = "",
    review: Form[int | None] = None,
) -> Status[ListOut]:
    """Keep a list of accounts with where it comes from, for an open review or as evidence."""
    _asset(request, number)
    said = {
        "source": source,
        "query": query,
        "taken_at": taken_at,
        "taken_by": taken_by,
        "is_whole": is_whole,
        "privileged_words": privileged_words,
    }
    origin, problems = read_origin(said, now=request.auth.at)
    if problems:
        raise ContentRefusedError(problems)
    made = bring_list(
        organization=request.auth.organization,
        asset=number,
        file=Brought(file_name(file.name), file.read(LARGEST_LIST + 1)),
        mapping=_mapping(mapping),
        origin=origin,
        review=review if review is None or 0 <= review < 10**9 else 0,
        member=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, ListOut.of(made))


def _mapping(said: str) -> dict[str, int] | None:
    try:
        read = json.loads(said) if said else None
    except (ValueError, RecursionError):
        read = {}
    return None if read is None else read_mapping(read if isinstance(read, dict) else {}, 60)


def _asset(request: ApiRequest, number: int) -> Asset:
    found = asset_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found
