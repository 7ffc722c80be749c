"""What every template has: the visitor and the places that they may go to."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
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


_OWN_PLACES = (
    ("Your sign-in", "mfa_index"),
    ("Password", "account_change_password"),
    ("Sessions", "usersessions_list"),
    ("Providers", "socialaccount_connections"),
    ("E-mail address", "account_email"),
    ("Your organizations", "home"),
)
"""Label and URL name of the pages of one's own account."""
_OWN = "/accounts/"


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Return what every template has.

    `visitor` exists inside an organization only; `places` there and on the pages of one's own
    account.
    """
    visitor = getattr(request, "visitor", None)
    return {
        "visitor": visitor,
        "places": _places(request, visitor) if visitor else _own_places(request),
        "places_of": "Program" if visitor else "You",
        "mail_is_sent": settings.MAIL_IS_SENT,
        "host_is_address": _is_address(request),
    }


def _own_places(request: HttpRequest) -> list[Place]:
    if not request.path.startswith(_OWN) or not request.user.is_authenticated:
        return []
    return [
        Place(label, reverse(name), request.path == reverse(name)) for label, name in _OWN_PLACES
    ]


def _is_address(request: HttpRequest) -> bool:
    """Return whether the site was opened by an IP address: browsers make no passkey for one."""
    host = urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _places(request: HttpRequest, visitor: Visitor) -> list[Place]:
    slug = visitor.organization.slug
    found = []
    for label, name, permission in _PLACES:
        if visitor.may(permission):
            url = reverse(name, kwargs={"organization": slug})
            is_here = request.path == url or (name != "overview" and request.path.startswith(url))
            found.append(Place(label, url, is_here))
    return found
