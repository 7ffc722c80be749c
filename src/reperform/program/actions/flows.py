"""Entering, changing and ending data flows."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.assets.flows import SLUG, FlowFields, flow_content
from reperform.program.models import Asset, DataFlow
from reperform.program.queries.assets import flow_fields


class FlowRefusedError(RefusalError):
    """A flow names an asset that the organization does not have in use, or is ended already."""

    slug = "flow-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"the data flow was not saved: {problems[0].where} {problems[0].what}",
            why="A diagram with an arrow to nothing misleads whoever reads it.",
            todo=problems[0].todo,
        )
        self.problems = tuple(problems)


@transaction.atomic
def make_flow(
    *,
    organization: Organization,
    fields: FlowFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> DataFlow:
    """Enter a data flow; `number` only where a file names it.

    Raises:
        FlowRefusedError: an end is no asset in use, or the number is taken.
    """
    lock(organization)
    if number is not None and DataFlow.objects.filter(organization=organization, number=number):
        raise FlowRefusedError([_problem("number", f"{number} is taken")])
    flow = DataFlow(
        organization=organization, number=number or next_number(DataFlow, organization), version=0
    )
    _write(flow, fields, by=by, at=at)
    record(
        log=organization.log,
        act="flow.made",
        by=by,
        at=at,
        subject=f"data flow {flow.number}",
        after=flow_content(fields),
    )
    return flow


@transaction.atomic
def change_flow(
    *,
    organization: Organization,
    number: int,
    fields: FlowFields,
    seen: int,
    by: str,
    at: datetime,
) -> DataFlow:
    """Change a data flow.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        FlowRefusedError: an end is no asset in use, or the flow is ended.
    """
    lock(organization)
    flow = DataFlow.objects.get(organization=organization, number=number)
    refuse_stale(flow, f"data flow {number}", seen=seen)
    _refuse_ended(flow)
    before = flow_content(flow_fields(flow))
    if before == flow_content(fields):
        return flow
    _write(flow, fields, by=by, at=at)
    was, is_now = difference(before, flow_content(fields))
    record(
        log=organization.log,
        act="flow.changed",
        by=by,
        at=at,
        subject=f"data flow {number}",
        before=was,
        after=is_now,
    )
    return flow


@transaction.atomic
def end_flow(
    *,
    organization: Organization,
    number: int,
    on: date,
    reason: str,
    seen: int,
    by: str,
    at: datetime,
) -> DataFlow:
    """Say that data does not flow so any more.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        FlowRefusedError: it is ended already.
    """
    lock(organization)
    flow = DataFlow.objects.get(organization=organization, number=number)
    refuse_stale(flow, f"data flow {number}", seen=seen)
    _refuse_ended(flow)
    flow.ended_on, flow.ended_because = on, reason
    flow.version, flow.changed_by, flow.changed_at = flow.version + 1, by, at
    flow.save()
    record(
        log=organization.log,
        act="flow.ended",
        by=by,
        at=at,
        subject=f"data flow {number}",
        before={"ended_on": None},
        after={"ended_on": on.isoformat(), "reason": reason},
    )
    return flow


def _write(flow: DataFlow, fields: FlowFields, *, by: str, at: datetime) -> None:
    assets = Asset.objects.filter(organization=flow.organization, retired_on=None)
    for end, number in (("source", fields.source), ("target", fields.target)):
        asset = assets.filter(number=number).first() if number is not None else None
        if number is not None and asset is None:
            raise FlowRefusedError([_problem(end, f"there is no AST-{number} in use")])
        setattr(flow, end, asset)
    flow.source_party, flow.target_party = fields.source_party, fields.target_party
    flow.data, flow.classification = fields.data, fields.classification.value
    flow.protocol, flow.encrypted, flow.note = fields.protocol, fields.encrypted, fields.note
    flow.version, flow.changed_by, flow.changed_at = flow.version + 1, by, at
    flow.save()


def _refuse_ended(flow: DataFlow) -> None:
    if flow.ended_on:
        what = f"ended on {flow.ended_on}"
        raise FlowRefusedError([Problem("flow", what, "enter a new one", SLUG)])


def _problem(where: str, what: str) -> Problem:
    return Problem(where, what, "choose one that is in the list", SLUG)
