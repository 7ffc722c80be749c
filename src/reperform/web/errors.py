"""The pages for what went wrong, each saying what to do."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read, or is more than a page takes."""
    is_large = isinstance(exception, _TOO_MUCH)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.BAD_REQUEST
    return render(request, "web/bad_request.html", {"is_large": is_large}, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a member whose role does not have the page's permission."""
    return render(request, "web/forbidden.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer for what does not exist, or not for this visitor."""
    return render(request, "web/not_found.html", status=HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for an error of the program: one opaque sentence, the rest is in the server's log."""
    return render(request, "web/broken.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
