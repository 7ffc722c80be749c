"""Assets, for programs."""

from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.api.assets.shapes import AssetChangeIn, AssetImportOut, AssetIn, AssetOut
from reperform.base.grid import LARGEST_FILE as LARGEST_TABLE
from reperform.base.grid import read_grid
from reperform.base.visible import file_name
from reperform.program.actions.asset_import import import_assets
from reperform.program.actions.assets import Brought, change_asset, make_asset, retire_asset
from reperform.program.assets import read_asset, read_retirement
from reperform.program.files import LARGEST_FILE
from reperform.program.models import Asset
from reperform.program.queries.asset_import import asset_import
from reperform.program.queries.assets import asset_row, assets_like

router = Router()


@router.get("", response=Page[AssetOut], auth=takes("assets.view"))
def list_assets(
    request: ApiRequest,
    *,
    words: str = "",
    kind: str = "",
    environment: str = "",
    boundary: Literal["yes", "no", "not decided", ""] = "",
    undecided: Literal["owner", "boundary", "classification", "accounts", "disposal", ""] = "",
    state: Literal["in use", "retired", "all"] = "in use",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the assets by name, or those that are like this."""
    found = assets_like(
        request.auth.organization,
        words=words,
        kind=kind,
        environment=environment,
        boundary=boundary,
        undecided=undecided,
        state=state,
    )
    return paged(found.select_related("disposal_proof"), offset, limit, AssetOut.of)


@router.post("", response={201: AssetOut, 422: Refused}, auth=takes("assets.edit"))
def make(request: ApiRequest, body: AssetIn) -> Status[AssetOut]:
    """Enter an asset."""
    fields, problems = read_asset(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = make_asset(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, AssetOut.of(made))


@router.post(
    "/import/dry-run", response={200: AssetImportOut, 422: Refused}, auth=takes("assets.edit")
)
def dry_run(request: ApiRequest, file: File[UploadedFile]) -> AssetImportOut:
    """Say what a CSV or XLSX file of assets would do; nothing is kept."""
    content = file.read(LARGEST_TABLE + 1)
    grid = read_grid(content, name=file_name(file.name))
    return AssetImportOut.of(asset_import(request.auth.organization, grid))


@router.post("/import", response={201: AssetImportOut, 422: Refused}, auth=takes("assets.edit"))
def import_file(
    request: ApiRequest, file: File[UploadedFile], expected: Form[str]
) -> Status[AssetImportOut]:
    """Import a file of assets: all of it as its dry run showed, or nothing."""
    done = import_assets(
        organization=request.auth.organization,
        member=request.auth.membership,
        file=Brought(file_name(file.name), file.read(LARGEST_TABLE + 1)),
        expected=expected,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, AssetImportOut.of(done))


@router.get("/{int:number}", response=AssetOut, auth=takes("assets.view"))
def read(request: ApiRequest, number: int) -> AssetOut:
    """Return one asset."""
    return AssetOut.of(found_asset(request, number))


@router.put(
    "/{int:number}",
    response={200: AssetOut, 409: Refused, 422: Refused},
    auth=takes("assets.edit"),
)
def change(request: ApiRequest, number: int, body: AssetChangeIn) -> AssetOut:
    """Change an asset that is in use."""
    found_asset(request, number)
    fields, problems = read_asset(body.content)
    if problems:
        raise ContentRefusedError(problems)
    change_asset(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return AssetOut.of(found_asset(request, number))


@router.post(
    "/{int:number}/retirement",
    response={200: AssetOut, 409: Refused, 422: Refused},
    auth=takes("assets.edit"),
)
def retire(
    request: ApiRequest,
    number: int,
    *,
    seen: Form[int],
    on: Form[str],
    reason: Form[str],
    disposal: Form[str] = "",
    note: Form[str] = "",
    proof: Annotated[UploadedFile | None, File()] = None,
) -> AssetOut:
    """Say that an asset went out of use, and what became of its data; `proof` is kept."""
    found_asset(request, number)
    said = {"on": on, "reason": reason, "disposal": disposal, "note": note}
    retirement, problems = read_retirement(said, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    brought = proof and Brought(file_name(proof.name), proof.read(LARGEST_FILE + 1))
    retire_asset(
        organization=request.auth.organization,
        number=number,
        retirement=retirement,
        proof=brought or None,
        seen=seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return AssetOut.of(found_asset(request, number))


def found_asset(request: ApiRequest, number: int) -> Asset:
    """Return one asset.

    Raises:
        Http404: the organization has none of that number.
    """
    found = asset_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found
