"""Systems of record, for programs: which system has which role in reconciliations."""

from typing import Any

from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Refused
from reperform.program.actions.systems import state_systems
from reperform.program.queries.systems import latest_systems
from reperform.program.systems import read_systems, systems_content

router = Router()


class SystemsOut(Schema):
    """Role -> systems, as rows of populations name them; version 0 while nobody said anything."""

    version: int
    content: dict[str, list[str]]


class SystemsIn(Schema):
    """All of them: identity_provider, hr_roster, code_host, deployment_source; each a list.

    What is left out is not decided.  `seen` is the version that it follows.
    """

    seen: int
    content: dict[str, Any]


@router.get("", response=SystemsOut, auth=takes("results.view"))
def read(request: ApiRequest) -> SystemsOut:
    """Return the systems of record as they stand."""
    row = latest_systems(request.auth.organization)
    if row is None:
        return SystemsOut(version=0, content=systems_content({}))
    return SystemsOut(version=row.number, content=row.content)


@router.put(
    "",
    response={200: SystemsOut, 409: Refused, 422: Refused},
    auth=takes("results.edit"),
)
def state(request: ApiRequest, body: SystemsIn) -> SystemsOut:
    """Say which systems have which role: the next examination compares by them."""
    systems, problems = read_systems(body.content)
    if problems:
        raise ContentRefusedError(problems)
    number = state_systems(
        organization=request.auth.organization,
        systems=systems,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return SystemsOut(version=number, content=systems_content(systems))
