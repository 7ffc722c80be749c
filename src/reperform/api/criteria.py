"""The criteria and the matrix of criteria and controls, for programs."""

from typing import Any

from django.http import Http404
from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.installed import catalog
from reperform.program import queries
from reperform.program.controls.coverage import CriterionCoverage, coverage

router = Router()
matrix_router = Router()


class CriterionLine(Schema):
    """One of the 61; `standing`: not in scope, not applicable, no control, points open, served."""

    id: str
    title: str
    category: str
    standing: str
    reason_not_applicable: str
    controls: list[str]
    open_points: list[str]


class PointServed(Schema):
    """One point of focus and the adopted controls that address it."""

    id: str
    label: str
    controls: list[str]


class LinkOut(Schema):
    """A requirement of another framework that the criterion bears on: full, partial or related."""

    framework: str
    requirement: str
    strength: str


class CriterionWhole(CriterionLine):
    """One criterion with its points of focus and what else it satisfies; the text is our own."""

    text: str
    coso: int | None
    points: list[PointServed]
    proposed: list[str]
    satisfies: list[LinkOut]
    without_counterpart: dict[str, str]


class MatrixRow(Schema):
    """One criterion, and the codes of the adopted controls that serve it."""

    criterion: str
    is_hole: bool
    controls: list[str]


class MatrixOut(Schema):
    """Criteria by controls: `holes` apply and have no control."""

    controls: list[str]
    rows: list[MatrixRow]
    holes: list[str]


@router.get("", response=list[CriterionLine], auth=takes("criteria.view"))
def list_criteria(request: ApiRequest) -> list[CriterionLine]:
    """List the 61 criteria with where each stands."""
    return [CriterionLine(**_fields(each)) for each in _covered(request)]


@router.get("/{str:criterion}", response=CriterionWhole, auth=takes("criteria.view"))
def read(request: ApiRequest, criterion: str) -> CriterionWhole:
    """Return one criterion, and what else it satisfies."""
    if criterion not in CRITERION_IDS:
        raise Http404
    covered = next(each for each in _covered(request) if each.criterion.id == criterion)
    return CriterionWhole(
        **_fields(covered),
        text=covered.criterion.text,
        coso=covered.criterion.coso,
        points=[
            PointServed(id=point.id, label=point.label, controls=list(codes))
            for point, codes in covered.points
        ],
        proposed=[row.code for row in covered.proposed],
        satisfies=[
            LinkOut(
                framework=link.framework,
                requirement=link.requirement,
                strength=link.strength.value,
            )
            for crosswalk in catalog().crosswalks
            for link in crosswalk.links
            if link.criterion == criterion
        ],
        without_counterpart={
            crosswalk.framework.slug: none.reason
            for crosswalk in catalog().crosswalks
            for none in crosswalk.none
            if none.criterion == criterion
        },
    )


@matrix_router.get("", response=MatrixOut, auth=takes("controls.view"))
def matrix(request: ApiRequest) -> MatrixOut:
    """Return which adopted control serves which criterion that applies."""
    covered = [each for each in _covered(request) if each.applies]
    return MatrixOut(
        controls=sorted({row.code for each in covered for row in each.controls}),
        rows=[
            MatrixRow(
                criterion=each.criterion.id,
                is_hole=each.is_hole,
                controls=[row.code for row in each.controls],
            )
            for each in covered
        ],
        holes=[each.criterion.id for each in covered if each.is_hole],
    )


def _covered(request: ApiRequest) -> list[CriterionCoverage]:
    organization = request.auth.organization
    return coverage(
        queries.control_rows_of(organization, catalog()),
        criteria=catalog().criteria,
        scope=queries.current_scope(organization).document,
    )


def _fields(covered: CriterionCoverage) -> dict[str, Any]:
    return {
        "id": covered.criterion.id,
        "title": covered.criterion.title,
        "category": covered.criterion.category,
        "standing": covered.standing,
        "reason_not_applicable": covered.reason,
        "controls": [row.code for row in covered.controls],
        "open_points": [point.id for point in covered.open_points],
    }
