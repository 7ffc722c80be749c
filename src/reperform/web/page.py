"""What every page of an organization has in common: who may see it, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reperform.accounts import queries
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role, granted

_SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, in which organization, and what they may."""

    user: User
    membership: Membership
    organization: Organization
    permissions: frozenset[str]
    at: datetime
    others: tuple[Organization, ...] = ()
    """Where else they belong, by name."""

    @property
    def name(self) -> str:
        """What the ledger calls them."""
        return self.user.email

    def may(self, permission: str) -> bool:
        """Return whether they have `permission`."""
        return permission in self.permissions


class PageRequest(HttpRequest):
    """A request to a page of an organization."""

    visitor: Visitor


View = Callable[..., HttpResponseBase]


def page(permission: str, *, post: str = "") -> Callable[[View], View]:
    """Return a decorator that lets in who has `permission`; to POST takes `post` instead.

    The URL's `organization` is looked up among the visitor's own: a stranger gets the answer of
    an organization that does not exist.  A page without `post` takes no POST.
    """
    methods = [*_SAFE, "POST"] if post else list(_SAFE)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PageRequest, organization: str, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - a view's own
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.visitor = visitor_of(request, organization)
            if not request.visitor.may(permission if request.method in _SAFE else post):
                raise PermissionDenied
            if _lacks_second_factor(request.visitor):
                return redirect("second_factor_needed")
            if _lacks_provider(request):
                return redirect("sso_organization", name=organization)
            return view(request, **kwargs)

        answer = require_http_methods(methods)(guarded)
        answer.permission, answer.post = permission, post  # type: ignore[attr-defined]
        return answer

    return decorate


def visitor_of(request: HttpRequest, slug: str) -> Visitor:
    """Return who asks, as a member of the organization `slug`.

    Raises:
        Http404: they are not a member, or there is no such organization: nobody can tell which.
    """
    user = request.user
    all_of_them = list(queries.memberships_of(user)) if isinstance(user, User) else []
    membership = next((each for each in all_of_them if each.organization.slug == slug), None)
    if membership is None:
        raise Http404
    return Visitor(
        user=membership.user,
        membership=membership,
        organization=membership.organization,
        permissions=granted(Role(membership.role)),
        at=now(),
        others=tuple(each.organization for each in all_of_them if each is not membership),
    )


def now() -> datetime:
    """Return the time; surfaces read the clock, actions are given it."""
    return datetime.now(UTC)


def _lacks_second_factor(visitor: Visitor) -> bool:
    return visitor.organization.requires_second_factor and not is_mfa_enabled(visitor.user)


def _lacks_provider(request: PageRequest) -> bool:
    organization = request.visitor.organization
    if not organization.requires_provider:
        return False
    used = request.session.get("account_authentication_methods", [])
    keys = {each.get("provider") for each in used if each.get("method") == "socialaccount"}
    return not any(each.key in keys for each in organization.providers.all())


def is_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of the page only."""
    return bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]


__all__ = ["HttpResponse", "PageRequest", "Visitor", "is_fragment", "now", "page", "visitor_of"]
