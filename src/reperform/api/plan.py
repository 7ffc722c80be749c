"""The remediation plan, for programs."""

from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Query, Router, Status

from reperform.accounts.models import Membership
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
from reperform.api.plan_shapes import (
    BoundOut,
    PlanOut,
    ProposalOut,
    ProposedIn,
    ScheduledOut,
    TaskChangeIn,
    TaskCloseIn,
    TaskIn,
    TaskOut,
)
from reperform.audit.queries import gap_analysis, program_state
from reperform.catalog.installed import catalog
from reperform.program.actions.plan import change_task, make_proposed, make_task
from reperform.program.models import RemediationTask
from reperform.program.plan import read_task
from reperform.program.plan.proposals import Proposals, propose, states_by_gap
from reperform.program.queries.plan import gaps_with_tasks, planned_task, task_row, tasks_like

tasks = Router()
plan = Router()


@tasks.get("", response=Page[TaskOut], auth=takes("gap.view"))
def list_tasks(
    request: ApiRequest,
    *,
    state: Literal["open", "done", "dropped", "late", ""] = "",
    owner: Annotated[int | None, Query(ge=1, lt=10**9)] = None,
    criterion: str = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the tasks by number, all of them or those with a state, an owner or a criterion."""
    today = request.auth.at.date()
    found = tasks_like(
        request.auth.organization,
        states=["open"] if state == "late" else [state] if state else [],
        owner=owner,
        criterion=criterion,
        due_before=today if state == "late" else None,
    )
    return paged(found, offset, limit, lambda row: TaskOut.of(planned_task(row), today))


@tasks.post("", response={201: TaskOut, 422: Refused}, auth=takes("gap.edit"))
def make(request: ApiRequest, body: TaskIn) -> Status[TaskOut]:
    """Make a task."""
    fields, problems = read_task(body.content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    made = make_task(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _answer(request, made))


@tasks.get("/proposed", response=list[ProposalOut], auth=takes("gap.view"))
def list_proposed(request: ApiRequest) -> list[ProposalOut]:
    """List the tasks that the gaps suggest, and those that are in the plan or were dropped."""
    found = _proposals(request)
    named: tuple[tuple[Literal["new", "again", "in the plan", "dropped"], Any], ...] = (
        ("new", found.new),
        ("again", found.again),
        ("in the plan", found.has_task),
        ("dropped", found.dropped),
    )
    return [
        ProposalOut(
            gap=each.gap,
            title=each.fields.title,
            criterion=each.fields.criterion,
            control=each.fields.control,
            risk=each.fields.risk.value,
            state=state,
        )
        for state, several in named
        for each in several
    ]


@tasks.post("/proposed", response={201: list[TaskOut]}, auth=takes("gap.edit"))
def make_tasks_proposed(request: ApiRequest, body: ProposedIn) -> Status[list[TaskOut]]:
    """Make the proposed tasks of these gaps; a gap with an open task gets no second one."""
    made = make_proposed(
        organization=request.auth.organization,
        proposals=[each for each in _proposals(request).offered if each.gap in body.gaps],
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, [_answer(request, each) for each in made])


@tasks.get("/{int:number}", response=TaskOut, auth=takes("gap.view"))
def read(request: ApiRequest, number: int) -> TaskOut:
    """Return one task."""
    return _answer(request, _found(request, number))


@tasks.put(
    "/{int:number}",
    response={200: TaskOut, 409: Refused, 422: Refused},
    auth=takes("tasks.edit"),
)
def change(request: ApiRequest, number: int, body: TaskChangeIn) -> TaskOut:
    """Change a task; a control owner's token changes the owner's own tasks only."""
    _found(request, number)
    return _change(request, number, body.content, body.seen)


@tasks.post(
    "/{int:number}/close",
    response={200: TaskOut, 409: Refused, 422: Refused},
    auth=takes("tasks.edit"),
)
def close(request: ApiRequest, number: int, body: TaskCloseIn) -> TaskOut:
    """Say that a task is done or dropped; the criterion moves only when evidence is seen."""
    said = _answer(request, _found(request, number)).dict(exclude={"number", "version", "is_late"})
    ended = {"state": body.state, "reason": body.reason, "closed_on": body.closed_on}
    return _change(request, number, said | ended, body.seen)


@plan.get("", response=PlanOut, auth=takes("gap.view"))
def read_plan(request: ApiRequest) -> PlanOut:
    """Return when each open task can be done, and the earliest feasible period start."""
    now = program_state(request.auth.organization, catalog=catalog(), at=request.auth.at)
    found = now.start
    return PlanOut(
        tasks=[
            ScheduledOut(
                task=each.task.number, starts=each.starts, ends=each.ends, because=each.because
            )
            for each in now.schedule.tasks
        ],
        start=found.day,
        bounds=[
            BoundOut(day=each.day, because=each.because, task=each.task) for each in found.bounds
        ],
        obstacles=list(found.obstacles),
        chain=[each.task.number for each in found.chain],
        periods={f"{months} months": last for months, last in found.ends},
    )


def _found(request: ApiRequest, number: int) -> RemediationTask:
    found = task_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def _answer(request: ApiRequest, row: RemediationTask) -> TaskOut:
    return TaskOut.of(planned_task(row), request.auth.at.date())


def _change(request: ApiRequest, number: int, content: dict[str, Any], seen: int) -> TaskOut:
    fields, problems = read_task(content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    change_task(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=seen,
        limited_to=_limit(request),
        by=request.auth.name,
        at=request.auth.at,
    )
    return _answer(request, _found(request, number))


def _limit(request: ApiRequest) -> Membership | None:
    return None if "gap.edit" in request.auth.permissions else request.auth.membership


def _proposals(request: ApiRequest) -> Proposals:
    organization = request.auth.organization
    analysis = gap_analysis(organization, catalog=catalog(), at=request.auth.at)
    return propose(analysis, states_by_gap(gaps_with_tasks(organization)))
