"""What every template has: the visitor and the places that they may go to."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from reperform.web.page import Visitor


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the navigation."""

    label: str
    url: str
    is_here: bool


_PLACES = (
    ("Overview", "overview", "overview.view"),
    ("Scope", "scope", "scope.view"),
    ("Description", "description", "description.view"),
    ("Criteria", "criteria", "criteria.view"),
    ("Controls", "controls", "controls.view"),
    ("Gap", "gap", "gap.view"),
    ("Plan", "plan", "gap.view"),
    ("Results", "results", "results.view"),
    ("Trail", "trail", "trail.view"),
    ("Members", "members", "members.view"),
    ("API tokens", "tokens", "tokens.edit"),
    ("Settings", "settings", "settings.edit"),
)
"""Label, URL name and permission, in the order of the work."""


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Return `visitor` and `places`; neither exists outside an organization."""
    visitor = getattr(request, "visitor", None)
    return {"visitor": visitor, "places": _places(request, visitor) if visitor else []}


def _places(request: HttpRequest, visitor: Visitor) -> list[Place]:
    slug = visitor.organization.slug
    found = []
    for label, name, permission in _PLACES:
        if visitor.may(permission):
            url = reverse(name, kwargs={"organization": slug})
            is_here = request.path == url or (name != "overview" and request.path.startswith(url))
            found.append(Place(label, url, is_here))
    return found
