"""Systems of record: which system is the identity provider, and which keeps the roster."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.stale import StaleVersionError
from reperform.program.actions.systems import state_systems
from reperform.program.queries.systems import latest_systems
from reperform.program.systems import SystemRole, read_systems, systems_content
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page

_HELP = {
    SystemRole.IDENTITY_PROVIDER: "Where people sign in, such as Okta, Entra ID or a directory.",
    SystemRole.HR_ROSTER: "Where it is written who works here, from when until when.",
    SystemRole.CODE_HOST: "Where changes of code are merged.",
    SystemRole.DEPLOYMENT_SOURCE: "What records deployments to production.",
}
_ASKED = tuple(
    Asked(
        role.field,
        role.value[:1].upper() + role.value[1:],
        "lines",
        help=f"{_HELP[role]} One a line, as rows of its population have it in `system`.",
    )
    for role in SystemRole
)


@page("results.view", post="results.edit")
def systems(request: PageRequest) -> HttpResponse:
    """Show the systems of record; a POST states them anew."""
    visitor = request.visitor
    row = latest_systems(visitor.organization)
    stands = row.content if row else systems_content({})
    said: dict[str, Any] = dict(stands)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        said = sent(request, _ASKED)
        read, problems = read_systems(said)
        if problems:
            context, status = {"problems": named(problems, _ASKED)}, 422
        else:
            try:
                state_systems(
                    organization=visitor.organization,
                    systems=read,
                    seen=seen_version(request),
                    by=visitor.name,
                    at=visitor.at,
                )
            except StaleVersionError as stale:
                context, status = {"stale": stale, "theirs": lines(_ASKED, stands)}, 409
            else:
                messages.success(request, "The next examination compares by these systems.")
                return redirect("systems", organization=visitor.organization.slug)
    context |= {
        "row": row,
        "facts": lines(_ASKED, stands),
        "undecided": [each.label for each in _ASKED if not stands.get(each.name)],
        "fields": form_fields(_ASKED, said),
        "seen": row.number if row else 0,
    }
    return render(request, "web/systems.html", context, status=status)
