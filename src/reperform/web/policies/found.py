"""What the pages of policies share: who sees what, finding one, and how a form ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies.refusals import PolicyRefusedError, PolicyReviewedError
from reperform.program.queries.policies import policy_row, version_row
from reperform.web.asked import Asked, form_fields, named
from reperform.web.page import PageRequest


def sees_drafts(request: PageRequest) -> bool:
    """Return whether the visitor reads what is not in force: who writes or approves."""
    return request.visitor.may("policies.edit") or request.visitor.may("policies.approve")


def found(request: PageRequest, policy: str) -> Policy:
    """Return the policy of a page.

    Raises:
        Http404: there is none, or it was never approved and the visitor reads no drafts.
    """
    row = policy_row(request.visitor.organization, policy)
    if row is None:
        raise Http404
    if not sees_drafts(request) and not row.versions.exclude(approved_at=None).exists():
        raise Http404
    return row


def found_version(request: PageRequest, policy: str, number: int) -> tuple[Policy, PolicyVersion]:
    """Return a version of a page.

    Raises:
        Http404: there is none, or nobody approved it and the visitor reads no drafts.
    """
    row = found(request, policy)
    version = version_row(row, number) if number < 10**9 else None
    if version is None or not (version.approved_at or sees_drafts(request)):
        raise Http404
    return row, version


def back(request: PageRequest, policy: str) -> HttpResponse:
    """Return to the page of a policy."""
    return redirect("policy", organization=request.visitor.organization.slug, policy=policy)


def attempt(do: Callable[[], object], problems: list[Problem]) -> dict[str, Any]:
    """Do something unless there are problems; return what a form shows when it was refused.

    Problems of the refusal are appended.
    """
    if problems:
        return {}
    try:
        do()
    except PolicyRefusedError as refusal:
        problems += refusal.problems
    except StaleVersionError as stale:
        return {"stale": stale}
    except RefusalError as refusal:
        return {"refusal": refusal}
    return {}


def form(
    request: PageRequest,
    asked: Sequence[Asked],
    said: Mapping[str, Any],
    problems: Sequence[Problem] = (),
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    """Show a form with what was said in it and what is wrong."""
    context = {
        "fields": form_fields(asked, said, problems),
        "problems": named(problems, asked),
        **more,
    }
    refusal = more.get("refusal")
    is_late = more.get("stale") or isinstance(refusal, PolicyReviewedError)
    status = 409 if is_late else 422 if problems or refusal else 200
    return render(request, more.get("template", "web/policies/form.html"), context, status=status)
