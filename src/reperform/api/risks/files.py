"""The register of risks as a file, for programs."""

from django.http import Http404, HttpResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ProblemOut, Refused, attachment
from reperform.base.grid import LARGEST_FILE, read_grid
from reperform.base.visible import file_name
from reperform.program.actions.risk_import import import_risks
from reperform.program.queries.risk_import import risk_import
from reperform.program.queries.risk_pictures import risk_lines
from reperform.program.risks.importing import RiskImport
from reperform.report.risk_sheets import RISK_FILES, risk_file

router = Router()


class RiskRowOut(Schema):
    """What one row would do: `risk` is null when it enters one, `does` empty for nothing."""

    row: int
    risk: int | None
    title: str
    does: str


class RiskImportOut(Schema):
    """What a file would do, or did; send `fingerprint` as `expected` to import it."""

    fingerprint: str
    ignored: list[str]
    warnings: list[str]
    rows: list[RiskRowOut]
    problems: list[ProblemOut]
    made: int
    changed: int

    @staticmethod
    def of(plan: RiskImport) -> "RiskImportOut":
        """Return what a file would do as an answer."""
        return RiskImportOut(
            fingerprint=plan.fingerprint,
            ignored=list(plan.ignored),
            warnings=list(plan.grid.warnings),
            rows=[
                RiskRowOut(row=each.row, risk=each.number, title=each.fields.title, does=each.does)
                for each in plan.rows
            ],
            problems=[ProblemOut.of(each) for each in plan.every_problem],
            made=plan.made,
            changed=plan.changed,
        )


@router.get("/files/{str:name}", auth=takes("risks.view"))
def read_file(request: ApiRequest, name: str) -> HttpResponse:
    """Return the whole register as a file, closed risks too: risks.csv or risks.xlsx."""
    if name not in RISK_FILES:
        raise Http404
    organization = request.auth.organization
    title, is_example = f"Risks of {organization.name}", organization.is_example
    lines = risk_lines(organization)
    made = risk_file(name, lines, title=title, at=request.auth.at, is_example=is_example)
    return attachment(made, RISK_FILES[name], name)


@router.post(
    "/import/dry-run", response={200: RiskImportOut, 422: Refused}, auth=takes("risks.edit")
)
def dry_run(request: ApiRequest, file: File[UploadedFile]) -> RiskImportOut:
    """Say what a CSV or XLSX file of risks would do; nothing is kept."""
    grid = read_grid(file.read(LARGEST_FILE + 1), name=file_name(file.name))
    today = request.auth.at.date()
    return RiskImportOut.of(risk_import(request.auth.organization, grid, today=today))


@router.post("/import", response={201: RiskImportOut, 422: Refused}, auth=takes("risks.edit"))
def import_file(
    request: ApiRequest, file: File[UploadedFile], expected: Form[str]
) -> Status[RiskImportOut]:
    """Import a file of risks: all of it as its dry run showed, or nothing."""
    done = import_risks(
        organization=request.auth.organization,
        member=request.auth.membership,
        name=file_name(file.name),
        content=file.read(LARGEST_FILE + 1),
        expected=expected,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, RiskImportOut.of(done))
