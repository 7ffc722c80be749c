"""What no address holds."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse


def without_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that answers 404 to U+0000 in a path, and 400 to one in a query.

    Nothing here has such a name, and PostgreSQL, unlike SQLite, fails when it is asked for one.
    Bodies are read, and refused, by the forms that they are of.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\0" in request.path:
            raise Http404
        if b"\0" in query:
            raise BadRequest("U+0000 in the query")
        return get_response(request)

    return middleware
