"""What every SCIM request has in common: who asks, what was sent, and errors as SCIM has them."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    BaseModel,
    Context,
    Error,
    InvalidSyntaxException,
    InvalidValueException,
    PayloadTooLargeException,
    SCIMException,
)

from reperform.accounts.actions.groups import GroupRefusedError
from reperform.accounts.actions.provisioning import UserNameTakenError
from reperform.api.access import Caller, takes
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError

PERMISSION = "members.provision"
_LARGEST = 100_000
_TYPE = "application/scim+json"
_guard = takes(PERMISSION)


class ScimRequest(HttpRequest):
    """A request with a token that may provision."""

    caller: Caller
    base: str
    """The address of the service."""


View = Callable[..., HttpResponse]


def endpoint(**methods: View) -> View:
    """Return the view of one URL: a function for each method that it takes, named in capitals.

    Every outcome is an answer that a SCIM client reads; who has no token that may provision
    learns nothing about the request.
    """

    @csrf_exempt  # no cookie is read: a token is presented
    def view(request: ScimRequest, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - the URL's parts
        try:
            caller = _caller(request)
        except PermissionDenied:
            return failed(HTTPStatus.FORBIDDEN, "the token does not have the scope it takes")
        if caller is None:
            answer = failed(HTTPStatus.UNAUTHORIZED, "a token with members.provision is needed")
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        if request.method not in methods:
            answer = failed(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not taken here")
            answer.headers["Allow"] = ", ".join(methods)
            return answer
        request.caller, request.base = caller, request.build_absolute_uri("/scim/v2")
        return _answering(methods[str(request.method)])(request, **kwargs)

    view.methods = tuple(methods)  # type: ignore[attr-defined]  # for the tests that walk them
    return view


def _caller(request: HttpRequest) -> Caller | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return _guard.authenticate(request, token.strip()) if kind.lower() == "bearer" else None


def _answering(view: View) -> View:
    @wraps(view)
    def answering(request: ScimRequest, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - as above
        try:
            return view(request, **kwargs)
        except SCIMException as error:
            return answered(error.to_error(), status=error.status)
        except ValidationError as error:
            first = Error.from_validation_errors(error)[0]
            return answered(first, status=first.status or HTTPStatus.BAD_REQUEST)
        except RefusalError as refusal:
            return _refused(refusal)

    return answering


def _refused(refusal: RefusalError) -> HttpResponse:
    """Return a refusal as an answer.  Source: RFC 7644, 3.12, tables 8 and 9."""
    if isinstance(refusal, StaleVersionError):
        return failed(HTTPStatus.PRECONDITION_FAILED, refusal.what)
    if isinstance(refusal, UserNameTakenError):
        return failed(HTTPStatus.CONFLICT, refusal.what, scim_type="uniqueness")
    kind = "invalidValue" if isinstance(refusal, GroupRefusedError) else "mutability"
    return failed(HTTPStatus.BAD_REQUEST, refusal.what, scim_type=kind)


def answered(body: BaseModel | None, *, status: int = HTTPStatus.OK, **dump: Any) -> HttpResponse:  # noqa: ANN401 - of model_dump
    """Return a message as an answer."""
    context = dump.pop("scim_ctx", Context.DEFAULT)
    text = "" if body is None else json.dumps(body.model_dump(scim_ctx=context, **dump))
    return HttpResponse(text, status=status, content_type=_TYPE)


def failed(status: HTTPStatus, detail: str, *, scim_type: str | None = None) -> HttpResponse:
    """Return an error as an answer.  Source: RFC 7644, 3.12."""
    return answered(Error(status=int(status), scim_type=scim_type, detail=detail), status=status)


def sent(request: HttpRequest, *, largest: int = _LARGEST) -> dict[str, Any]:
    """Return the object that was sent.

    Args:
        request: as it came.
        largest: how many bytes it may have.

    Raises:
        InvalidSyntaxException: it is no JSON, or no object.
        InvalidValueException: a text has characters that no text of people has.
        PayloadTooLargeException: it is larger than `largest`.
    """
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise PayloadTooLargeException(detail="the body is too large") from error
    if len(body) > largest:
        raise PayloadTooLargeException(detail=f"the body has more than {largest:,} bytes")
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidSyntaxException(detail="the body is not JSON") from error
    if not isinstance(read, dict):
        raise InvalidSyntaxException(detail="the body is not a JSON object")
    _refuse_unwritable(read)
    return read


def _refuse_unwritable(value: object) -> None:
    """Refuse what no database keeps: NUL, and halves of surrogate pairs."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and ("\x00" in each or not _encodes(each)):
            raise InvalidValueException(detail="a text has a character that cannot be kept")


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
