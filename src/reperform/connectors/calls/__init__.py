"""calls: asking a source over HTTP, to the end or not at all.

What a connector over HTTP needs and must not get wrong: every page, in order; patience that the
source asks for, and no more than is bounded; the exact request beside each answer, without its
secrets; credentials for one host only, and never in clear; answers that are whole, or refused.
"""

from reperform.connectors.calls.client import Client, Limits
from reperform.connectors.calls.messages import CallFailedError, Reply, Request, basic, bearer
from reperform.connectors.calls.pages import Count, Follow, cursor_in, link_next, numbered, pages

__all__ = [
    "CallFailedError",
    "Client",
    "Count",
    "Follow",
    "Limits",
    "Reply",
    "Request",
    "basic",
    "bearer",
    "cursor_in",
    "link_next",
    "numbered",
    "pages",
]
