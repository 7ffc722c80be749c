"""Shapes of answers that several operations share."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from ninja import Schema

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError

T = TypeVar("T")


class ProblemOut(Schema):
    """One thing to put right in what was sent."""

    where: str
    what: str
    todo: str
    slug: str


class Refused(Schema):
    """What did not happen, why it matters, and what to do; nothing was changed."""

    what: str
    why: str
    todo: list[str]
    slug: str
    problems: list[ProblemOut]


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


def refused(refusal: RefusalError) -> Refused:
    """Return a refusal as an answer."""
    problems = getattr(refusal, "problems", ())
    return Refused(
        what=refusal.what,
        why=refusal.why,
        todo=list(refusal.todo),
        slug=refusal.slug,
        problems=[
            ProblemOut(where=each.where, what=each.what, todo=each.todo, slug=each.slug)
            for each in problems
        ],
    )
