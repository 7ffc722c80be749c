"""How everything that can go wrong becomes an answer, all of one shape."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404
from ninja.errors import AuthenticationError, HttpError, ValidationError

from reperform.api.answers import ContentRefusedError, ProblemOut, Refused
from reperform.api.bodies import BodyRefusedError, MediaTypeError
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.code.refusals import ProgramMovedError, ProgramNewerError
from reperform.program.policies.refusals import PolicyReviewedError


class TokenNeededError(RefusalError):
    """There is no token, or it opens nothing."""

    slug = "token-needed"


class ScopeMissingError(RefusalError):
    """The token does not have the scope that the operation takes."""

    slug = "scope-missing"


class NothingHereError(RefusalError):
    """It does not exist, or not for this token."""

    slug = "nothing-here"


class TooLargeError(RefusalError):
    """The body is larger than any that the operation takes."""

    slug = "too-large"


class BrokenError(RefusalError):
    """The program failed."""

    slug = "broken"


_STATUSES: Mapping[type[RefusalError], HTTPStatus] = {
    TokenNeededError: HTTPStatus.UNAUTHORIZED,
    ScopeMissingError: HTTPStatus.FORBIDDEN,
    NothingHereError: HTTPStatus.NOT_FOUND,
    StaleVersionError: HTTPStatus.CONFLICT,
    PolicyReviewedError: HTTPStatus.CONFLICT,
    ProgramNewerError: HTTPStatus.CONFLICT,
    ProgramMovedError: HTTPStatus.CONFLICT,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    BodyRefusedError: HTTPStatus.BAD_REQUEST,
    BrokenError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Kind of refusal -> status; 422 for every other."""

TRANSLATED = (
    RefusalError,
    PermissionDenied,
    Http404,
    HttpError,
    ValidationError,
    SuspiciousOperation,
)
"""The exceptions that `refusal_of` knows."""


def status_of(refusal: RefusalError) -> HTTPStatus:
    """Return the status of a refusal's answer."""
    found = (status for kind, status in _STATUSES.items() if isinstance(refusal, kind))
    return next(found, HTTPStatus.UNPROCESSABLE_ENTITY)


def refused(refusal: RefusalError) -> Refused:
    """Return a refusal as an answer."""
    problems: Iterable[Problem] = getattr(refusal, "problems", ())
    return Refused(
        what=refusal.what,
        why=refusal.why,
        todo=list(refusal.todo),
        slug=refusal.slug,
        problems=[ProblemOut.of(each) for each in problems],
        current=_standing(refusal) if isinstance(refusal, StaleVersionError) else None,
    )


def _standing(stale: StaleVersionError) -> dict[str, Any]:
    return {"version": stale.current, "content": stale.content}


def refusal_of(error: Exception) -> RefusalError:
    """Return what an exception means to whoever called."""
    cause = error.__cause__
    if isinstance(error, RefusalError):
        return error
    if isinstance(error, HttpError) and isinstance(cause, RefusalError):
        return cause  # what StrictParser said, which ninja wraps
    if isinstance(error, ValidationError):
        return ContentRefusedError([_problem(each) for each in error.errors])
    found = (make for kind, make in _MEANINGS if isinstance(error, kind))
    return next(found, unreadable)()


def token_needed() -> TokenNeededError:
    """Return that the caller is nobody."""
    return TokenNeededError(
        "nothing was done: there is no token in the request, or it opens nothing",
        why="Everything here belongs to an organization.",
        todo="send the header Authorization: Bearer rpf_... with a token that is still good",
    )


def scope_missing() -> ScopeMissingError:
    """Return that the caller may not."""
    return ScopeMissingError(
        "nothing was done: the token does not have the scope that it takes",
        why="A token does what it was made for, and nothing else.",
        todo="make a token with this scope, if your role has it",
    )


def nothing_here() -> NothingHereError:
    """Return that something does not exist, or not for whoever asks: nobody can tell which."""
    return NothingHereError(
        "nothing was done: there is nothing of that name here",
        why="Another organization's things look like things that do not exist.",
        todo="list what is there, and take its number or name from the list",
    )


def too_large() -> TooLargeError:
    """Return that a body was larger than it may be."""
    return TooLargeError(
        "nothing was done: the body is larger than any that this takes",
        why="A body is read into memory whole.",
        todo="send less at once",
    )


def unreadable() -> BodyRefusedError:
    """Return that a request could not be read."""
    return BodyRefusedError(
        "nothing was done: the request was not read",
        why="What cannot be read cannot be meant.",
        todo="compare it with /api/v1/openapi.json",
    )


def broken() -> BrokenError:
    """Return that the program failed."""
    return BrokenError(
        "this was not done: the program failed",
        why="The reason is in the server's log, not here, because it may tell secrets.",
        todo="tell whoever runs the server when it happened",
    )


_MEANINGS: tuple[tuple[type[Exception], Callable[[], RefusalError]], ...] = (
    (AuthenticationError, token_needed),
    (PermissionDenied, scope_missing),
    (Http404, nothing_here),
    (RequestDataTooBig, too_large),
    (TooManyFieldsSent, too_large),
    (TooManyFilesSent, too_large),
)
"""Kind of exception -> what it means, the first that fits; `unreadable` for the rest."""


def _problem(error: Mapping[str, Any]) -> Problem:
    """Return one of pydantic's errors as a problem; the value itself is not repeated."""
    source, *place = error["loc"]
    names = place[1:] if source == "body" and len(place) > 1 else place
    where = ".".join(str(name)[:80] for name in names) or source
    return Problem(where, str(error["msg"]), "compare it with the operation's form", "field-form")
