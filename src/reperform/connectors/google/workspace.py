"""Asking Google Workspace about one organization, as a service account for an administrator."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.connectors.answer import Answer
from reperform.connectors.calls import (
    Api,
    CallFailedError,
    Client,
    Count,
    Reply,
    Request,
    Tokens,
    assertion,
    cursor_in,
    key_flaw,
)
from reperform.connectors.settings import Access

_SCOPE = "https://www.googleapis.com/auth/"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Workspace:
    """One organization of Google Workspace.

    Args:
        access: of the connection.
        scopes: what is asked for, without the beginning that all have.  Google grants all or none.
    """

    def __init__(self, access: Access, scopes: Sequence[str]) -> None:
        admin = access.text("admin")
        client = Client(
            access.text("address"), access=access, credentials=_tokens(access, admin, scopes)
        )
        follow = cursor_in("nextPageToken", parameter="pageToken")
        self.api = Api(client, f"google {admin.partition('@')[2]}", follow=follow)

    def listed(
        self, name: str, path: str, kind: str, key: str, *query: tuple[str, str]
    ) -> Iterator[Answer]:
        """Yield every page of a list.

        Args:
            name: of the answers.
            path: below the server's address.
            kind: that Google names each page with: a page of another kind is refused.
            key: where its things are; Google leaves it out where there are none.
            query: parameters.
        """
        yield from self.api.listed(name, Request(path, query), count=_page(kind, key))


def _tokens(access: Access, admin: str, scopes: Sequence[str]) -> Tokens:
    """Return tokens for a service account that acts for an administrator.

    Source: Google, OAuth 2.0 for server to server applications; RFC 7523, 2.1.
    """
    login = access.text("login").rstrip("/")
    key = json.loads(access.secret("key"))

    def request(at: datetime) -> Request:
        claims = {
            "iss": key["client_email"],
            "sub": admin,
            "scope": " ".join(f"{_SCOPE}{scope}" for scope in scopes),
            "aud": f"{login}/token",
        }
        kid = str(key.get("private_key_id") or "")
        signed = assertion(claims, key=key["private_key"], kid=kid, at=at)
        form = (("grant_type", _GRANT), ("assertion", signed))
        return Request("token", method="POST", form=form)

    return Tokens(Client(login, access=access), request)


def service_key_flaw(said: str) -> str:
    """Return what is wrong with the key of a service account (JSON); empty when nothing is."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return "is no JSON"
    names = ("client_email", "private_key")
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in names):
        return "has no client_email and private_key"
    return key_flaw(found["private_key"])


def _page(kind: str, key: str) -> Callable[[Reply], Count]:
    def count(reply: Reply) -> Count:
        found: Any = reply.json()
        things = found.get(key, []) if isinstance(found, dict) else None
        if not isinstance(things, list) or found.get("kind") != kind:
            raise CallFailedError(f"{reply.url}: the answer is no page of {kind}")
        return Count(len(things))

    return count
