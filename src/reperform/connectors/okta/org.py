"""Asking one organization of Okta, with a token or as an application."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4

from reperform.connectors.calls import (
    Api,
    CallFailedError,
    Client,
    Request,
    Tokens,
    assertion,
)
from reperform.connectors.settings import Access

SCOPES = (
    "okta.users.read",
    "okta.groups.read",
    "okta.factors.read",
    "okta.roles.read",
    "okta.policies.read",
    "okta.logs.read",
)
MOST = (("limit", "200"),)
_TOKENS = "oauth2/v1/token"
_BY_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def org(access: Access) -> Api:
    """Return the organization of a connection; nothing is asked yet.

    Raises:
        CallFailedError: the connection has neither a token nor an application with its key.
    """
    address = access.text("address").rstrip("/")
    credentials: dict[str, str] | Tokens
    if access.secret("private_key") and access.text("client_id"):
        credentials = _application(access, address)
    elif access.secret("token"):
        credentials = {"Authorization": f"SSWS {access.secret('token')}"}
    else:
        raise CallFailedError(
            "Okta was not asked: the connection has no credentials",
            why="Okta tells nothing to strangers.",
            todo="give a token, or the client ID of an application and its private key",
        )
    client = Client(address, access=access, credentials=credentials)
    return Api(client, f"okta {urlsplit(address).hostname}")


def _application(access: Access, address: str) -> Tokens:
    """Return tokens for a service application.  Source: RFC 7523, 2.2."""
    client_id = access.text("client_id")

    def request(at: datetime) -> Request:
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": f"{address}/{_TOKENS}",
            "jti": str(uuid4()),
        }
        key, kid = access.secret("private_key"), access.text("key_id")
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(SCOPES),
            "client_assertion_type": _BY_ASSERTION,
            "client_assertion": assertion(claims, key=key, kid=kid, at=at),
        }
        return Request(_TOKENS, method="POST", form=tuple(form.items()))

    return Tokens(Client(address, access=access), request)
