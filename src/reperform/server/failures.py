"""What is answered when nothing else did: a page for people, and for programs their own form."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from reperform.api.failures import broken as program_failed
from reperform.api.scim.endpoint import failed as scim_failed
from reperform.api.site import answer
from reperform.web import errors

_API, _SCIM = "/api/", "/scim/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read, or is larger than anything that is taken."""
    if _is_scim(request):
        kind = "invalidFilter" if "filter=" in request.META.get("QUERY_STRING", "") else None
        return scim_failed(HTTPStatus.BAD_REQUEST, "the request was not read", scim_type=kind)
    return (answer if _is_api(request) else errors.bad_request)(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what does not exist, or not for whoever asks."""
    if _is_scim(request):
        return scim_failed(HTTPStatus.NOT_FOUND, "there is nothing at this address")
    return (answer if _is_api(request) else errors.not_found)(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer an error of the program; what it was stands in the server's log only."""
    if _is_scim(request):
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return scim_failed(status, "the program failed; the server's log says how")
    return answer(request, program_failed()) if _is_api(request) else errors.broken(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(_API)


def _is_scim(request: HttpRequest) -> bool:
    return request.path.startswith(_SCIM)
