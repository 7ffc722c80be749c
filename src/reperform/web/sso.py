"""Signing in by an organization's own provider, and linking one to an account."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.views import connections
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reperform.accounts import queries
from reperform.accounts.identity_token import IdentityTokenError
from reperform.accounts.models import IdentityProvider, User
from reperform.web import oidc
from reperform.web.provider_adapter import LINKING
from reperform.web.saml_answers import bounded


class OrganizationForm(forms.Form):
    """Whose provider is meant."""

    name = forms.SlugField(
        label="Your organization's short name",
        max_length=60,
        help_text="The part after /o/ in the address of its pages, as in: larkspur.",
    )


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the organization whose provider signs in."""
    form = OrganizationForm(request.GET or None)
    if request.GET and form.is_valid():
        return redirect("sso_organization", name=form.cleaned_data["name"])
    return render(request, "web/sso/ask.html", {"form": form})


@require_safe
def organization(request: HttpRequest, name: str) -> HttpResponse:
    """Offer the providers of an organization; there may be none, or no such organization."""
    found = queries.providers_named(name)
    ways = [
        (each, _login_url(request, each, process="login", next=reverse("overview", args=[name])))
        for each in found
    ]
    status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
    return render(request, "web/sso/organization.html", {"ways": ways, "name": name}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def link(request: HttpRequest, provider: UUID) -> HttpResponse:
    """Begin to link a provider of one's own organization to one's account."""
    if request.method != "POST":
        return redirect("socialaccount_connections")
    found = get_object_or_404(_linkable(request), pk=provider)
    request.session[LINKING] = found.key
    back = reverse("socialaccount_connections")
    context = {
        "provider": found,
        "url": _login_url(request, found, process="connect", next=back),
    }
    return render(request, "web/sso/link.html", context)


@never_cache
@login_required
def linked(request: HttpRequest) -> HttpResponse:
    """Show the providers that one's account is linked to; allauth removes a link."""
    if request.method == "POST":
        return connections(request)  # type: ignore[no-any-return]  # allauth has no types
    accounts = SocialAccount.objects.filter(user_id=request.user.pk)
    pairs = [(each, queries.provider_of_key(each.provider)) for each in accounts]
    known = {provider.pk for _, provider in pairs if provider}
    context = {
        "linked": [pair for pair in pairs if pair[1]],
        "linkable": [each for each in _linkable(request) if each.pk not in known],
    }
    return render(request, "socialaccount/connections.html", context)


def _linkable(request: HttpRequest) -> QuerySet[IdentityProvider]:
    assert isinstance(request.user, User)  # noqa: S101 - login_required saw to it
    return IdentityProvider.objects.filter(
        organization__members__user=request.user, organization__members__is_active=True
    ).select_related("organization")


def _login_url(request: HttpRequest, provider: IdentityProvider, **query: str) -> str:
    found = get_adapter().list_apps(
        request,
        provider="saml" if provider.kind == "saml" else provider.key,
        client_id=provider.key,
    )[0]
    return str(found.get_provider(request).get_login_url(request, **query))


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return allauth's view, whose provider may answer anything, and whose visitor may ask only so.

    What a provider leaves out or gets wrong is a page, not an error of the server; parameters that
    would go on to the provider are dropped.
    """

    @wraps(view)  # keeps what exempts it from tokens of forms
    def answering(request: HttpRequest, **kwargs: str) -> HttpResponse:
        kept = request.GET.copy()
        for name in ("auth_params", "scope", "action"):
            kept.pop(name, None)
        request.GET = kept  # type: ignore[assignment]  # as Django's own middleware does
        try:
            return view(request, **kwargs)
        except IdentityTokenError as refusal:
            return render(request, "web/refusal.html", {"refusal": refusal}, status=403)
        except (OAuth2Error, KeyError, SyntaxError, TypeError, ValueError):
            return render(request, "socialaccount/authentication_error.html", status=502)

    return answering


allauth_urls = [
    path("accounts/3rdparty/", linked),
    path("accounts/oidc/<str:provider_id>/login/", guarded(oidc.login)),
    path("accounts/oidc/<str:provider_id>/login/callback/", guarded(oidc.callback)),
]
"""Before allauth's own, at the same addresses."""
if settings.SAML:
    from allauth.socialaccount.providers.saml import views as saml

    allauth_urls += [
        path("accounts/saml/<str:organization_slug>/login/", guarded(saml.login)),
        path("accounts/saml/<str:organization_slug>/acs/", bounded(guarded(saml.acs))),
        path("accounts/saml/<str:organization_slug>/acs/finish/", guarded(saml.finish_acs)),
        path("accounts/saml/<str:organization_slug>/metadata/", guarded(saml.metadata)),
    ]

urlpatterns = [
    path("sso/", ask, name="sso"),
    path("sso/<slug:name>/", organization, name="sso_organization"),
    path("sso/link/<uuid:provider>/", link, name="sso_link"),
]
