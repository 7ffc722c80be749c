"""Reading the body of a request: strict JSON, so that two readers never see two contents."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from reperform.api.answers import ContentRefusedError
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.visible import visible

_DEEPEST = 64
_JSON = "application/json"


class BodyRefusedError(RefusalError):
    """The body is not JSON that everybody reads alike."""

    slug = "body-refused"


class MediaTypeError(RefusalError):
    """The body says that it is something else than JSON."""

    slug = "media-type"


class StrictParser(Parser):
    """JSON as RFC 8259 and I-JSON (RFC 7493) have it.

    UTF-8, no member twice, no number that overflows, no half of a surrogate pair, and no U+0000,
    which PostgreSQL cannot keep.
    """

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Return the value that the body says.

        Raises:
            BodyRefusedError: it is not strict JSON.
            ContentRefusedError: a text in it has a character that no text has.
            MediaTypeError: it is not sent as `application/json`.
        """
        sent_as = request.content_type or ""
        if sent_as != _JSON:
            raise MediaTypeError(
                f"nothing was done: the body is sent as {sent_as[:80]!r}",
                why="Guessing what a body is leads two readers to two contents.",
                todo=f"send JSON with the header Content-Type: {_JSON}",
            )
        return cast("DictStrAny", read_json(request.body))


def read_json(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the value that strict JSON says.

    Raises:
        BodyRefusedError: it is not strict JSON.
        ContentRefusedError: a text in it has a character that no text has.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_members,
            parse_float=_number,
            parse_constant=_constant,
        )
    except RecursionError as error:
        raise _refused(f"it is nested deeper than {_DEEPEST}") from error
    except ValueError as error:
        raise _refused(str(error)[:200]) from error
    _refuse_bad(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is there twice")
    return members


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is more than a number can be")
    return number


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_bad(value: object) -> None:
    """Refuse what is nested too deep, and texts with characters that no text has."""
    level, problems = [("", value)], []
    for _ in range(_DEEPEST):
        problems += [_bad_text(place) for place, each in level if not _is_text(each)]
        level = [found for place, each in level for found in _inside(place, each)]
    if level:
        raise _refused(f"it is nested deeper than {_DEEPEST}")
    if problems:
        raise ContentRefusedError(problems)


def _inside(place: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield place, name
            yield f"{place}.{visible(name, limit=80)}".lstrip("."), inner
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield f"{place} {number}".lstrip(), inner


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def _bad_text(place: str) -> Problem:
    what = "has U+0000, or half of a surrogate pair"
    return Problem(place, what, "remove the character", "field-form")


def _refused(what: str) -> BodyRefusedError:
    return BodyRefusedError(
        f"nothing was done: the body was not read: {what}",
        why="What two programs read in two ways is not what anybody meant.",
        todo="send one JSON value in UTF-8, each member once, as RFC 8259 has it",
    )
