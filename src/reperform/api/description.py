"""The system description, for programs."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router, Schema
from pydantic import Field as Bounded

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    ProblemOut,
    attachment,
    paged,
    sends,
)
from reperform.base.text_difference import compare
from reperform.catalog.installed import catalog
from reperform.program import queries
from reperform.program.actions.description import write_field
from reperform.program.description import Field, FieldState, read_text
from reperform.program.description.contradictions import check_description
from reperform.program.description.files import description_library
from reperform.program.description.scope import field_states
from reperform.program.description.statement import statement_of, statement_yaml
from reperform.program.queries.registers import current_registers
from reperform.report.description_preview import description_document
from reperform.report.pdf import render_pdf

router = Router()


class FieldOut(Schema):
    """One field: what it asks, and what stands there.

    `version` is 0 while nobody wrote it; `derived` is what the scope says for it.
    """

    name: str
    criterion: str
    title: str
    guidance: str
    example: str
    required_for_types: list[int]
    standing: str
    version: int
    text: str
    derived: str


class FieldIn(Schema):
    """A field's whole text anew; `seen` is the version that it changes, 0 for none."""

    seen: int = Bounded(ge=0, le=1_000_000_000)
    text: str


class FieldVersionOut(Schema):
    """One version of a field."""

    number: int
    by: str
    at: datetime


class PieceOut(Schema):
    """A piece of a line: `same`, `added` or `removed`."""

    change: str
    text: str


class FieldVersionWhole(FieldVersionOut):
    """One version of a field: its text, and line by line what it changed."""

    text: str
    difference: list[list[PieceOut]]


@router.get("", response=list[FieldOut], auth=takes("description.view"))
def list_fields(request: ApiRequest) -> list[FieldOut]:
    """List the fields of DC 1 to DC 9 in the order of the report."""
    now = queries.current_description(request.auth.organization)
    return [_shown(state, now) for state in _states(now)]


@router.get("/problems", response=list[ProblemOut], auth=takes("description.view"))
def list_problems(request: ApiRequest) -> list[ProblemOut]:
    """List what is missing and what contradicts; `not-checked` is never the same as consistent."""
    now = queries.current_description(request.auth.organization)
    problems = check_description(
        now.texts,
        library=description_library(),
        scope=now.scope.document,
        registers=current_registers(request.auth.organization, now.scope.document),
        organization=request.auth.organization.name,
    )
    return [ProblemOut.of(each) for each in problems]


@router.get(
    "/statement.yaml", auth=takes("description.view"), openapi_extra=sends("application/yaml")
)
def read_statement(request: ApiRequest) -> HttpResponse:
    """Return management's statement, as `reperform quickstart --statement` reads it."""
    organization = request.auth.organization
    now = queries.current_description(organization)
    said = statement_of(
        _states(now),
        scope=now.scope.document,
        organization=organization.name,
        adopted=queries.adoptions(organization, library=catalog().controls),
        own=queries.own_adoptions(organization, library=catalog().controls),
    )
    return attachment(statement_yaml(said).encode(), "application/yaml", "statement.yaml")


@router.get("/preview.pdf", auth=takes("description.view"), openapi_extra=sends("application/pdf"))
def read_preview(request: ApiRequest) -> HttpResponse:
    """Return Section III as a PDF that says on each page that it is a draft."""
    now = queries.current_description(request.auth.organization)
    document = description_document(
        _states(now),
        scope=now.scope.document,
        organization=request.auth.organization.name,
        is_example=request.auth.organization.is_example,
        description_criteria=catalog().description_criteria,
        criteria=catalog().criteria,
        at=request.auth.at,
    )
    made = render_pdf(document, at=request.auth.at)
    return attachment(made, "application/pdf", "system-description-draft.pdf")


@router.get("/fields/{str:field}", response=FieldOut, auth=takes("description.view"))
def read_field(request: ApiRequest, field: str) -> FieldOut:
    """Return one field."""
    return _field(request, field)


@router.put("/fields/{str:field}", response=FieldOut, auth=takes("description.edit"))
def edit_field(request: ApiRequest, field: str, body: FieldIn) -> FieldOut:
    """Write one field anew; what it was stays as a version. An empty text takes it back."""
    chosen = _known(field)
    text, problems = read_text(body.text, where=chosen.label)
    if problems:
        raise ContentRefusedError(problems)
    write_field(
        organization=request.auth.organization,
        field=chosen.name,
        text=text,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _field(request, field)


@router.get(
    "/fields/{str:field}/versions",
    response=Page[FieldVersionOut],
    auth=takes("description.view"),
)
def list_field_versions(
    request: ApiRequest, field: str, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List a field's versions, newest first."""
    found = queries.field_versions(request.auth.organization, _known(field).name).defer("text")
    return paged(found, offset, limit, FieldVersionOut.from_orm)


@router.get(
    "/fields/{str:field}/versions/{int:number}",
    response=FieldVersionWhole,
    auth=takes("description.view"),
)
def read_field_version(request: ApiRequest, field: str, number: int) -> FieldVersionWhole:
    """Return one version of a field, and what it changed in the one before."""
    versions = queries.field_versions(request.auth.organization, _known(field).name)
    found = {each.number: each for each in versions.filter(number__in=(number - 1, number))}
    if number not in found:
        raise Http404
    before = found[number - 1].text if number - 1 in found else ""
    version = found[number]
    return FieldVersionWhole(
        number=number,
        by=version.by,
        at=version.at,
        text=version.text,
        difference=[
            [PieceOut(change=piece.change.value, text=piece.text) for piece in line]
            for line in compare(before, version.text)
        ],
    )


def _known(name: str) -> Field:
    field = description_library().field(name)
    if field is None:
        raise Http404
    return field


def _states(now: queries.CurrentDescription) -> tuple[FieldState, ...]:
    return field_states(description_library().fields, now.texts, now.scope.document)


def _field(request: ApiRequest, name: str) -> FieldOut:
    chosen = _known(name)
    now = queries.current_description(request.auth.organization)
    (state,) = field_states((chosen,), now.texts, now.scope.document)
    return _shown(state, now)


def _shown(state: FieldState, now: queries.CurrentDescription) -> FieldOut:
    field, version = state.field, now.versions.get(state.field.name)
    return FieldOut(
        name=field.name,
        criterion=field.criterion,
        title=field.title,
        guidance=field.guidance,
        example=field.example,
        required_for_types=list(field.required),
        standing=state.standing.value,
        version=version.number if version else 0,
        text=state.text,
        derived=state.derived,
    )
