"""A list of people from another system, for programs: a dry run, and the import."""

from typing import Annotated

from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ProblemOut, Refused
from reperform.base.grid import LARGEST_FILE, read_grid
from reperform.base.visible import file_name
from reperform.program.actions.people_import import import_people
from reperform.program.people.importing import PeopleImport
from reperform.program.people.mapping import FIELDS, Choices, read_choices
from reperform.program.queries.people_import import people_import

router = Router()
_Column = Annotated[int | None, Field(ge=0, lt=60)]


class ListChoicesIn(Schema):
    """The column of each field, counted from 0; without any they are recognized by their names.

    `order` is how days are written that are not as 2026-12-31: empty, `day first` or `month
    first`.  `domain` completes addresses that have none.
    """

    name: _Column = None
    first_name: _Column = None
    last_name: _Column = None
    email: _Column = None
    started_on: _Column = None
    ended_on: _Column = None
    position: _Column = None
    department: _Column = None
    manager: _Column = None
    kind: _Column = None
    id: _Column = None
    order: str = ""
    domain: str = ""


class PeopleRowOut(Schema):
    """One row, and what it would do; `person` is null when it enters somebody."""

    row: int
    person: int | None
    name: str
    does: str


class PeopleImportOut(Schema):
    """What a list would do, or did; send `fingerprint` as `expected` to import it.

    `absent` are people of the register who are not in the list: nothing is done about them.
    """

    fingerprint: str
    columns: dict[str, int]
    ignored: list[str]
    warnings: list[str]
    rows: list[PeopleRowOut]
    absent: list[str]
    problems: list[ProblemOut]
    made: int
    changed: int

    @staticmethod
    def of(plan: PeopleImport) -> "PeopleImportOut":
        """Return what a list would do as an answer."""
        return PeopleImportOut(
            fingerprint=plan.fingerprint,
            columns=dict(plan.columns),
            ignored=list(plan.ignored),
            warnings=list(plan.grid.warnings),
            rows=[
                PeopleRowOut(row=each.row, person=each.number, name=each.name, does=each.does)
                for each in plan.rows
            ],
            absent=list(plan.absent),
            problems=[ProblemOut.of(each) for each in plan.every_problem],
            made=plan.made,
            changed=plan.changed,
        )


@router.post(
    "/import/dry-run", response={200: PeopleImportOut, 422: Refused}, auth=takes("people.edit")
)
def dry_run(
    request: ApiRequest, file: File[UploadedFile], choices: Form[ListChoicesIn]
) -> PeopleImportOut:
    """Say what a CSV or XLSX list of people would do; nothing is kept."""
    grid = read_grid(file.read(LARGEST_FILE + 1), name=file_name(file.name))
    chosen = _chosen(choices, grid.header)
    today = request.auth.at.date()
    return PeopleImportOut.of(people_import(request.auth.organization, grid, chosen, today=today))


@router.post("/import", response={201: PeopleImportOut, 422: Refused}, auth=takes("people.edit"))
def import_file(
    request: ApiRequest,
    file: File[UploadedFile],
    choices: Form[ListChoicesIn],
    expected: Form[str],
) -> Status[PeopleImportOut]:
    """Import a list of people: all of it as its dry run showed, or nothing."""
    content, name = file.read(LARGEST_FILE + 1), file_name(file.name)
    done = import_people(
        organization=request.auth.organization,
        member=request.auth.membership,
        file_name=name,
        content=content,
        choices=_chosen(choices, read_grid(content, name=name).header),
        expected=expected,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, PeopleImportOut.of(done))


def _chosen(choices: ListChoicesIn, header: tuple[str, ...]) -> Choices:
    said = {name: getattr(choices, name) for name in FIELDS}
    columns = {name: at for name, at in said.items() if at is not None}
    return read_choices(columns | {"order": choices.order, "domain": choices.domain}, header)
