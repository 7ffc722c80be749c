"""The API as one object: its operations, and how refusals become answers."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from reperform.api import gap, members, results, scope, settings, tokens
from reperform.api.answers import Refused, refused
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError

api = NinjaAPI(
    title="Reperform",
    version="1",
    description="Everything that the pages do. Errors say what did not happen and what to do.",
    docs_url=None,  # the viewer would load scripts from another origin
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/scope", scope.router, tags=["scope"])
api.add_router("/members", members.router, tags=["members"])
api.add_router("/gap", gap.router, tags=["gap"])
api.add_router("/examinations", results.router, tags=["results"])
api.add_router("/settings", settings.router, tags=["settings"])
api.add_router("/tokens", tokens.router, tags=["tokens"])


@api.exception_handler(RefusalError)
def _refusal(request: HttpRequest, refusal: RefusalError) -> HttpResponse:
    stale = isinstance(refusal, StaleVersionError)
    status = HTTPStatus.CONFLICT if stale else HTTPStatus.UNPROCESSABLE_ENTITY
    return api.create_response(request, refused(refusal), status=status)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, _: PermissionDenied) -> HttpResponse:
    answer = Refused(
        what="this was not done: the token does not have the scope that it takes",
        why="A token does what it was made for, and nothing else.",
        todo=["make a token with this scope, if your role has it"],
        slug="scope-missing",
        problems=[],
    )
    return api.create_response(request, answer, status=HTTPStatus.FORBIDDEN)
