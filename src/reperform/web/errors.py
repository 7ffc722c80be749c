"""The pages for what went wrong, each saying what to do."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a member whose role does not have the page's permission."""
    return render(request, "web/forbidden.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer for what does not exist, or not for this visitor."""
    return render(request, "web/not_found.html", status=HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for an error of the program: one opaque sentence, the rest is in the server's log."""
    return render(request, "web/broken.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
