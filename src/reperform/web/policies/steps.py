"""What is decided on a policy: submitted, approved or sent back, reviewed, changed, retired."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from reperform.base.markdown import to_html
from reperform.base.text_difference import compare
from reperform.program.actions.policies import change_policy, retire_policy
from reperform.program.actions.policy_versions import (
    approve_policy,
    return_policy,
    review_policy,
    submit_policy,
)
from reperform.program.policies import KINDS, policy_content, read_policy
from reperform.program.policies.deciding import read_approval, read_day, read_reason
from reperform.program.queries import possible_owners
from reperform.program.queries.people import departments
from reperform.program.queries.policies import (
    authors,
    in_force,
    policy_fields,
    version_text,
    versions_of,
)
from reperform.web.asked import Asked, lines, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.policies.found import attempt, back, form, found

APPROVAL = (
    Asked("effective_on", "In force from", "day", help="Today or later. Empty: today."),
    Asked(
        "minor_because",
        "Why it is a minor correction",
        "text",
        help="Only when nobody needs to accept it again, as for a corrected name or a typing error."
        " Empty: everybody whom it is meant for is asked again.",
    ),
)
RETURN = (Asked("reason", "Why it goes back", "text", help="What must change.", is_needed=True),)
REVIEW = (
    Asked(
        "reason",
        "What you looked at",
        "text",
        is_needed=True,
        help="And why nothing needs to change. The next review is due one cycle from today.",
    ),
)
RETIREMENT = (
    Asked("on", "Not in force from", "day", help="Today or earlier. Empty: today."),
    Asked("reason", "Why", "text", is_needed=True),
)


@page("policies.edit", post="policies.edit")
def submit(request: PageRequest, policy: str) -> HttpResponse:
    """Ask for the approval of the newest version."""
    row, visitor = found(request, policy), request.visitor
    if request.method == "POST":
        more = attempt(
            lambda: submit_policy(
                organization=visitor.organization,
                key=row.key,
                seen=seen_version(request),
                by=visitor.name,
                at=visitor.at,
            ),
            [],
        )
        if more:
            return _form(request, row.key, (), {}, title=f"Submit {row.title}", action="", **more)
        messages.success(request, f"{row.title}: submitted. Somebody else approves it.")
    return back(request, policy)


@page("policies.approve", post="policies.approve")
def decide(request: PageRequest, policy: str) -> HttpResponse:
    """Show what is to be approved and what it changes; approve it, or send it back."""
    row, visitor = found(request, policy), request.visitor
    newest, force = versions_of(row)[0], in_force(row, visitor.at.date())
    text = version_text(newest).filled
    is_return = request.POST.get("decision") == "return"
    asked = RETURN if is_return else APPROVAL
    more: dict[str, Any] = {
        "policy": row,
        "newest": newest,
        "html": to_html(text),
        "before": force,
        "difference": compare(version_text(force).filled, text) if force else None,
        "is_author": visitor.user.pk in authors(row, newest),
        "is_return": is_return,
        "template": "web/policies/decide.html",
    }
    if request.method != "POST":
        return form(request, asked, {}, seen=newest.number, **more)
    said, seen = sent(request, asked), seen_version(request)
    who: dict[str, Any] = {
        "organization": visitor.organization,
        "key": row.key,
        "seen": seen,
        "by": visitor.name,
        "at": visitor.at,
    }
    if is_return:
        reason, problems = read_reason(said)
        refused = attempt(lambda: return_policy(**who, reason=reason), problems)
    else:
        approval, problems = read_approval(said, today=visitor.at.date())
        refused = attempt(
            lambda: approve_policy(**who, approval=approval, approver=visitor.membership), problems
        )
    if problems or refused:
        return form(request, asked, said, problems, seen=newest.number, **more, **refused)
    messages.success(request, f"{row.title}: {'sent back' if is_return else 'approved'}.")
    return back(request, policy)


@page("policies.edit", post="policies.edit")
def review(request: PageRequest, policy: str) -> HttpResponse:
    """Record that the version in force was read and needs no change."""
    row, visitor = found(request, policy), request.visitor
    force = in_force(row, visitor.at.date())
    seen = force.number if force else 0
    title, action = f"Review {row.title}", "Nothing needs to change"
    if request.method != "POST":
        return _form(request, row.key, REVIEW, {}, seen=seen, title=title, action=action)
    said = sent(request, REVIEW)
    note, problems = read_reason(said)
    more = attempt(
        lambda: review_policy(
            organization=visitor.organization,
            key=row.key,
            seen=seen_version(request),
            note=note,
            by=visitor.name,
            at=visitor.at,
        ),
        problems,
    )
    if problems or more:
        return _form(
            request, row.key, REVIEW, said, problems, seen=seen, title=title, action=action, **more
        )
    messages.success(request, f"{row.title}: the review is recorded.")
    return back(request, policy)


@page("policies.edit", post="policies.edit")
def retire(request: PageRequest, policy: str) -> HttpResponse:
    """Take a policy out of force."""
    row, visitor = found(request, policy), request.visitor
    title, action = f"Retire {row.title}", "Retire it"
    if request.method != "POST":
        return _form(request, row.key, RETIREMENT, {}, seen=row.version, title=title, action=action)
    said = sent(request, RETIREMENT)
    day, problems = read_day(said, "on", today=visitor.at.date())
    reason, wrong = read_reason(said)
    problems = [*problems, *wrong]
    more = attempt(
        lambda: retire_policy(
            organization=visitor.organization,
            key=row.key,
            on=day,
            reason=reason,
            seen=seen_version(request),
            by=visitor.name,
            at=visitor.at,
        ),
        problems,
    )
    if problems or more:
        return _form(
            request,
            row.key,
            RETIREMENT,
            said,
            problems,
            seen=row.version,
            title=title,
            action=action,
            **more,
        )
    messages.success(request, f"{row.title} is retired.")
    return back(request, policy)


@page("policies.edit", post="policies.edit")
def edit(request: PageRequest, policy: str) -> HttpResponse:
    """Change whose it is, when it is reviewed, and whom it is meant for."""
    row, visitor = found(request, policy), request.visitor
    asked = _asked(request)
    shown: dict[str, Any] = {"title": f"Settings of {row.title}", "action": "Save"}
    content = policy_content(policy_fields(row))
    if request.method != "POST":
        return _form(request, row.key, asked, content, seen=row.version, **shown)
    said = sent(request, asked)
    fields, problems = read_policy(
        said, departments=[*departments(visitor.organization), *row.departments]
    )
    more = attempt(
        lambda: change_policy(
            organization=visitor.organization,
            key=row.key,
            fields=fields,
            seen=seen_version(request),
            by=visitor.name,
            at=visitor.at,
        ),
        problems,
    )
    if problems or more:
        theirs = lines(asked, content) if "stale" in more else []
        return _form(
            request,
            row.key,
            asked,
            said,
            problems,
            seen=row.version,
            theirs=theirs,
            **shown,
            **more,
        )
    messages.success(request, f"{fields.title}: saved.")
    return back(request, policy)


def _asked(request: PageRequest) -> tuple[Asked, ...]:
    organization = request.visitor.organization
    owners = tuple((str(each.pk), str(each.user)) for each in possible_owners(organization))
    return (
        Asked("title", "Title", is_needed=True),
        Asked(
            "owner",
            "Owner",
            "choice",
            choices=(("", "nobody yet"), *owners),
            help="The member who answers for it and for its review.",
        ),
        Asked("review_months", "Reviewed at least every so many months", "number", help="1 to 36."),
        Asked(
            "accept_days",
            "Days to accept it",
            "number",
            help="From the day that it is in force, or from a person's first day. Empty: nobody is "
            "asked to accept it.",
            group="Who must accept it",
        ),
        Asked(
            "departments",
            "Departments",
            "choices",
            choices=tuple((each, each) for each in departments(organization)),
            help="None chosen: every department.",
        ),
        Asked(
            "kinds",
            "Kinds of contract",
            "choices",
            choices=tuple((each, each) for each in KINDS),
            help="None chosen: every kind.",
        ),
    )


def _form(
    request: PageRequest,
    key: str,
    asked: tuple[Asked, ...],
    said: dict[str, Any],
    problems: Any = (),  # noqa: ANN401 - problems
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    row = found(request, key)
    return form(request, asked, said, problems, policy=row, **more)
