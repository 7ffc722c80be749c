"""What was done, or could not be: entries, their proofs and their corrections."""

from typing import Any

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
from reperform.api.bodies import read_json
from reperform.api.calendar.shapes import OccurrenceEntryOut
from reperform.base.problem import Problem
from reperform.base.visible import file_name
from reperform.program.actions.occurrences import NewFile, correct_occurrence, prove_occurrence
from reperform.program.calendar.entries import EntryFields, EntryKind, read_entry
from reperform.program.files import LARGEST_FILE
from reperform.program.models import OccurrenceEntry
from reperform.program.queries.occurrences import entry_row, entry_rows

entries = Router()


@entries.get("", response=Page[OccurrenceEntryOut], auth=takes("calendar.view"))
def list_entries(
    request: ApiRequest, control: str = "", offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List what was said, newest first: of all controls or of one, corrected entries too."""
    found = entry_rows(request.auth.organization, control=control).prefetch_related("files")
    return paged(found, offset, limit, OccurrenceEntryOut.of)


@entries.post("", response={201: OccurrenceEntryOut, 422: Refused}, auth=takes("occurrences.prove"))
def prove(
    request: ApiRequest,
    control: Form[str],
    content: Form[str],
    files: File[list[UploadedFile]] = [],  # noqa: B006 - ninja copies it
) -> Status[OccurrenceEntryOut]:
    """Say that a control was done on a day, or could not be, with files that prove it.

    `content` is a JSON object: `on`, and any of `kind`, `done_by`, `note`, `linked` (a
    register) and `linked_number` (of its row).
    """
    fields = _read(request, content, may_withdraw=False)
    made = prove_occurrence(
        organization=request.auth.organization,
        code=control,
        fields=fields,
        files=_files(files),
        member=request.auth.membership,
        limited=_limited(request),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, OccurrenceEntryOut.of(_found(request, made.number)))


@entries.get("/{int:number}", response=OccurrenceEntryOut, auth=takes("calendar.view"))
def read(request: ApiRequest, number: int) -> OccurrenceEntryOut:
    """Return one entry."""
    return OccurrenceEntryOut.of(_found(request, number))


@entries.post(
    "/{int:number}/correction",
    response={201: OccurrenceEntryOut, 409: Refused, 422: Refused},
    auth=takes("occurrences.prove"),
)
def correct(
    request: ApiRequest,
    number: int,
    content: Form[str],
    files: File[list[UploadedFile]] = [],  # noqa: B006 - ninja copies it
) -> Status[OccurrenceEntryOut]:
    """Correct an entry by a new one, or withdraw it; the old one stays to be read."""
    _found(request, number)
    fields = _read(request, content, may_withdraw=True)
    made = correct_occurrence(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        files=_files(files),
        member=request.auth.membership,
        limited=_limited(request),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, OccurrenceEntryOut.of(_found(request, made.number)))


def _found(request: ApiRequest, number: int) -> OccurrenceEntry:
    found = entry_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def _read(request: ApiRequest, content: str, *, may_withdraw: bool) -> EntryFields:
    said = read_json(content.encode("utf-8", "replace"))
    if not isinstance(said, dict):
        todo = 'send a JSON object, as {"on": "2026-03-31"}'
        raise ContentRefusedError([Problem("content", "is no object", todo, "occurrence-field")])
    fields, problems = read_entry(said, today=request.auth.at.date())
    if fields.kind is EntryKind.WITHDRAWN and not may_withdraw:
        todo = "withdraw an entry by its correction"
        problems.append(Problem("kind", "takes back nothing", todo, "occurrence-field"))
    if problems:
        raise ContentRefusedError(problems)
    return fields


def _files(files: list[UploadedFile]) -> list[NewFile]:
    return [NewFile(file_name(each.name), each.read(LARGEST_FILE + 1)) for each in files]


def _limited(request: ApiRequest) -> bool:
    return "calendar.edit" not in request.auth.permissions
