"""Controls, for programs."""

from dataclasses import replace
from typing import Annotated, Any

from django.http import Http404
from ninja import Query, Router, Status

from reperform.accounts.models import Membership
from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Page, Refused, paged
from reperform.api.control_shapes import (
    BulkIn,
    BulkOut,
    ChoicesOut,
    ControlChange,
    ControlIn,
    ControlLine,
    ControlWhole,
    Narrowing,
    Retirement,
    RowRefused,
)
from reperform.base.problem import Problem
from reperform.catalog.controls import Control
from reperform.catalog.installed import catalog
from reperform.catalog.starter import starter_groups
from reperform.program import queries
from reperform.program.actions.control_bulk import carry_out
from reperform.program.actions.control_keeping import NewControl, Seen
from reperform.program.actions.controls import Done, adopt_controls, change_control, retire_controls
from reperform.program.controls.bulk import read_order
from reperform.program.controls.choice import choices
from reperform.program.controls.coverage import applicable
from reperform.program.controls.document import control_content, library_document
from reperform.program.controls.flaws import linter
from reperform.program.controls.listing import ControlFilter, listed
from reperform.program.controls.reading import (
    read_code,
    read_control,
    read_day,
    read_reason,
)
from reperform.testing.installed import ControlTests, installed_tests

