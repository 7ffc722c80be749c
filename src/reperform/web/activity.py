"""When a session was last used, and from where: noted now and then, not at every page."""

import hashlib
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

_NOTED_EVERY = 300
"""Seconds.  Noting is a write: at each page it would make every reader wait for the writers."""


def session_activity(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that notes the use of a session; another address or browser at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            whence = (
                request.session.session_key,
                get_adapter().get_client_ip(request),
                request.headers.get("User-Agent", ""),
            )
            name = hashlib.sha256(repr(whence).encode()).hexdigest()
            if cache.add(f"session-seen-{name}", value=True, timeout=_NOTED_EVERY):
                UserSession.objects.create_from_request(request)
        return get_response(request)

    return middleware
