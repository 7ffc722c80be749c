"""The way into the example: one link for each role, while this process runs.

The links exist in the demo's own table of URLs only, which no other command loads; their secrets
are in memory, so they end with the process; and they open accounts that belong to examples alone.
"""

import hmac
import secrets

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reperform.accounts.models import Membership

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_links: dict[str, int] = {}
"""Secret -> the membership that it opens."""


def link_for(membership: Membership) -> str:
    """Return the path of a new link that signs in as a member of an example."""
    secret = secrets.token_urlsafe(32)
    _links[secret] = membership.pk
    return f"/example/{secret}/"


@never_cache
@require_safe
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in as a person of the example."""
    found = [pk for known, pk in _links.items() if hmac.compare_digest(known, secret)]
    membership = (
        Membership.objects.select_related("user", "organization")
        .filter(pk__in=found, is_active=True, organization__is_example=True)
        .first()
    )
    if membership is None:
        raise Http404
    if membership.user.memberships.filter(organization__is_example=False).exists():
        raise Http404  # somebody took the account into an organization of their own
    login(request, membership.user, backend=_BACKEND)
    return redirect("overview", organization=membership.organization.slug)


urlpatterns = [
    path("example/<str:secret>/", enter, name="example"),
    path("", include("reperform.server.urls")),
]
handler403 = "reperform.web.errors.forbidden"
handler404 = "reperform.web.errors.not_found"
handler500 = "reperform.web.errors.broken"
