"""A refusal that a page did not show itself becomes a page of its own, with status 422."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reperform.base.refusal import RefusalError


class RefusalMiddleware:
    """Shows what did not happen, why it matters and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what answers the request."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal; None for any other exception."""
        if not isinstance(exception, RefusalError):
            return None
        return render(
            request,
            "web/refusal.html",
            {"refusal": exception},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
