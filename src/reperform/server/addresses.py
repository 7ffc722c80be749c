"""What no address holds."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def without_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that answers 400 to U+0000 in a path or query.

    Nothing here has such a name, and PostgreSQL, unlike SQLite, fails when it is asked for one.
    Bodies are read, and refused, by the forms that they are of.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\0" in request.path or b"\0" in query:
            raise BadRequest("U+0000 in the address")
        return get_response(request)

    return middleware
