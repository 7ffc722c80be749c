"""Accepting policies, for programs, and who has and has not."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import File, Form, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, attachment, paged
from reperform.api.policies.router import found, policies, refuse
from reperform.api.policies.shapes import AcceptanceOut, AcceptingOut, SeenIn
from reperform.base.problem import Problem
from reperform.base.visible import file_name
from reperform.program.actions.policy_acceptances import (
    Proof,
    accept_policy,
    record_acceptance,
)
from reperform.program.files import LARGEST_FILE
from reperform.program.policies.deciding import read_day
from reperform.program.queries.people import person_row
from reperform.program.queries.policy_acceptances import accepting
from reperform.program.queries.policy_lists import listed_acceptances
from reperform.report.policy_files import ACCEPTANCES, SHEETS, policy_sheet


@policies.post(
    "/{str:policy}/acceptance",
    response={200: AcceptanceOut, 409: Refused, 422: Refused},
    auth=takes("work.do"),
)
def accept(request: ApiRequest, policy: str, body: SeenIn) -> AcceptanceOut:
    """Accept the version in force as the person whose token it is; `seen` is its number."""
    row = found(request, policy)
    made = accept_policy(
        organization=request.auth.organization,
        key=row.key,
        seen=body.seen,
        member=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return AcceptanceOut.of(row, made)


@policies.get("/{str:policy}/acceptances", response=Page[AcceptingOut], auth=takes("people.view"))
def list_acceptances(
    request: ApiRequest, policy: str, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List everybody whom the version in force asks, by name: who has and who has not."""
    people = accepting(found(request, policy), request.auth.at.date())
    return paged(people, offset, limit, AcceptingOut.of)


@policies.get("/{str:policy}/acceptances/{str:name}", auth=takes("people.view"))
def read_acceptances_file(request: ApiRequest, policy: str, name: str) -> HttpResponse:
    """Return the same as a file: acceptances.csv or acceptances.xlsx."""
    row = found(request, policy)
    kind = name.removeprefix("acceptances.")
    if name == kind or kind not in SHEETS:
        raise Http404
    rows = listed_acceptances(row, request.auth.at.date())
    at, is_example = request.auth.at, request.auth.organization.is_example
    made = policy_sheet(kind, ACCEPTANCES, rows, title="Acceptances", at=at, is_example=is_example)
    return attachment(made, SHEETS[kind], f"{row.key}-{name}")


@policies.post(
    "/{str:policy}/acceptances",
    response={201: AcceptanceOut, 409: Refused, 422: Refused},
    auth=takes("policies.edit"),
)
def record(
    request: ApiRequest,
    policy: str,
    *,
    person: Form[int],
    seen: Form[int],
    file: File[UploadedFile],
    on: Form[str] = "",
) -> Status[AcceptanceOut]:
    """Record that a person accepted elsewhere, with the file that shows it; today without `on`."""
    row = found(request, policy)
    known = person_row(request.auth.organization, person) if 0 <= person < 10**9 else None
    if known is None:
        what, todo = "is not in the register of people", "name a person's number"
        refuse([Problem("person", what, todo, "policy-field")])
    day, problems = read_day({"on": on}, "on", today=request.auth.at.date())
    refuse(problems)
    made = record_acceptance(
        organization=request.auth.organization,
        key=row.key,
        seen=seen,
        person=person,
        proof=Proof(file_name(file.name), file.read(LARGEST_FILE + 1), day),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, AcceptanceOut.of(row, made))
