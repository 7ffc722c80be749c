"""Management's gap analysis, for programs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router, Schema, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import attachment
from reperform.audit.queries import gap_analysis, program_state
from reperform.catalog.installed import catalog
from reperform.program.actions.readiness import record_readiness
from reperform.program.gap import Readiness
from reperform.program.gap.analysis import CriterionStanding, GapAnalysis
from reperform.program.gap.readiness import ReadinessDay
from reperform.program.gap.traces import Trace
from reperform.program.queries.plan import recorded_days
from reperform.report.gap_files import GAP_FILES, gap_file

router = Router()
readiness = Router()


class BasisOut(Schema):
    """What the analysis rests on; `caveats` say why what was seen is not evidence for the scope."""

    scope_version: int
    examination: int | None
    seen_on: date | None
    adopted_controls: int
    caveats: list[str]


class TraceOut(Schema):
    """What a register says; `state` is kept, lacking or not checked."""

    source: str
    said: str
    state: str


class CriterionOut(Schema):
    """One criterion in scope; `reason` names what is missing."""

    criterion: str
    category: str
    status: str
    reason: str
    designed: str
    implemented: str
    evidenced: str
    operated: str
    controls: list[str]
    steps: list[str]


class GapOut(Schema):
    """The whole analysis; `counts` is criteria by status."""

    basis: BasisOut
    counts: dict[str, int]
    criteria: list[CriterionOut]


class PointOut(Schema):
    """One point of focus and the controls that address it."""

    point: str
    label: str
    state: str
    controls: list[str]


class ControlOut(Schema):
    """One adopted control; a facet that nobody examined is `unknown`."""

    control: str
    title: str
    owner: str
    designed: str
    implemented: str
    evidenced: str
    operated: str
    reasons: list[str]
    notes: list[str]
    steps: list[str]
    traces: list[TraceOut]


class CriterionGapOut(CriterionOut):
    """One criterion with its points of focus and its controls."""

    basis: BasisOut
    points: list[PointOut]
    traces: list[TraceOut]
    adopted: list[ControlOut]
    proposed: list[str]


@router.get("", response=GapOut, auth=takes("gap.view"))
def read(request: ApiRequest) -> GapOut:
    """Return the analysis of every criterion in scope."""
    analysis = gap_analysis(request.auth.organization, catalog=catalog(), at=request.auth.at)
    return GapOut(
        basis=_basis(analysis),
        counts={status.value: count for status, count in analysis.counts().items()},
        criteria=[CriterionOut(**_facts(each)) for each in analysis.criteria],
    )


@router.get("/files/{str:name}", auth=takes("gap.view"))
def read_file(request: ApiRequest, name: str) -> HttpResponse:
    """Return the analysis with the plan as a file, computed now.

    One of gap-analysis.pdf, gap-analysis.docx, gap-analysis.xlsx, criteria.csv, plan.csv.
    """
    if name not in GAP_FILES:
        raise Http404
    caller = request.auth
    now = program_state(caller.organization, catalog=catalog(), at=caller.at, whole=True)
    made = gap_file(name, now, is_example=caller.organization.is_example)
    return attachment(made, GAP_FILES[name], name)


@router.get("/{str:criterion}", response=CriterionGapOut, auth=takes("gap.view"))
def read_criterion(request: ApiRequest, criterion: str) -> CriterionGapOut:
    """Return one criterion in scope with its points of focus and its controls."""
    analysis = gap_analysis(request.auth.organization, catalog=catalog(), at=request.auth.at)
    found = analysis.standing(criterion)
    if found is None:
        raise Http404
    return CriterionGapOut(
        **_facts(found),
        basis=_basis(analysis),
        points=[
            PointOut(
                point=each.point.id,
                label=each.point.label,
                state=each.state.value,
                controls=list(each.controls),
            )
            for each in found.points
        ],
        adopted=[
            _control(
                each,
                owner=analysis.adopted[each.control.id].owner,
                traces=analysis.traces.get(each.control.id, ()),
            )
            for each in found.controls
        ],
        traces=_traces(found.traces),
        proposed=[each.id for each in found.proposed],
    )


def _basis(analysis: GapAnalysis) -> BasisOut:
    return BasisOut(
        scope_version=analysis.scope_number,
        examination=analysis.seen.number if analysis.seen else None,
        seen_on=analysis.seen.on if analysis.seen else None,
        adopted_controls=len(analysis.adopted),
        caveats=list(analysis.caveats),
    )


def _facts(standing: CriterionStanding) -> dict[str, Any]:
    gap = standing.gap
    return {
        "criterion": gap.criterion.id,
        "category": gap.criterion.category,
        "status": gap.status.value,
        "reason": gap.reason,
        "designed": gap.designed.value,
        "implemented": gap.implemented.value,
        "evidenced": gap.evidenced.value,
        "operated": gap.operated.value,
        "controls": list(gap.controls),
        "steps": list(gap.steps),
    }


def _traces(traces: Sequence[Trace]) -> list[TraceOut]:
    return [
        TraceOut(source=each.register, said=each.said, state=each.state.value) for each in traces
    ]


def _control(readiness: Readiness, *, owner: str, traces: Sequence[Trace]) -> ControlOut:
    return ControlOut(
        control=readiness.control.id,
        title=readiness.control.title,
        owner=owner,
        designed=readiness.designed.value,
        implemented=readiness.implemented.value,
        evidenced=readiness.evidenced.value,
        operated=readiness.operated.value,
        reasons=list(readiness.reasons),
        notes=list(readiness.notes),
        steps=list(readiness.steps),
        traces=_traces(traces),
    )


class DayOut(Schema):
    """One recorded day; `counts` is criteria by status."""

    on: date
    counts: dict[str, int]
    open_tasks: int
    late_tasks: int
    scope_version: int
    examination: int | None
    days_before: int

    @staticmethod
    def of(day: ReadinessDay) -> "DayOut":
        """Return a day as an answer."""
        return DayOut(
            on=day.on,
            counts={status.value: count for status, count in day.counts.items()},
            open_tasks=day.open_tasks,
            late_tasks=day.late_tasks,
            scope_version=day.scope_version,
            examination=day.examination,
            days_before=day.days_before,
        )


@readiness.get("", response=list[DayOut], auth=takes("gap.view"))
def list_days(request: ApiRequest) -> list[DayOut]:
    """List the recorded days, the first one first; what was between them nobody knows."""
    return [DayOut.of(day) for day in recorded_days(request.auth.organization)]


@readiness.post("", response={201: DayOut}, auth=takes("gap.edit"))
def record_today(request: ApiRequest) -> Status[DayOut]:
    """Record today; the last record of a day stands for it."""
    caller = request.auth
    record_readiness(
        organization=caller.organization,
        state=program_state(caller.organization, catalog=catalog(), at=caller.at),
        by=caller.name,
        at=caller.at,
    )
    return Status(201, DayOut.of(recorded_days(caller.organization)[-1]))
