"""The page of one policy: what is in force, whether you accepted it, and what is on its way."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from reperform.base.markdown import to_html
from reperform.program.actions.policy_acceptances import accept_policy
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies.life import Step
from reperform.program.queries.people import person_of
from reperform.program.queries.policies import (
    authors,
    controls_resting_on,
    in_force,
    policies_like,
    standing_of,
    step_of,
    version_text,
    versions_of,
)
from reperform.program.queries.policy_acceptances import (
    counting_acceptance,
    counts,
    due_day,
    is_asked,
)
from reperform.program.queries.policy_templates import demanded
from reperform.web.asked import seen_version
from reperform.web.library import catalog
from reperform.web.page import PageRequest, Visitor, page
from reperform.web.policies.found import attempt, back, found, sees_drafts

_VERSIONS = 100


@page("policies.view", post="work.do")
def policy(request: PageRequest, policy: str) -> HttpResponse:
    """Show a policy; accept the version in force."""
    row = found(request, policy)
    if request.method != "POST":
        return _page(request, row)
    visitor = request.visitor
    more = attempt(
        lambda: accept_policy(
            organization=visitor.organization,
            key=row.key,
            seen=seen_version(request),
            member=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        ),
        [],
    )
    if more:
        return _page(request, row, refusal=more.get("refusal") or more.get("stale"))
    messages.success(request, f"You have accepted {row.title}.")
    return back(request, policy)


def _page(request: PageRequest, row: Policy, *, refusal: object = None) -> HttpResponse:
    visitor, today = request.visitor, request.visitor.at.date()
    drafts = sees_drafts(request)
    stands = policies_like(visitor.organization, today, state="all").get(pk=row.pk)
    version = in_force(row, today)
    versions = list(versions_of(row)[:_VERSIONS])
    newest = versions[0]
    step = step_of(newest)
    left = version_text(newest).unfilled if step is not Step.APPROVED else ()
    context = {
        "policy": row,
        "standing": standing_of(stands, today),
        "version": version,
        "html": to_html(version_text(version).filled) if version else "",
        "reviews": version.reviews.order_by("-on", "-pk")[:20] if version else (),
        "mine": _own(visitor, row, version),
        "drafts": drafts,
        "newest": newest,
        "step": step.value,
        "unfilled": left,
        "is_author": visitor.user.pk in authors(row, newest),
        "versions": [
            (each, step_of(each).value) for each in versions if drafts or each.approved_at
        ],
        "counts": counts([stands], today).get(row.key) if visitor.may("people.view") else None,
        "controls": controls_resting_on(visitor.organization, row.key)
        if visitor.may("controls.view")
        else (),
        "demanded": demanded(catalog(), row.key) if drafts else None,
        "refusal": refusal,
    }
    return render(request, "web/policies/policy.html", context, status=409 if refusal else 200)


def _own(visitor: Visitor, row: Policy, version: PolicyVersion | None) -> dict[str, object]:
    """Return what the visitor has to do with the version in force: accept it, or did."""
    today = visitor.at.date()
    person = person_of(visitor.membership, day=today) if visitor.may("work.do") else None
    if version is None or person is None or not is_asked(row, person, today):
        return {}
    due_on = due_day(version.asks_since or today, person.started_on, row.accept_days or 0)
    return {
        "due_on": due_on,
        "is_late": due_on < today,
        "acceptance": counting_acceptance(version, person),
    }
