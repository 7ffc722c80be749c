"""Who has accepted a policy and who has not; acceptances made elsewhere."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.visible import file_name
from reperform.program.actions.policy_acceptances import Proof, record_acceptance
from reperform.program.files import LARGEST_FILE
from reperform.program.models import Policy
from reperform.program.policies import SLUG
from reperform.program.policies.deciding import read_day
from reperform.program.policies.life import Due
from reperform.program.queries.people import person_row
from reperform.program.queries.policies import in_force
from reperform.program.queries.policy_acceptances import accepting
from reperform.program.queries.policy_lists import listed_acceptances
from reperform.report.policy_files import ACCEPTANCES, SHEETS, policy_sheet
from reperform.web.asked import seen_version
from reperform.web.page import PageRequest, page
from reperform.web.policies.found import attempt, found

_ON_A_PAGE = 100


@page("people.view", post="policies.edit")
def acceptances(request: PageRequest, policy: str) -> HttpResponse:
    """List everybody whom the version in force asks; record an acceptance made elsewhere."""
    row, visitor = found(request, policy), request.visitor
    if request.method != "POST":
        return _page(request, row)
    number = request.POST.get("person", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 10  # noqa: PLR2004 - a number
    person = person_row(visitor.organization, int(number)) if is_number else None
    day, problems = read_day(request.POST, "on", today=visitor.at.date())
    file = request.FILES.get("file")
    if person is None:
        problems.append(Problem("person", "is not chosen", "choose somebody of the list", SLUG))
    if not isinstance(file, UploadedFile) or not file.size:
        problems.append(Problem("file", "is missing", "bring what they signed", SLUG))
    more: dict[str, Any] = {}
    if person and isinstance(file, UploadedFile):
        proof = Proof(file_name(file.name), file.read(LARGEST_FILE + 1), day)
        more = attempt(
            lambda: record_acceptance(
                organization=visitor.organization,
                key=row.key,
                seen=seen_version(request),
                person=person.number,
                proof=proof,
                by=visitor.name,
                at=visitor.at,
            ),
            problems,
        )
    if problems or more:
        refusal = more.get("refusal") or more.get("stale")
        named = [(each.where.capitalize(), each) for each in problems]
        return _page(request, row, problems=named, refusal=refusal)
    messages.success(request, f"{person}: the acceptance is recorded.")
    return redirect("policy_acceptances", organization=visitor.organization.slug, policy=row.key)


def _page(request: PageRequest, row: Policy, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    today = request.visitor.at.date()
    people = accepting(row, today)
    counted = Counter(each.state for each in people)
    order = (Due.LATE, Due.WAITING, Due.ACCEPTED_ELSEWHERE, Due.ACCEPTED)
    people.sort(key=lambda each: order.index(each.state))
    context = {
        "policy": row,
        "version": in_force(row, today),
        "page": Paginator(people, _ON_A_PAGE).get_page(request.GET.get("page")),
        "counts": [(state.value, counted[state]) for state in order if counted[state]],
        "missing": [each for each in people if each.acceptance is None][:_ON_A_PAGE],
        **more,
    }
    status = 422 if more.get("problems") or more.get("refusal") else 200
    return render(request, "web/policies/acceptances.html", context, status=status)


@page("people.view")
def output(request: PageRequest, policy: str, kind: str) -> HttpResponse:
    """Hand out the list as a file."""
    row, visitor = found(request, policy), request.visitor
    if kind not in SHEETS:
        raise Http404
    rows = listed_acceptances(row, visitor.at.date())
    is_example = visitor.organization.is_example
    made = policy_sheet(
        kind, ACCEPTANCES, rows, title="Acceptances", at=visitor.at, is_example=is_example
    )
    name = f"{row.key}-acceptances.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=SHEETS[kind], headers=headers)
