"""The register of incidents, for programs."""

from datetime import date
from http import HTTPStatus
from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Router, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    attachment,
    paged,
    sends,
)
from reperform.api.incidents.shapes import (
    IncidentChangeIn,
    IncidentIn,
    IncidentOut,
    NoneIn,
    NoneOut,
    ReportIn,
    ReportOut,
)
from reperform.program.actions.incidents import (
    change_incident,
    make_incident,
    report_incident,
    state_no_incidents,
)
from reperform.program.incidents import read_incident
from reperform.program.incidents.library import incident_library
from reperform.program.incidents.population import chosen_days, read_none
from reperform.program.incidents.reports import read_report
from reperform.program.models import Incident
from reperform.program.queries import current_scope
from reperform.program.queries.incidents import (
    contradicting,
    incident_row,
    incidents_like,
    own_reports,
    population,
    statements,
)
from reperform.program.queries.registers import period_of
from reperform.report.incident_sheets import KINDS, population_file

router = Router()


def found_incident(request: ApiRequest, number: int) -> Incident:
    """Return an incident of the caller's organization.

    Raises:
        Http404: it has none of that number.
    """
    row = incident_row(request.auth.organization, number) if number < 10**9 else None
    if row is None:
        raise Http404
    return row


@router.get("", response=Page[IncidentOut], auth=takes("incidents.view"))
def list_incidents(
    request: ApiRequest,
    *,
    state: str = "",
    severity: str = "",
    exercise: bool | None = None,
    first: date | None = None,
    last: date | None = None,
    words: str = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the incidents, the latest first; `state` may be `open` for all that are not final."""
    found = incidents_like(
        request.auth.organization,
        state=state,
        severity=severity,
        exercise=exercise,
        first=first,
        last=last,
        words=words[:100],
    )
    return paged(found.prefetch_related("tasks"), offset, limit, IncidentOut.of)


@router.post("", response={201: IncidentOut, 422: Refused}, auth=takes("incidents.edit"))
def make(request: ApiRequest, body: IncidentIn) -> Status[IncidentOut]:
    """Enter an incident or an exercise."""
    fields, problems = read_incident(
        body.content, severities=incident_library().severities, at=request.auth.at
    )
    if problems:
        raise ContentRefusedError(problems)
    made = make_incident(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, IncidentOut.of(made))


@router.get("/reports", response=Page[ReportOut], auth=takes("incidents.report"))
def list_reports(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List what the token's maker reported, and what became of it."""
    return paged(own_reports(request.auth.membership), offset, limit, ReportOut.of)


@router.post("/reports", response={201: ReportOut, 422: Refused}, auth=takes("incidents.report"))
def report(request: ApiRequest, body: ReportIn) -> Status[ReportOut]:
    """Report an incident, as anybody of the organization may."""
    found, problems = read_report(body.dict(), at=request.auth.at)
    if problems:
        raise ContentRefusedError(problems)
    made = report_incident(
        member=request.auth.membership, report=found, by=request.auth.name, at=request.auth.at
    )
    return Status(201, ReportOut.of(made))


@router.get("/none", response=list[NoneOut], auth=takes("incidents.view"))
def list_none(request: ApiRequest) -> list[NoneOut]:
    """List the newest statements that there was no incident."""
    organization = request.auth.organization
    found = list(statements(organization)[:DEFAULT_LIMIT])
    wrong = contradicting(organization, found)
    return [NoneOut.of(each, wrong.get(each.number, ())) for each in found]


@router.post("/none", response={201: NoneOut, 422: Refused}, auth=takes("incidents.edit"))
def make_none(request: ApiRequest, body: NoneIn) -> Status[NoneOut]:
    """State that there was no incident; refused while the register has one of these days."""
    fields, problems = read_none(body.dict(), today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    made = state_no_incidents(
        organization=request.auth.organization,
        first=fields.first,
        last=fields.last,
        basis=fields.basis,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, NoneOut.of(made, ()))


@router.get(
    "/population/{str:kind}",
    auth=takes("incidents.view"),
    openapi_extra=sends(tuple(KINDS.values()), HTTPStatus.NOT_FOUND),
)
def read_population(
    request: ApiRequest,
    kind: Literal["csv", "xlsx"],
    first: date | None = None,
    last: date | None = None,
) -> HttpResponse:
    """Return the incidents of a period as CSV or XLSX: the scope's, or of the days asked."""
    organization = request.auth.organization
    days = chosen_days(first, last, otherwise=period_of(current_scope(organization).document))
    rows = population(organization, days)
    made, name = population_file(
        rows,
        days,
        kind=kind,
        organization=organization.name,
        at=request.auth.at,
        is_example=organization.is_example,
    )
    return attachment(made, KINDS[kind], name)


@router.get("/{int:number}", response=IncidentOut, auth=takes("incidents.view"))
def read(request: ApiRequest, number: int) -> IncidentOut:
    """Return one incident."""
    return IncidentOut.of(found_incident(request, number))


@router.put(
    "/{int:number}",
    response={200: IncidentOut, 409: Refused, 422: Refused},
    auth=takes("incidents.edit"),
)
def change(request: ApiRequest, number: int, body: IncidentChangeIn) -> IncidentOut:
    """Change what the register says of an incident, its state too."""
    row = found_incident(request, number)
    severities = (*incident_library().severities, *filter(None, [row.severity]))
    fields, problems = read_incident(body.content, severities=severities, at=request.auth.at)
    if problems:
        raise ContentRefusedError(problems)
    changed = change_incident(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return IncidentOut.of(changed)
