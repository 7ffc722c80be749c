"""Calling an organization's identity provider: only where that is allowed, and never for long."""

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from reperform.accounts.reach import ProviderUnreachableError, refuse_address, refuse_url

_SECONDS = 5
_LARGEST = 500_000
_DISCOVERY = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


def _judged(opened: Any, scheme: str) -> Any:  # noqa: ANN401 - urllib3's socket
    """Return a connection, when it leads where one may be opened to; nothing was sent yet."""
    try:
        refuse_address(
            str(opened.getpeername()[0]),
            scheme=scheme,
            is_development=not settings.HTTPS,
            allows_private=settings.PRIVATE_PROVIDERS,
        )
    except ProviderUnreachableError:
        opened.close()
        raise
    return opened


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's socket
        return _judged(super()._new_conn(), "http")


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's socket
        return _judged(super()._new_conn(), "https")


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _CheckedAdapter(HTTPAdapter):
    """Judges the address that was really connected to: a name may lead elsewhere each time."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class ProviderSession(requests.Session):
    """Calls a provider without redirects, proxies or more than half a megabyte."""

    def __init__(self) -> None:
        """Judge each connection."""
        super().__init__()
        self.trust_env = False
        self.mount("https://", _CheckedAdapter())
        self.mount("http://", _CheckedAdapter())

    def request(self, method: Any, url: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 - requests' own
        """Call `url`, and return an answer in JSON.

        Raises:
            OAuth2Error: it is not called, does not answer as it should, or says too much.
        """
        kwargs |= {"allow_redirects": False, "stream": True, "timeout": _SECONDS}
        try:
            refuse_url(str(url), is_development=not settings.HTTPS)
            with super().request(method, url, **kwargs) as answer:
                said = answer.raw.read(_LARGEST + 1, decode_content=True)
            if answer.is_redirect:  # it could lead where nobody looked
                raise OAuth2Error("the provider's answer is a redirect")
            _refuse_strange(str(url), said)
        except ProviderUnreachableError as refusal:
            raise OAuth2Error(refusal.what) from refusal
        except (requests.RequestException, OSError) as error:
            host = urlsplit(str(url)).hostname
            raise OAuth2Error(f"{host} did not answer: {type(error).__name__}") from error
        finally:
            self.close()
        answer._content = said  # noqa: SLF001 - what `content` returns once it was read
        return answer


def _refuse_strange(url: str, said: bytes) -> None:
    if len(said) > _LARGEST:
        raise OAuth2Error("the provider's answer is too large")
    try:
        read = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise OAuth2Error("the provider's answer is not JSON") from error
    if not isinstance(read, dict):
        raise OAuth2Error("the provider's answer is not a JSON object")
    if url.endswith(_DISCOVERY):
        # OpenID Connect Discovery 1.0, 4.3: else one issuer could speak for another.
        if str(read.get("issuer", "")).rstrip("/") != url.removesuffix(_DISCOVERY).rstrip("/"):
            raise OAuth2Error("the provider describes another issuer")
        for name in _ENDPOINTS:
            refuse_url(str(read.get(name, "")), is_development=not settings.HTTPS)
