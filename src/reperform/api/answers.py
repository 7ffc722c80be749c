"""Shapes of answers that several operations share."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Schema

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError

T = TypeVar("T")

Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to leave out.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
DEFAULT_LIMIT = 50


class ProblemOut(Schema):
    """One thing to put right in what was sent."""

    where: str
    what: str
    todo: str
    slug: str

    @staticmethod
    def of(problem: Problem) -> "ProblemOut":
        """Return a problem as an answer."""
        return ProblemOut(
            where=problem.where, what=problem.what, todo=problem.todo, slug=problem.slug
        )


class Refused(Schema):
    """What did not happen, why it matters, and what to do; nothing was changed.

    `slug` is a section of docs/errors.md.  `current` is what stands now, when somebody else
    changed it since you looked (status 409).
    """

    what: str
    why: str
    todo: list[str]
    slug: str
    problems: list[ProblemOut]
    current: dict[str, Any] | None = None


class ContentRefusedError(RefusalError):
    """What was sent has problems."""

    slug = "content-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was saved: {len(problems)} of the fields have problems",
            why="A thing saved in part would say what nobody meant.",
            todo="correct each problem and send it again",
        )
        self.problems = tuple(problems)


class Page(Schema, Generic[T]):
    """Part of a list: `items` from `offset`, of `total`."""

    items: list[T]
    total: int
    offset: int


def paged(
    found: "QuerySet[Any] | Sequence[Any]", offset: int, limit: int, shape: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return part of a list as a `Page`, each of its items made by `shape`."""
    total = found.count() if isinstance(found, QuerySet) else len(found)
    return {
        "items": [shape(each) for each in found[offset : offset + limit]],
        "total": total,
        "offset": offset,
    }


def sends(content_types: str | Sequence[str], *refusals: HTTPStatus) -> dict[str, Any]:
    """Return `openapi_extra` of an operation that answers with a file, or refuses so."""
    kinds = [content_types] if isinstance(content_types, str) else content_types
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
    return {
        "responses": {
            200: {"description": "The file.", "content": {kind: {} for kind in kinds}},
            **{each: {"description": each.phrase, "content": refusal} for each in refusals},
        }
    }


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return a file to be kept, never to be shown by a browser at this origin."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
