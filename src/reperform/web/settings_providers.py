"""The organization's identity providers: added, changed, removed."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from reperform.accounts import queries
from reperform.accounts.actions.providers import ProviderSettings, put_provider, remove_provider
from reperform.accounts.models import IdentityProvider
from reperform.accounts.reach import refuse_url
from reperform.accounts.saml_metadata import LARGEST, read_metadata
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.web.address import own_address
from reperform.web.asked import plain, seen_version
from reperform.web.page import PageRequest, page


class _ProviderForm(forms.Form):
    """What both kinds have."""

    name = forms.CharField(
        label="Name", max_length=60, help_text="What people see when they sign in, as in: Okta."
    )
    makes_members = forms.BooleanField(
        label="Who is not invited becomes an employee by signing in",
        required=False,
        help_text="Off: only members and people with an open invitation are let in.",
    )


class OidcForm(_ProviderForm):
    """A provider by OpenID Connect."""

    issuer = forms.CharField(
        label="Issuer",
        max_length=500,
        help_text="Its URL, as in https://id.example.com/realms/staff. It stays as it is.",
    )
    client_id = forms.CharField(label="Client ID", max_length=300)
    client_secret = forms.CharField(
        label="Client secret",
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept sealed and never shown again. Empty: the one that is there stays.",
    )
    trusts_addresses = forms.BooleanField(
        label="Its e-mail addresses are proved, although it does not say so",
        required=False,
        help_text="For providers that never send email_verified, as Entra ID. Only when people"
        " there cannot choose their own address: else one could sign in as another.",
    )
    field_order = ("name", "issuer", "client_id", "client_secret")

    def clean_issuer(self) -> str:
        """Refuse an address that is not to be called."""
        issuer: str = self.cleaned_data["issuer"].strip()
        try:
            refuse_url(issuer, is_development=not settings.HTTPS)
        except RefusalError as refusal:
            raise forms.ValidationError(f"{refusal.what}. {refusal.todo[0]}.") from refusal
        return issuer

    def said(self) -> ProviderSettings:
        """Return the provider as it was described."""
        return ProviderSettings(kind="oidc", **self.cleaned_data)


class SamlForm(_ProviderForm):
    """A provider by SAML 2.0."""

    metadata = forms.CharField(
        label="Metadata of the provider (XML)",
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"class": "code", "spellcheck": "false"}),
        help_text="Copied whole. Its first certificate for signatures is the one that counts.",
    )
    field_order = ("name", "metadata")

    def clean(self) -> dict[str, Any]:
        """Read the metadata."""
        said = super().clean() or {}
        if said.get("metadata"):
            try:
                self.read = read_metadata(said["metadata"])
                refuse_url(self.read.sign_in_url, is_development=not settings.HTTPS)
            except RefusalError as refusal:
                self.add_error("metadata", f"{refusal.what}. {refusal.todo[0]}.")
        return said

    def said(self) -> ProviderSettings:
        """Return the provider as its metadata describes it."""
        return ProviderSettings(
            kind="saml",
            name=self.cleaned_data["name"],
            issuer=self.read.entity_id,
            sign_in_url=self.read.sign_in_url,
            certificate=self.read.certificate,
            makes_members=self.cleaned_data["makes_members"],
        )


_FORMS: dict[str, type[OidcForm] | type[SamlForm]] = {"oidc": OidcForm, "saml": SamlForm}


@page("settings.edit")
def providers(request: PageRequest) -> HttpResponse:
    """List the providers."""
    context = {
        "providers": queries.providers(request.visitor.organization),
        "saml": settings.SAML,
        "sign_in": own_address(
            request, reverse("sso_organization", args=[request.visitor.organization.slug])
        ),
    }
    return render(request, "web/providers.html", context)


@page("settings.edit", post="settings.edit")
def add_oidc(request: PageRequest) -> HttpResponse:
    """Add a provider by OpenID Connect."""
    return _edit(request, "oidc", None)


@page("settings.edit", post="settings.edit")
def add_saml(request: PageRequest) -> HttpResponse:
    """Add a provider by SAML."""
    return _edit(request, "saml", None)


@page("settings.edit", post="settings.edit")
def provider(request: PageRequest, provider: str) -> HttpResponse:
    """Change a provider; show what it has to be told."""
    found = _found(request, provider)
    return _edit(request, found.kind, found)


@page("settings.edit", post="settings.edit")
def remove(request: PageRequest, provider: str) -> HttpResponse:
    """Remove a provider, after asking."""
    found = _found(request, provider)
    if request.method == "POST":
        remove_provider(provider=found, by=request.visitor.name, at=request.visitor.at)
        return redirect("providers", organization=request.visitor.organization.slug)
    return render(request, "web/provider_remove.html", {"provider": found})


def _found(request: PageRequest, key: str) -> IdentityProvider:
    return get_object_or_404(queries.providers(request.visitor.organization), pk=key)


def _edit(request: PageRequest, kind: str, found: IdentityProvider | None) -> HttpResponse:
    visitor = request.visitor
    names = ("name", "makes_members", "issuer", "client_id", "trusts_addresses")
    initial = {name: getattr(found, name) for name in names} if found else {}
    form = _FORMS[kind](request.POST if request.method == "POST" else None, initial=initial)
    seen = seen_version(request) if request.method == "POST" else found.version if found else 0
    more: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            kept = put_provider(
                organization=visitor.organization,
                provider=found,
                said=form.said(),
                seen=seen,
                by=visitor.name,
                at=visitor.at,
            )
        except StaleVersionError as stale:
            # What was typed stays; saving again means it, now that both are shown.
            seen, more, status = stale.current, {"stale": stale, "theirs": _lines(stale)}, 409
        except RefusalError as refusal:
            form.add_error(None, f"{refusal.what}. {refusal.todo[0]}.")
        else:
            return redirect("provider", organization=visitor.organization.slug, provider=kept.pk)
    context = more | {
        "provider": found,
        "form": form,
        "kind": kind,
        "ours": _ours(request, found),
        "seen": seen,
    }
    return render(request, "web/provider.html", context, status=422 if form.errors else status)


def _lines(stale: StaleVersionError) -> list[tuple[str, str]]:
    """Return the provider as it is now, to compare with."""
    return [(name.replace("_", " "), plain(value)) for name, value in stale.content.items()]


def _ours(request: PageRequest, found: IdentityProvider | None) -> list[tuple[str, str]]:
    """Return what the provider has to be told, each with its label there."""
    if found is None:
        return []
    base = own_address(request, "/accounts")
    if found.kind == "oidc":
        return [("Redirect URI", f"{base}/oidc/{found.key}/login/callback/")]
    return [
        ("Entity ID, and address of our metadata", f"{base}/saml/{found.key}/metadata/"),
        ("Assertion consumer service (POST)", f"{base}/saml/{found.key}/acs/"),
    ]


urlpatterns = [
    path("providers/", providers, name="providers"),
    path("providers/oidc/", add_oidc, name="provider_oidc"),
    path("providers/saml/", add_saml, name="provider_saml"),
    path("providers/<uuid:provider>/", provider, name="provider"),
    path("providers/<uuid:provider>/remove/", remove, name="provider_remove"),
]
