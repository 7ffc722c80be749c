"""What every answer carries: nothing from elsewhere, no frames, no guessing of types."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
"""Source: W3C Content Security Policy Level 3.  `data:` is for the QR code of a second factor."""

_A_YEAR = 31_536_000
"""Seconds, for this name only: others below it are not ours.  Source: RFC 6797, section 7.2."""


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that adds the headers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if settings.HTTPS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
        return response

    return middleware


def head_without_body(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that answers HEAD with the headers alone.

    Waitress sends what it is given; a body would be read as the beginning of the next answer on
    the same connection.  Nothing is compressed for it either, so that a download keeps its length
    and is not cut in chunks.  Source: RFC 9110, section 9.3.2.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD":
            request.META.pop("HTTP_ACCEPT_ENCODING", None)
        response = get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse) and "Content-Length" not in response:
                # Of unknown length it would go out in chunks, and end with one that has no place.
                response.headers["Content-Length"] = str(_length(response))
                response.streaming_content = []
            elif isinstance(response, StreamingHttpResponse):
                response.streaming_content = []
            else:
                response.content = b""
        return response

    return middleware


def _length(response: StreamingHttpResponse) -> int:
    """Return how many bytes a download has, by making it."""
    return sum(len(bytes(part)) for part in response)
