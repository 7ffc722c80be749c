"""Versions of a policy's text, for programs: written, submitted, sent back, approved, reviewed."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Schema, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, attachment, paged
from reperform.api.policies.router import (
    answer,
    found,
    found_version,
    policies,
    refuse,
    sees_drafts,
)
from reperform.api.policies.shapes import (
    ApprovalIn,
    ContentIn,
    PolicyOut,
    PolicyReasonIn,
    SeenIn,
    VersionOut,
)
from reperform.base.text_difference import compare
from reperform.program.actions.policy_versions import (
    approve_policy,
    return_policy,
    review_policy,
    submit_policy,
    write_policy,
)
from reperform.program.policies import read_text
from reperform.program.policies.deciding import read_approval, read_reason
from reperform.program.queries.policies import version_text, versions_of
from reperform.program.queries.policy_documents import markdown_of
from reperform.report.pdf import render_pdf
from reperform.report.policy import policy_document, policy_facts


class DifferenceOut(Schema):
    """What changed between two texts: lines of pieces, each `same`, `added` or `removed`."""

    lines: list[list[tuple[str, str]]]


@policies.get("/{str:policy}/versions", response=Page[VersionOut], auth=takes("policies.view"))
def list_versions(
    request: ApiRequest, policy: str, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the versions, the newest first; only approved ones to a token that reads no drafts."""
    row = found(request, policy)
    rows = versions_of(row)
    if not sees_drafts(request):
        rows = rows.exclude(approved_at=None)
    return paged(rows, offset, limit, lambda version: VersionOut.of(row, version))


@policies.post(
    "/{str:policy}/versions",
    response={201: VersionOut, 409: Refused, 422: Refused},
    auth=takes("policies.edit"),
)
def write(request: ApiRequest, policy: str, body: ContentIn) -> Status[VersionOut]:
    """Save a text as the next version, a draft; what is in force stays as it is."""
    row = found(request, policy)
    text, problems = read_text(body.content)
    refuse(problems)
    made = write_policy(
        organization=request.auth.organization,
        key=row.key,
        text=text,
        seen=body.seen,
        author=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, VersionOut.of(row, made))


@policies.get(
    "/{str:policy}/versions/{int:number}", response=VersionOut, auth=takes("policies.view")
)
def read_version(request: ApiRequest, policy: str, number: int) -> VersionOut:
    """Return one version with its text."""
    return VersionOut.of(*found_version(request, policy, number))


@policies.get(
    "/{str:policy}/versions/{int:number}/difference",
    response=DifferenceOut,
    auth=takes("policies.view"),
)
def compare_versions(request: ApiRequest, policy: str, number: int, to: int) -> DifferenceOut:
    """Say what changed from one version to another, `to`."""
    _, before = found_version(request, policy, number)
    _, after = found_version(request, policy, max(0, to))
    lines = compare(version_text(before).filled, version_text(after).filled)
    return DifferenceOut(
        lines=[[(piece.change.value, piece.text) for piece in line] for line in lines]
    )


@policies.get("/{str:policy}/versions/{int:number}/{str:name}", auth=takes("policies.view"))
def read_version_file(request: ApiRequest, policy: str, number: int, name: str) -> HttpResponse:
    """Return a version with its placeholders filled: policy.md or policy.pdf."""
    row, version = found_version(request, policy, number)
    file = f"{row.key}-{number}"
    if name == "policy.md":
        made = markdown_of(row, version).encode()
        return attachment(made, "text/markdown; charset=utf-8", f"{file}.md")
    if name != "policy.pdf":
        raise Http404
    document = policy_document(policy_facts(row, version), version_text(version).filled)
    return attachment(render_pdf(document, at=version.written_at), "application/pdf", f"{file}.pdf")


@policies.post(
    "/{str:policy}/submission",
    response={200: VersionOut, 409: Refused, 422: Refused},
    auth=takes("policies.edit"),
)
def submit(request: ApiRequest, policy: str, body: SeenIn) -> VersionOut:
    """Ask for the approval of the newest version; unfilled placeholders block it."""
    row = found(request, policy)
    made = submit_policy(
        organization=request.auth.organization,
        key=row.key,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return VersionOut.of(row, made)


@policies.post(
    "/{str:policy}/return",
    response={200: VersionOut, 409: Refused, 422: Refused},
    auth=takes("policies.approve"),
)
def send_back(request: ApiRequest, policy: str, body: PolicyReasonIn) -> VersionOut:
    """Send a submitted version back with the reason."""
    row = found(request, policy)
    reason, problems = read_reason({"reason": body.reason})
    refuse(problems)
    made = return_policy(
        organization=request.auth.organization,
        key=row.key,
        seen=body.seen,
        reason=reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return VersionOut.of(row, made)


@policies.post(
    "/{str:policy}/approval",
    response={200: VersionOut, 409: Refused, 422: Refused},
    auth=takes("policies.approve"),
)
def approve(request: ApiRequest, policy: str, body: ApprovalIn) -> VersionOut:
    """Approve the newest version; not by the token of anybody who wrote a part of it."""
    row = found(request, policy)
    said = {"effective_on": body.effective_on, "minor_because": body.minor_because}
    approval, problems = read_approval(said, today=request.auth.at.date())
    refuse(problems)
    made = approve_policy(
        organization=request.auth.organization,
        key=row.key,
        seen=body.seen,
        approval=approval,
        approver=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return VersionOut.of(row, made)


@policies.post(
    "/{str:policy}/reviews",
    response={200: PolicyOut, 409: Refused, 422: Refused},
    auth=takes("policies.edit"),
)
def review(request: ApiRequest, policy: str, body: PolicyReasonIn) -> PolicyOut:
    """Record that the version in force was read and stays; `reason` says what was looked at."""
    row = found(request, policy)
    reason, problems = read_reason({"reason": body.reason})
    refuse(problems)
    review_policy(
        organization=request.auth.organization,
        key=row.key,
        seen=body.seen,
        note=reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return answer(request, row.key)
