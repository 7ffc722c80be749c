"""A new policy: taken from the library's templates, or one's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.program.actions.policies import NewPolicy, make_policy
from reperform.program.policies import PolicyFields, read_key, read_policy, read_text
from reperform.program.policies.markdown import LONGEST_ID
from reperform.program.queries.policy_templates import (
    demanded,
    from_template,
    taken,
    template_of,
)
from reperform.web.asked import Asked, form_fields, named, sent
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page
from reperform.web.policies.found import attempt

OWN = (
    Asked(
        "id",
        "Id",
        is_needed=True,
        longest=LONGEST_ID,
        help="Small letters, digits and hyphens, as remote-work. Controls name it by this; it never"
        " changes.",
    ),
    Asked("title", "Title", is_needed=True),
    Asked(
        "text",
        "Text",
        "text",
        is_needed=True,
        help="Markdown. A placeholder is written {{ name }}; it must be filled before approval.",
    ),
)


@page("policies.edit", post="policies.edit")
def new(request: PageRequest) -> HttpResponse:
    """Show the templates; make a policy from one, or from a text of one's own."""
    visitor = request.visitor
    if request.method != "POST":
        return _page(request, {})
    said = sent(request, OWN)
    problems: list[Problem] = []
    if id_ := request.POST.get("template", ""):
        template = template_of(catalog(), id_)
        if template is None:
            raise Http404
        fields, text = from_template(visitor.organization, template, demanded(catalog(), id_))
        key = template.id
    else:
        key, problems = read_key(said["id"])
        fields, wrong = read_policy({"title": said["title"]})
        text, wrong_text = read_text({"text": said["text"]})
        problems = [*problems, *wrong, *wrong_text]
    new_ = NewPolicy(key, _owned(fields, visitor.membership.pk), text, id_)
    more = attempt(
        lambda: make_policy(
            organization=visitor.organization,
            new=new_,
            author=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        ),
        problems,
    )
    if problems or more:
        return _page(request, said, problems=problems, **more)
    messages.success(request, f"{fields.title}: a draft is made.")
    left = text.unfilled
    name = "policy_fill" if left else "policy"
    return redirect(name, organization=visitor.organization.slug, policy=key)


def _owned(fields: PolicyFields, owner: int) -> PolicyFields:
    """Return fields with whoever makes the policy as its first owner."""
    return PolicyFields(fields.title, owner, fields.review_months, fields.accept_days)


def _page(request: PageRequest, said: dict[str, Any], **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    organization = request.visitor.organization
    has = taken(organization, [each.id for each in catalog().templates])
    problems = more.pop("problems", [])
    context = {
        "templates": [
            (each, demanded(catalog(), each.id), each.id in has) for each in catalog().templates
        ],
        "fields": form_fields(OWN, said, problems),
        "problems": named(problems, OWN),
        **more,
    }
    return render(
        request, "web/policies/new.html", context, status=422 if problems or more else 200
    )
