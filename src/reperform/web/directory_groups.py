"""Groups of the organization's directory (SCIM): which role each gives."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from reperform.accounts import queries
from reperform.accounts.actions.groups import give_group_role
from reperform.accounts.models import ROLES
from reperform.accounts.permissions import Role
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.web.asked import Asked, form_fields, lines, seen_version, sent
from reperform.web.page import PageRequest, page

_A_PAGE = 50
ASKED = (
    Asked(
        "role",
        "Role",
        "choice",
        help="Everybody in the group has it here, unless another group of theirs gives a stronger"
        " one. An administrator's own choice on Members stays until their groups change.",
        choices=(("", "none"), *ROLES),
    ),
)


@page("members.view")
def groups(request: PageRequest) -> HttpResponse:
    """List the groups that the directory pushed."""
    found = queries.provisioned_groups(request.visitor.organization)
    shown = Paginator(found.annotate(size=Count("people")), _A_PAGE)
    context = {"groups": shown.get_page(request.GET.get("page"))}
    return render(request, "web/directory_groups.html", context)


@page("members.view", post="members.edit")
def group(request: PageRequest, group: str) -> HttpResponse:
    """Show who is in a group; decide which role it gives."""
    visitor = request.visitor
    found = get_object_or_404(queries.provisioned_groups(visitor.organization), pk=group)
    said: dict[str, Any] = {"role": found.role}
    seen, status, more = found.version, 200, dict[str, Any]()
    if request.method == "POST":
        said, seen = sent(request, ASKED), seen_version(request)
        try:
            give_group_role(
                group=found, role=_role(said["role"]), seen=seen, by=visitor.name, at=visitor.at
            )
        except StaleVersionError as stale:
            seen, status = stale.current, 409
            more = {"stale": stale, "theirs": lines(ASKED, stale.content)}
        except RefusalError as refusal:
            status, more = 422, {"refusal": refusal}
        else:
            return redirect("directory_groups", organization=visitor.organization.slug)
    people = Paginator(found.people.order_by("user_name", "pk"), _A_PAGE)
    context = more | {
        "group": found,
        "people": people.get_page(request.GET.get("page")),
        "fields": form_fields(ASKED, said),
        "seen": seen,
    }
    return render(request, "web/directory_group.html", context, status=status)


def _role(said: str) -> Role | None:
    """Return the role that was chosen.

    Raises:
        BadRequest: it is none that the form offers.
    """
    try:
        return Role(said) if said else None
    except ValueError:
        raise BadRequest from None


urlpatterns = [
    path("groups/", groups, name="directory_groups"),
    path("groups/<uuid:group>/", group, name="directory_group"),
]
