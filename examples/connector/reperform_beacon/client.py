"""How Beacon is called."""

from reperform.connectors.calls import Client, Reply, bearer
from reperform.connectors.contract import Finding, Grant
from reperform.connectors.settings import Access

_DENIED = (401, 403)


def client(access: Access) -> Client:
    """Return a client: its token goes to this address only, and into nothing that is kept."""
    token = bearer(access.secret("token"))
    return Client(access.text("base_url"), access=access, credentials=token)


def finding(permission: str, reply: Reply) -> Finding:
    """Return whether a permission is granted, by an answer to what takes it."""
    if reply.is_good:
        return Finding(permission, Grant.GRANTED)
    grant = Grant.DENIED if reply.status in _DENIED else Grant.UNKNOWN
    return Finding(permission, grant, reply.told)
