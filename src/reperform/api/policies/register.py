"""Policies, for programs: listed, made, changed, retired, and the templates of the library."""

from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Schema, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, attachment, paged
from reperform.api.policies.router import (
    answer,
    found,
    policies,
    refuse,
    sees_drafts,
    templates,
)
from reperform.api.policies.shapes import ContentIn, PolicyIn, PolicyOut, RetirementIn
from reperform.catalog.installed import catalog
from reperform.program.actions.policies import (
    NewPolicy,
    change_policy,
    make_policy,
    retire_policy,
)
from reperform.program.policies import (
    policy_content,
    read_key,
    read_policy,
    read_text,
    text_content,
)
from reperform.program.policies.deciding import read_day, read_reason
from reperform.program.policies.markdown import declared_content
from reperform.program.queries.policies import policies_like, standing_of
from reperform.program.queries.policy_acceptances import counts
from reperform.program.queries.policy_lists import listed_policies
from reperform.program.queries.policy_templates import demanded, from_template, template_of
from reperform.report.policy_files import POLICIES, SHEETS, policy_sheet

Shown = Literal[
    "", "draft", "approved", "in force", "retired", "overdue", "waiting", "written", "all"
]


class TemplateOut(Schema):
    """A template of the library: what it must lay down, its placeholders, and its text."""

    id: str
    title: str
    lays_down: list[str]
    placeholders: dict[str, dict[str, str]]
    text: str


@templates.get("", response=list[TemplateOut], auth=takes("policies.edit"))
def list_templates(request: ApiRequest) -> list[TemplateOut]:  # noqa: ARG001 - every operation takes it
    """List the templates that a policy can begin with."""
    found_ = [(each, demanded(catalog(), each.id)) for each in catalog().templates]
    return [
        TemplateOut(
            id=each.id,
            title=each.title,
            lays_down=list(policy.lays_down) if policy else [],
            placeholders=declared_content(each.placeholders),
            text=each.text,
        )
        for each, policy in found_
    ]


@policies.get("", response=Page[PolicyOut], auth=takes("policies.view"))
def list_policies(
    request: ApiRequest,
    *,
    state: Shown = "",
    owner: int | None = None,
    q: str = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List policies by title: all that are not retired, or those of a state.

    `overdue`: their review is late; `waiting`: a version waits for approval; `written`: one is
    being written.  A token that reads no drafts gets those in force.
    """
    today, drafts = request.auth.at.date(), sees_drafts(request)
    rows = policies_like(
        request.auth.organization,
        today,
        state=state if drafts else "in force",
        owner=None if owner is None else max(-1, min(owner, 10**9)),
        text=q,
    )
    part = rows[offset : offset + limit]
    counted = counts(part, today) if "people.view" in request.auth.permissions else {}
    return paged(
        rows,
        offset,
        limit,
        lambda row: PolicyOut.of(standing_of(row, today), counted.get(row.key), drafts=drafts),
    )


@policies.post(
    "", response={201: PolicyOut, 404: Refused, 422: Refused}, auth=takes("policies.edit")
)
def make(request: ApiRequest, body: PolicyIn) -> Status[PolicyOut]:
    """Make a policy with a draft, from a template of the library or with a text of its own."""
    key, problems = read_key(body.id)
    content, text_said = body.content, body.text
    if body.template:
        template = template_of(catalog(), body.template)
        if template is None:
            raise Http404
        begun, text = from_template(
            request.auth.organization, template, demanded(catalog(), template.id)
        )
        content = policy_content(begun) | content
        begun_text = text_content(text)
        values = text_said.get("values")
        merged = begun_text["values"] | values if isinstance(values, dict) else values
        text_said = begun_text | text_said | ({"values": merged} if merged is not None else {})
    fields, wrong = read_policy(content)
    said, wrong_text = read_text(text_said)
    refuse([*problems, *wrong, *wrong_text])
    make_policy(
        organization=request.auth.organization,
        new=NewPolicy(key, fields, said, body.template),
        author=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, answer(request, key))


@policies.get("/files/{str:name}", auth=takes("policies.view"))
def read_file(request: ApiRequest, name: str) -> HttpResponse:
    """Return the list as a file: policies.csv or policies.xlsx."""
    kind = name.removeprefix("policies.")
    if name == kind or kind not in SHEETS:
        raise Http404
    rows = listed_policies(
        request.auth.organization,
        request.auth.at.date(),
        only_in_force="people.view" not in request.auth.permissions,
    )
    at, is_example = request.auth.at, request.auth.organization.is_example
    made = policy_sheet(kind, POLICIES, rows, title="Policies", at=at, is_example=is_example)
    return attachment(made, SHEETS[kind], name)


@policies.get("/{str:policy}", response=PolicyOut, auth=takes("policies.view"))
def read(request: ApiRequest, policy: str) -> PolicyOut:
    """Return one policy, without its text."""
    return answer(request, found(request, policy).key)


@policies.put(
    "/{str:policy}",
    response={200: PolicyOut, 409: Refused, 422: Refused},
    auth=takes("policies.edit"),
)
def change(request: ApiRequest, policy: str, body: ContentIn) -> PolicyOut:
    """Change whose a policy is, when it is reviewed and whom it is meant for."""
    row = found(request, policy)
    fields, problems = read_policy(body.content)
    refuse(problems)
    change_policy(
        organization=request.auth.organization,
        key=row.key,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return answer(request, row.key)


@policies.post(
    "/{str:policy}/retirement",
    response={200: PolicyOut, 409: Refused, 422: Refused},
    auth=takes("policies.edit"),
)
def retire(request: ApiRequest, policy: str, body: RetirementIn) -> PolicyOut:
    """Take a policy out of force from a day on; what was accepted stays on record."""
    row = found(request, policy)
    day, problems = read_day({"on": body.on}, "on", today=request.auth.at.date())
    reason, wrong = read_reason({"reason": body.reason})
    refuse([*problems, *wrong])
    retire_policy(
        organization=request.auth.organization,
        key=row.key,
        on=day,
        reason=reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return answer(request, row.key)
