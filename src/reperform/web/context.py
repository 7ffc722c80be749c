"""What every template has: the visitor and the places that they may go to."""

from collections.abc import Iterable, Iterator
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


@dataclass(frozen=True, slots=True)
class Places:
    """Lines of the navigation under one heading; the first have none."""

    title: str
    places: tuple[Place, ...]


_PLACES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "",
        (
            ("Overview", "overview", "overview.view"),
            ("My work", "work", "work.do"),
            ("Notices", "notices", "notices.view"),
        ),
    ),
    (
        "Program",
        (
            ("Scope", "scope", "scope.view"),
            ("Description", "description", "description.view"),
            ("Criteria", "criteria", "criteria.view"),
            ("Controls", "controls", "controls.view"),
            ("Gap", "gap", "gap.view"),
            ("Plan", "plan", "gap.view"),
        ),
    ),
    (
        "Registers",
        (
            ("Risks", "risks", "risks.view"),
            ("Policies", "policies", "policies.view"),
            ("People", "people", "people.view"),
            ("Assets", "assets", "assets.view"),
            ("Access reviews", "access_reviews", "access_reviews.view"),
            ("Vendors", "vendors", "vendors.view"),
            ("Incidents", "incidents", "incidents.view"),
            ("Report an incident", "incident_report", "incidents.report"),
            ("Calendar", "calendar", "calendar.view"),
        ),
    ),
    (
        "Proof",
        (
            ("Connections", "connections", "connections.view"),
            ("Manual evidence", "manual_evidences", "evidence.view"),
            ("Results", "results", "results.view"),
            ("Waivers", "waivers", "waivers.view"),
            ("Trail", "trail", "trail.view"),
        ),
    ),
    (
        "Organization",
        (
            ("Members", "members", "members.view"),
            ("Program as files", "program_files", "program.export"),
            ("API tokens", "tokens", "tokens.edit"),
            ("Settings", "settings", "settings.edit"),
        ),
    ),
)
"""Heading, and label, URL name and permission of its places, in the order of the work."""


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


def _own_places(request: HttpRequest) -> list[Places]:
    if not request.path.startswith(_OWN) or not request.user.is_authenticated:
        return []
    found = [
        Place(label, reverse(name), request.path == reverse(name)) for label, name in _OWN_PLACES
    ]
    return [Places("", tuple(found))]


def _is_address(request: HttpRequest) -> bool:
    """Return whether the site was opened by an IP address: browsers make no passkey for one."""
    host = urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _places(request: HttpRequest, visitor: Visitor) -> list[Places]:
    found = [Places(title, tuple(_allowed(request, visitor, lines))) for title, lines in _PLACES]
    return [each for each in found if each.places]


def _allowed(
    request: HttpRequest, visitor: Visitor, lines: Iterable[tuple[str, str, str]]
) -> Iterator[Place]:
    slug = visitor.organization.slug
    for label, name, permission in lines:
        if visitor.may(permission):
            url = reverse(name, kwargs={"organization": slug})
            is_here = request.path == url or (name != "overview" and request.path.startswith(url))
            yield Place(label, url, is_here)
