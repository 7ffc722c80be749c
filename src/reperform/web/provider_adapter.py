"""How django-allauth finds an organization's identity provider, and whom it lets in by it."""

from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from reperform.accounts import queries
from reperform.accounts.actions.admission import (
    Assertion,
    NotAdmittedError,
    admit,
    note_own_link,
    refuse_link,
)
from reperform.accounts.models import IdentityProvider, User
from reperform.accounts.sealing import PROVIDERS, Sealer
from reperform.base.refusal import RefusalError
from reperform.web.page import now
from reperform.web.provider_calls import ProviderSession

LINKING = "linking_provider"
"""In the session: the provider that a signed-in person asked to link, by a form of ours."""


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Providers come from our own table; `accounts.actions.admission` decides who is let in."""

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002 - allauth's signature
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """Return the one provider that a URL names: nobody is shown a list of all."""
        key = client_id if provider == "saml" else provider
        found = queries.provider_of_key(key or "")
        return [_app(found)] if found else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401, ARG002 - allauth's signature
        """Return that allauth makes no accounts: admission does."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:  # noqa: ANN401, ARG002 - allauth's signature
        """Take address and name from what the provider says."""
        user: User = sociallogin.user
        user.email = valid_email_or_none(data.get("email")) or ""
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(str(each) for each in parts if each))[:150]
        return user

    def get_requests_session(self) -> ProviderSession:
        """Return what calls a provider."""
        return ProviderSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ANN401 - allauth's signature
        """Let in who may be let in, or link what may be linked; refuse everything else."""
        provider = queries.provider_of_key(sociallogin.account.provider)
        assert provider is not None  # noqa: S101 - allauth got it from `list_apps`
        try:
            said = _assertion(provider, sociallogin)
            _forget_claims(sociallogin.account)
            if sociallogin.state.get("process") == "connect":
                _refuse_unasked(request, provider, said)
                return
            account = admit(provider=provider, said=said, at=now())
        except RefusalError as refusal:
            answer = render(request, "web/refusal.html", {"refusal": refusal}, status=403)
            raise ImmediateHttpResponse(answer) from refusal
        sociallogin.account, sociallogin.user = account, account.user

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any], **_: object
    ) -> None:
        """Keep that a person linked a provider: allauth tells it here."""
        provider = queries.provider_of_key(context["account"].provider)
        if provider and template_prefix.endswith("account_connected"):
            note_own_link(provider=provider, account=context["account"], user=user, at=now())


def _app(provider: IdentityProvider) -> SocialApp:
    """Return a provider as allauth wants it; it is never saved."""
    app = SocialApp(provider_id=provider.key, name=provider.name)
    if provider.kind == "saml":
        app.provider, app.client_id = "saml", provider.key
        app.settings = {
            "idp": {
                "entity_id": provider.issuer,
                "sso_url": provider.sign_in_url,
                "x509cert": provider.certificate,
            },
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "reject_deprecated_algorithm": True,
                "reject_idp_initiated_sso": True,
                "want_attribute_statement": False,
                "allow_single_label_domains": True,
            },
        }
        return app
    app.provider, app.client_id = "openid_connect", provider.client_id
    app.secret = Sealer(settings.SECRET_KEY, PROVIDERS).open(provider.sealed_secret)
    app.settings = {"server_url": provider.issuer.rstrip("/"), "oauth_pkce_enabled": True}
    return app


def _assertion(provider: IdentityProvider, sociallogin: Any) -> Assertion:  # noqa: ANN401 - allauth's type
    claims = sociallogin.account.extra_data
    if provider.kind == "oidc":
        _refuse_two_subjects(claims)
    addresses = sociallogin.email_addresses
    proved = provider.kind == "saml" or provider.trusts_addresses
    fresh = sociallogin.user if sociallogin.user and sociallogin.user.pk is None else None
    return Assertion(
        uid=sociallogin.account.uid,
        address=addresses[0].email if addresses else "",
        is_proved=bool(addresses) and (proved or addresses[0].verified is True),
        name=fresh.name if fresh else "",
    )


def _refuse_two_subjects(claims: dict[str, Any]) -> None:
    """Refuse an answer whose parts are of two people.  Source: OpenID Connect Core 1.0, 5.3.2."""
    said, token = claims.get("userinfo") or {}, claims.get("id_token") or {}
    if not token.get("sub") or (said and said.get("sub") != token["sub"]):
        raise NotAdmittedError(
            "you were not signed in: the provider did not say once and for all who you are",
            why="Half of the answer could be of somebody else.",
            todo="ask an administrator whether the provider is an OpenID provider",
        )


def _forget_claims(account: SocialAccount) -> None:
    """Keep nothing that a provider says besides who it is."""
    account.extra_data = {}
    if account.pk:
        SocialAccount.objects.filter(pk=account.pk).update(extra_data={})


def _refuse_unasked(request: HttpRequest, provider: IdentityProvider, said: Assertion) -> None:
    asked = request.session.pop(LINKING, "")
    if asked != provider.key or not isinstance(request.user, User):
        raise NotAdmittedError(
            "the provider was not linked: you did not ask for it here",
            why="A link from elsewhere could tie somebody else's identity to your account.",
            todo="ask for it on the page Your sign-in",
        )
    refuse_link(provider=provider, user=request.user, uid=said.uid)
