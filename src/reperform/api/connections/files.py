"""Files that are brought to a connection, for programs: the mapping of a list, and the files."""

from django.http import Http404
from ninja import File, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import Refused
from reperform.api.connections.file_shapes import (
    BroughtFileOut,
    MappingTrialIn,
    MappingTrialOut,
)
from reperform.api.connections.registry import found, router
from reperform.connectors.contract import Asking
from reperform.connectors.lists import CONNECTOR as LISTS
from reperform.connectors.lists.trial import tried
from reperform.evidence.actions.brought import bring_file, take_back_file
from reperform.evidence.queries.access import access_of, brought_files
from reperform.program.files import LARGEST_FILE


@router.get("/{int:number}/files", response=list[BroughtFileOut], auth=takes("connections.view"))
def list_files(request: ApiRequest, number: int) -> list[BroughtFileOut]:
    """List the files that were brought to a connection, by name."""
    return [BroughtFileOut.of(each) for each in brought_files(found(request, number))]


@router.post(
    "/{int:number}/files",
    response={201: BroughtFileOut, 422: Refused},
    auth=takes("connections.edit"),
)
def bring(request: ApiRequest, number: int, file: File[UploadedFile]) -> Status[BroughtFileOut]:
    """Bring a file to a connection that reads no folder; the next run reads it."""
    found(request, number)
    kept = bring_file(
        organization=request.auth.organization,
        number=number,
        name=file.name or "file",
        content=file.read(LARGEST_FILE + 1),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, BroughtFileOut.of(kept))


@router.delete(
    "/{int:number}/files/{int:file}",
    response={200: list[BroughtFileOut], 422: Refused},
    auth=takes("connections.edit"),
)
def take_back(request: ApiRequest, number: int, file: int) -> list[BroughtFileOut]:
    """Leave a file out of the next runs; what it brought stays, and so does the file."""
    row = found(request, number)
    take_back_file(
        organization=request.auth.organization,
        number=number,
        file=file,
        by=request.auth.name,
        at=request.auth.at,
    )
    row.refresh_from_db()
    return [BroughtFileOut.of(each) for each in brought_files(row)]


@router.post(
    "/{int:number}/mapping/trial",
    response={200: MappingTrialOut, 422: Refused},
    auth=takes("connections.edit"),
)
def try_mapping(request: ApiRequest, number: int, body: MappingTrialIn) -> MappingTrialOut:
    """Try a mapping on the files of a list; keep it by `PUT /connections/{number}`."""
    row = found(request, number)
    if row.connector != LISTS.name or row.retired_on:
        raise Http404
    asking = Asking(request.auth.at, row.since)
    return MappingTrialOut.of(tried(access_of(row), asking, body.mapping))
