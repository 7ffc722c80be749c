"""How the maker of a token is told, for programs."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.api.notices.register import router
from reperform.noticing.actions.being_told import set_being_told
from reperform.noticing.models import Letter
from reperform.noticing.preferences import preferences_content, read_preferences
from reperform.noticing.queries.telling import being_told_row, letters_of, preferences_of


class BeingToldOut(Schema):
    """How one is told: `content` as docs/how-to/be-told.md says; version 0 for nothing decided."""

    content: dict[str, Any]
    version: int


class BeingToldIn(Schema):
    """How one is to be told; what is left out is as usual.  `seen` is the version it changes."""

    content: dict[str, Any]
    seen: int = Field(ge=0, le=1_000_000_000)


class LetterOut(Schema):
    """A letter: waiting while neither `sent_at` nor `given_up_at` is said."""

    subject: str
    made_at: datetime
    attempts: int
    reason: str
    sent_at: datetime | None
    given_up_at: datetime | None

    @staticmethod
    def of(row: Letter) -> "LetterOut":
        """Return a letter as an answer."""
        return LetterOut(
            subject=row.subject,
            made_at=row.made_at,
            attempts=row.attempts,
            reason=row.reason,
            sent_at=row.sent_at,
            given_up_at=row.given_up_at,
        )


@router.get("/told", response=BeingToldOut, auth=takes("notices.view"))
def read_told(request: ApiRequest) -> BeingToldOut:
    """Return how the maker of the token is told."""
    return _out(request)


@router.put(
    "/told",
    response={200: BeingToldOut, 409: Refused, 422: Refused},
    auth=takes("account.edit"),
)
def decide_told(request: ApiRequest, body: BeingToldIn) -> BeingToldOut:
    """Decide how the maker of the token is told."""
    preferences, problems = read_preferences(body.content)
    if problems:
        raise ContentRefusedError(problems)
    set_being_told(
        member=request.auth.membership,
        preferences=preferences,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _out(request)


@router.get("/letters", response=Page[LetterOut], auth=takes("notices.view"))
def list_letters(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the letters to the maker of the token, newest first."""
    return paged(letters_of(request.auth.membership), offset, limit, LetterOut.of)


def _out(request: ApiRequest) -> BeingToldOut:
    row = being_told_row(request.auth.membership)
    content = preferences_content(preferences_of(request.auth.membership))
    return BeingToldOut(content=content, version=row.version if row else 0)
