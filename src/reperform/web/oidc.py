"""Signing in by OpenID Connect: django-allauth's steps, with a token that is checked in full.

allauth asks with PKCE and a state.  It trusts TLS for the token's signature, and sends no nonce:
both are added here, where its classes are made to be extended.
"""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

from reperform.accounts.identity_token import claims_of, nonce_for


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Asks a provider, and takes its answer only with an identity token that proves it."""

    nonce = ""
    """Of the question that is being answered; no token answers an empty one."""

    def get_provider(self) -> "CheckedProvider":
        """Return the provider that the URL names, as one that sends a nonce."""
        app = get_adapter(self.request).get_app(self.request, provider=self.provider_id)
        return CheckedProvider(self.request, app=app)

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: Any,  # noqa: ANN401 - allauth's type
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """Redeem the code, of the provider that was asked, with what this browser's session kept.

        Raises:
            OAuth2Error: another provider answered (RFC 9207, 2.4), or there was no question.
        """
        said = request.GET.get("iss")
        if said is not None and said != self.openid_config["issuer"]:
            raise OAuth2Error("another issuer answered")
        if not pkce_code_verifier:
            raise OAuth2Error("nothing was asked with PKCE")
        self.nonce = nonce_for(pkce_code_verifier)
        answer: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier=pkce_code_verifier
        )
        return answer

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: SocialToken,
        **kwargs: Any,  # noqa: ANN401 - allauth's signature
    ) -> SocialLogin:
        """Return who signs in: the token first, then what the provider tells with it.

        Raises:
            IdentityTokenError: there is no token, or it does not prove who signs in.
        """
        claims = claims_of(
            str(kwargs["response"].get("id_token") or ""),
            keys=self._published_keys(),
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
            nonce=self.nonce,
            access_token=token.token,
        )
        data = {"id_token": claims, "userinfo": self._fetch_user_info(token.token)}
        return self.get_provider().sociallogin_from_response(request, data)

    def _published_keys(self) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        keys: dict[str, Any] = answer.json()
        return keys


class CheckedProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """Sends, with each question, a nonce that its answer has to repeat."""

    oauth2_adapter_class = CheckedAdapter

    def get_pkce_params(self) -> dict[str, str]:
        """Return the challenge, the verifier that stays here, and the nonce made of it."""
        params: dict[str, str] = super().get_pkce_params()
        return {**params, "nonce": nonce_for(params["code_verifier"])}


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider."""
    return _stepped(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer."""
    return _stepped(OAuth2CallbackView, request, provider_id)


def _stepped(step: Any, request: HttpRequest, provider_id: str) -> HttpResponse:  # noqa: ANN401 - allauth's type
    try:
        answer: HttpResponse = step.adapter_view(CheckedAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
