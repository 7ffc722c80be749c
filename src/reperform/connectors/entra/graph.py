"""Asking Microsoft Graph about one tenant, as an application."""

from datetime import datetime
from urllib.parse import quote

from reperform.connectors.calls import Api, Client, Request, Tokens, link_in
from reperform.connectors.settings import Access

MOST = ("$top", "999")
NEXT = link_in("@odata.nextLink")


def graph(access: Access) -> Api:
    """Return the tenant of a connection; nothing is asked yet."""
    tenant, address = access.text("tenant"), access.text("graph").rstrip("/")

    def request(_: datetime) -> Request:
        form = {
            "grant_type": "client_credentials",
            "client_id": access.text("client_id"),
            "client_secret": access.secret("client_secret"),
            "scope": f"{address}/.default",
        }
        path = f"{quote(tenant, safe='')}/oauth2/v2.0/token"
        return Request(path, method="POST", form=tuple(form.items()))

    tokens = Tokens(Client(access.text("login"), access=access), request)
    client = Client(f"{address}/v1.0", access=access, credentials=tokens)
    return Api(client, f"entra {tenant}", follow=NEXT)
