"""calls: asking a source over HTTP, to the end or not at all.

What a connector over HTTP needs and must not get wrong: every page, in order; patience that the
source asks for, and no more than is bounded; the exact request beside each answer, without its
secrets; credentials for one host only, and never in clear; answers that are whole, or refused.
"""

from reperform.connectors.calls.api import Api, values_of
from reperform.connectors.calls.client import Client, Limits
from reperform.connectors.calls.messages import CallFailedError, Reply, Request, basic, bearer
from reperform.connectors.calls.opening import Identity
from reperform.connectors.calls.pages import (
    Count,
    Follow,
    cursor_in,
    link_in,
    link_next,
    numbered,
    pages,
)
from reperform.connectors.calls.tokens import Tokens, assertion, key_flaw

__all__ = [
    "Api",
    "CallFailedError",
    "Client",
    "Count",
    "Follow",
    "Identity",
    "Limits",
    "Reply",
    "Request",
    "Tokens",
    "assertion",
    "basic",
    "bearer",
    "cursor_in",
    "key_flaw",
    "link_in",
    "link_next",
    "numbered",
    "pages",
    "values_of",
]