router = Router()

Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("", response=Page[ControlLine], auth=takes("controls.view"))
def list_controls(
    request: ApiRequest,
    chosen: Annotated[Narrowing, Query()],
    offset: Offset = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List the controls, adopted and proposed; `owner` is a member's number, or `nobody`."""
    may_see = "gap.view" in request.auth.permissions
    narrowed = ControlFilter.of(chosen.dict())
    if not may_see:
        narrowed = replace(narrowed, problems="")
    found = listed(queries.control_rows_of(request.auth.organization, catalog()), narrowed)
    return paged(found, offset, limit, lambda row: ControlLine.of(row, with_findings=may_see))


@router.post("", response={201: ControlWhole, 422: Refused}, auth=takes("controls.edit"))
def adopt(request: ApiRequest, body: ControlIn) -> Status[ControlWhole]:
    """Adopt a control of the library, tailored or as it is, or one of your own."""
    origin = _origin(body.library_id)
    problems: list[Problem] = []
    if body.library_id and origin is None:
        what, todo = "is no control of the library", "name one, or leave it out"
        problems.append(Problem("library_id", what, todo, "control-field"))
    taken = library_document(origin) if origin else None
    content = control_content(taken) if taken and body.content is None else body.content or {}
    document, unread = read_control(content, criteria=catalog().criteria)
    code = body.code or body.library_id
    others = {each.id for each in catalog().controls} - {body.library_id}
    used = {each.code for each in queries.stated_controls(request.auth.organization)}
    problems += [*unread, *read_code(code, taken=used, library=others)]
    owner = _owner(request, body.owner, problems)
    _refuse_future(request, body.implemented_on, "implemented_on", problems)
    _refuse(problems)
    done = adopt_controls(
        organization=request.auth.organization,
        controls=[NewControl(code, document, body.library_id, taken, owner, body.implemented_on)],
        by=request.auth.name,
        at=request.auth.at,
    )
    _raise_refused(done)
    return Status(201, _whole(request, code))


@router.post("/bulk", response={200: BulkOut, 422: Refused}, auth=takes("controls.edit"))
def change_several(request: ApiRequest, body: BulkIn) -> BulkOut:
    """Do one thing to several controls; each that was changed in the meantime is left as it is."""
    order, problems = read_order(body.dict(), today=request.auth.at.date())
    owner = _owner(request, body.owner, problems)
    _refuse(problems)
    done = carry_out(
        organization=request.auth.organization,
        order=order,
        seen=list({row.code: Seen(row.code, row.seen) for row in body.rows}.values()),
        owner=owner,
        library=catalog().controls,
        by=request.auth.name,
        at=request.auth.at,
    )
    return BulkOut(
        changed=list(done.codes),
        refused=[
            RowRefused(code=code, what=each.what, todo=list(each.todo), slug=each.slug)
            for code, each in done.refused
        ],
    )


@router.get("/choices", response=ChoicesOut, auth=takes("controls.edit"))
def list_choices(request: ApiRequest) -> dict[str, Any]:
    """Return what to begin with: the starter set of the scope, or all that the library proposes."""
    scope = queries.current_scope(request.auth.organization).document
    in_scope = applicable(scope, catalog().criteria)
    rows = queries.control_rows_of(request.auth.organization, catalog())
    return {
        "choices": choices(rows, [each for each in catalog().criteria if each.id in in_scope]),
        "starter": starter_groups(catalog().starter, scope.categories),
    }


@router.get("/{str:code}", response=ControlWhole, auth=takes("controls.view"))
def read(request: ApiRequest, code: str) -> ControlWhole:
    """Return one control, also one that the library only proposes."""
    return _whole(request, code)


@router.put(
    "/{str:code}",
    response={200: ControlWhole, 409: Refused, 422: Refused},
    auth=takes("controls.edit"),
)
def change(request: ApiRequest, code: str, body: ControlChange) -> ControlWhole:
    """Change what a control says, who owns it and since when it is at work."""
    stated = queries.stated_control(request.auth.organization, code)
    if stated is None:
        raise Http404
    document, problems = read_control(body.content, criteria=catalog().criteria)
    owner = _owner(request, body.owner, problems)
    _refuse_future(request, body.implemented_on, "implemented_on", problems)
    _refuse(problems)
    origin = _origin(stated.library_id) if body.compared else None
    change_control(
        organization=request.auth.organization,
        seen=Seen(code, body.seen),
        document=document,
        owner=owner,
        implemented_on=body.implemented_on,
        taken=library_document(origin) if origin else None,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, code)


@router.post(
    "/{str:code}/retirement",
    response={200: ControlWhole, 409: Refused, 422: Refused},
    auth=takes("controls.edit"),
)
def retire(request: ApiRequest, code: str, body: Retirement) -> ControlWhole:
    """Retire a control; it stays readable, and its code stays used."""
    if queries.stated_control(request.auth.organization, code) is None:
        raise Http404
    problems: list[Problem] = []
    reason = read_reason(body.reason, problems=problems)
    _refuse_future(request, body.on, "on", problems)
    _refuse(problems)
    done = retire_controls(
        organization=request.auth.organization,
        seen=[Seen(code, body.seen)],
        on=body.on,
        reason=reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    _raise_refused(done)
    return _whole(request, code)


def _whole(request: ApiRequest, code: str) -> ControlWhole:
    rows = queries.control_rows_of(request.auth.organization, catalog())
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        raise Http404
    origin = _origin(row.library_id)
    found = None
    if "gap.view" in request.auth.permissions:
        lint = linter(catalog().controls)
        found = lint(row.document, row.library_id, bool(row.owner)) if row.stated else ()
    tests = installed_tests().get(row.library_id, ControlTests())
    names = [each.id for each in tests.automatic] + [each.id for each in tests.manual]
    return ControlWhole.whole(
        row,
        library=control_content(library_document(origin)) if origin else None,
        found=found,
        tests=names,
    )


def _origin(library_id: str) -> Control | None:
    return next((each for each in catalog().controls if each.id == library_id), None)


def _owner(request: ApiRequest, number: int | None, problems: list[Problem]) -> Membership | None:
    if number is None:
        return None
    owner = queries.possible_owners(request.auth.organization).filter(pk=number).first()
    if owner is None:
        todo = "name the number of an active member who is no auditor"
        problems.append(Problem("owner", f"{number} cannot own a control", todo, "control-owner"))
    return owner


def _refuse_future(request: ApiRequest, day: Any, field: str, problems: list[Problem]) -> None:  # noqa: ANN401 - a date or None
    read_day(
        day.isoformat() if day else None,
        field=field,
        today=request.auth.at.date(),
        problems=problems,
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ContentRefusedError(problems)


def _raise_refused(done: Done) -> None:
    for _, refusal in done.refused:
        raise refusal
