"""What the operations on policies share: their routers, and finding what a path names."""

from collections.abc import Iterable

from django.http import Http404
from ninja import Router

from reperform.api.access import ApiRequest
from reperform.api.answers import ContentRefusedError
from reperform.api.policies.shapes import PolicyOut
from reperform.base.problem import Problem
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies.markdown import LONGEST_ID
from reperform.program.queries.policies import (
    policies_like,
    policy_row,
    standing_of,
    version_row,
)
from reperform.program.queries.policy_acceptances import counts

policies = Router()
imports = Router()
templates = Router()


def sees_drafts(request: ApiRequest) -> bool:
    """Return whether the token reads what is not in force."""
    return bool({"policies.edit", "policies.approve"} & request.auth.permissions)


def found(request: ApiRequest, policy: str) -> Policy:
    """Return the policy that the path names.

    Raises:
        Http404: there is none, or it was never in force and the token reads no drafts.
    """
    row = policy_row(request.auth.organization, policy[: LONGEST_ID + 1].replace("\0", ""))
    if row is None:
        raise Http404
    if not sees_drafts(request) and not row.versions.exclude(approved_at=None).exists():
        raise Http404
    return row


def found_version(request: ApiRequest, policy: str, number: int) -> tuple[Policy, PolicyVersion]:
    """Return a version that the path names.

    Raises:
        Http404: there is none, or nobody approved it and the token reads no drafts.
    """
    row = found(request, policy)
    version = version_row(row, number) if number < 10**9 else None
    if version is None or not (version.approved_at or sees_drafts(request)):
        raise Http404
    return row, version


def answer(request: ApiRequest, policy: str) -> PolicyOut:
    """Return a policy as an answer."""
    today = request.auth.at.date()
    row = policies_like(request.auth.organization, today, state="all").get(key=policy)
    counted = counts([row], today) if "people.view" in request.auth.permissions else {}
    return PolicyOut.of(standing_of(row, today), counted.get(policy), drafts=sees_drafts(request))


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse content that has problems.

    Raises:
        ContentRefusedError: it has.
    """
    kept = list(problems)
    if kept:
        raise ContentRefusedError(kept)
