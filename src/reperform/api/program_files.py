"""The whole program as files, for programs: out as a ZIP, planned, and applied."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ProblemOut, Refused, attachment
from reperform.catalog.installed import catalog
from reperform.program.actions.code.apply import apply_program, export_program, plan_program
from reperform.program.code.archive import LARGEST_ARCHIVE, unzip_program, zip_program
from reperform.program.code.plan import Change, Plan

router = Router()


class FieldChangeOut(Schema):
    """One field that changes: what stands, and what the files say; null for nothing."""

    name: str
    before: Any = None
    after: Any = None


class ChangeOut(Schema):
    """One item that is made or changed, as in `controls/CHG-01`.

    `is_newer`: it was changed after the files were taken out, by `changed_by`, so that applying
    them would undo that.
    """

    item: str
    place: str
    is_made: bool
    is_newer: bool
    changed_by: str
    fields: list[FieldChangeOut]


class FilesPlanOut(Schema):
    """What files would do; send `fingerprint` as `expected` to apply them.

    With a problem, or with a change that `is_newer`, nothing is applied.  `absent` stands in the
    program and not in the files, and stays as it is.
    """

    fingerprint: str
    is_refused: bool
    changes: list[ChangeOut]
    absent: list[str]
    problems: list[ProblemOut]


class AppliedOut(Schema):
    """What was changed, and the text of `.reperform.yaml` that belongs beside the files now."""

    changes: list[ChangeOut]
    lock: str


@router.get("/files", auth=takes("program.export"))
def take_out(request: ApiRequest) -> HttpResponse:
    """Take the whole program out as a ZIP of YAML and Markdown."""
    files = export_program(request.auth.organization)
    return attachment(zip_program(files), "application/zip", "program.zip")


@router.post("/plan", response={200: FilesPlanOut, 422: Refused}, auth=takes("program.apply"))
def plan(request: ApiRequest, file: File[UploadedFile], over: Form[str] = "") -> FilesPlanOut:
    """Say what a ZIP of files would change; nothing is changed, and nothing is kept.

    `over` names items, with blanks between them, whose newer changes may be lost.
    """
    planned = plan_program(
        organization=request.auth.organization,
        files=unzip_program(file.read(LARGEST_ARCHIVE + 1)),
        catalog=catalog(),
        over=over.split(),
        by=request.auth.name,
        at=request.auth.at,
    )
    return _plan(planned)


@router.post(
    "/apply", response={200: AppliedOut, 409: Refused, 422: Refused}, auth=takes("program.apply")
)
def apply(
    request: ApiRequest, file: File[UploadedFile], over: Form[str] = "", expected: Form[str] = ""
) -> AppliedOut:
    """Make the program what a ZIP of files says: all of it, or nothing.

    With `expected`, only what the plan of that fingerprint showed.  Applying the same files again
    changes nothing.
    """
    applied = apply_program(
        organization=request.auth.organization,
        files=unzip_program(file.read(LARGEST_ARCHIVE + 1)),
        catalog=catalog(),
        over=over.split(),
        expected=expected or None,
        by=request.auth.name,
        at=request.auth.at,
    )
    return AppliedOut(changes=_changes(applied.plan.changes), lock=applied.lock.decode())


def _plan(planned: Plan) -> FilesPlanOut:
    return FilesPlanOut(
        fingerprint=planned.fingerprint,
        is_refused=planned.is_refused,
        changes=_changes(planned.changes),
        absent=list(planned.absent),
        problems=[ProblemOut.of(each) for each in planned.problems],
    )


def _changes(changes: Sequence[Change]) -> list[ChangeOut]:
    return [
        ChangeOut(
            item=change.item.name,
            place=change.item.place(),
            is_made=change.before is None,
            is_newer=change.is_newer,
            changed_by=change.before.by if change.before else "",
            fields=[
                FieldChangeOut(name=each.name, before=each.before, after=each.after)
                for each in change.fields
            ],
        )
        for change in changes
    ]
