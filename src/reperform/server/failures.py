"""What is answered when no page or operation did: for people as a page, for programs as JSON."""

from django.http import HttpRequest, HttpResponse

from reperform.api.failures import broken as program_failed
from reperform.api.site import answer
from reperform.web import errors

_API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read, or is larger than anything that is taken."""
    return (answer if _is_api(request) else errors.bad_request)(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what does not exist, or not for whoever asks."""
    return (answer if _is_api(request) else errors.not_found)(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer an error of the program; what it was stands in the server's log only."""
    return answer(request, program_failed()) if _is_api(request) else errors.broken(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(_API)
