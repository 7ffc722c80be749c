"""What incidents lead to outside the register: terms of notices, DC 4, imports; for programs."""

from django.http import Http404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, ProblemOut, Refused
from reperform.api.incidents.shapes import (
    DisclosureIn,
    DisclosureOut,
    IncidentDryRunOut,
    IncidentOut,
    IncidentRowOut,
    TermChangeIn,
    TermIn,
    TermOut,
)
from reperform.base.grid import LARGEST_FILE, read_grid
from reperform.base.visible import file_name
from reperform.program.actions.description import write_field
from reperform.program.actions.incident_import import import_incidents
from reperform.program.actions.incident_notices import change_term, make_term
from reperform.program.description import read_text
from reperform.program.incidents.disclosure import FIELD_NAME, disclose
from reperform.program.incidents.duties import read_term
from reperform.program.models import NotificationTerm
from reperform.program.queries import current_scope, field_versions
from reperform.program.queries.incident_import import incident_import_plan
from reperform.program.queries.incident_notices import term_row, terms
from reperform.program.queries.incidents import known_incidents
from reperform.program.queries.registers import period_of

router = Router()


@router.get("/terms", response=list[TermOut], auth=takes("incidents.view"))
def list_terms(request: ApiRequest) -> list[TermOut]:
    """List what was decided of the table of duties, and the organization's own terms."""
    return [TermOut.of(each) for each in terms(request.auth.organization)]


@router.post("/terms", response={201: TermOut, 422: Refused}, auth=takes("incidents.edit"))
def make_own_term(request: ApiRequest, body: TermIn) -> Status[TermOut]:
    """Enter a term of one's own, or decide on a duty of the table, which `duty` names."""
    fields, problems = read_term(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = make_term(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, TermOut.of(made))


@router.get("/terms/{int:number}", response=TermOut, auth=takes("incidents.view"))
def read_one_term(request: ApiRequest, number: int) -> TermOut:
    """Return one term."""
    return TermOut.of(_term(request, number))


@router.put(
    "/terms/{int:number}",
    response={200: TermOut, 409: Refused, 422: Refused},
    auth=takes("incidents.edit"),
)
def change_own_term(request: ApiRequest, number: int, body: TermChangeIn) -> TermOut:
    """Change a term; incidents keep what was decided of them."""
    _term(request, number)
    fields, problems = read_term(body.content)
    if problems:
        raise ContentRefusedError(problems)
    changed = change_term(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return TermOut.of(changed)


def _term(request: ApiRequest, number: int) -> NotificationTerm:
    row = term_row(request.auth.organization, number) if number < 10**9 else None
    if row is None:
        raise Http404
    return row


@router.get("/dc4", response=DisclosureOut, auth=takes("incidents.view"))
def read_dc4(request: ApiRequest) -> DisclosureOut:
    """Return what DC 4 says, and what it would say from the register."""
    organization = request.auth.organization
    period = period_of(current_scope(organization).document)
    found = disclose(known_incidents(organization, period))
    version = field_versions(organization, FIELD_NAME).first()
    return DisclosureOut(
        version=version.number if version else 0,
        says=version.text if version else "",
        proposal=found.text,
        told=[each.reference for each in found.told],
        undecided=[each.reference for each in found.undecided],
    )


@router.put(
    "/dc4",
    response={200: DisclosureOut, 409: Refused, 422: Refused},
    auth=takes("description.edit"),
)
def write_dc4(request: ApiRequest, body: DisclosureIn) -> DisclosureOut:
    """Put a text into DC 4 of the description; what it was stays as a version."""
    text, problems = read_text(body.text, where="text")
    if problems:
        raise ContentRefusedError(problems)
    write_field(
        organization=request.auth.organization,
        field=FIELD_NAME,
        text=text,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return read_dc4(request)


@router.post(
    "/import/dry-run",
    response={200: IncidentDryRunOut, 422: Refused},
    auth=takes("incidents.edit"),
)
def dry_run(request: ApiRequest, file: File[UploadedFile]) -> IncidentDryRunOut:
    """Say what a CSV or XLSX file would do; nothing is kept."""
    grid = read_grid(file.read(LARGEST_FILE + 1), name=file_name(file.name))
    plan = incident_import_plan(request.auth.organization, grid, at=request.auth.at)
    return IncidentDryRunOut(
        fingerprint=plan.fingerprint,
        warnings=list(grid.warnings),
        rows=[IncidentRowOut(row=r.row, title=r.name, does=r.does) for r in plan.rows],
        problems=[ProblemOut.of(each) for each in plan.every_problem],
    )


@router.post(
    "/import", response={201: list[IncidentOut], 422: Refused}, auth=takes("incidents.edit")
)
def import_file(
    request: ApiRequest, file: File[UploadedFile], expected: Form[str]
) -> Status[list[IncidentOut]]:
    """Import a file: all of it as its dry run showed, or nothing."""
    made = import_incidents(
        organization=request.auth.organization,
        member=request.auth.membership,
        file_name=file_name(file.name),
        content=file.read(LARGEST_FILE + 1),
        expected=expected,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, [IncidentOut.of(each) for each in made])
