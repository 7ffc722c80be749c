"""A refusal: a rule says no, and the person asking learns what to do about it."""

from collections.abc import Sequence
from typing import ClassVar


class RefusalError(Exception):
    """What did not happen, why it matters, what to do, and a name to look up.

    Each subclass sets `slug`, the bracketed name under which `docs/errors.md` explains it.
    Surfaces print `str(error)`; the first line alone is enough for a log.

    >>> class NotBakedError(RefusalError):
    ...     slug = "not-baked"
    >>> print(NotBakedError("the bread was not baked", why="The oven is cold.", todo="light it"))
    the bread was not baked
      The oven is cold.
      light it
      [not-baked]
    """

    slug: ClassVar[str] = "refused"

    def __init__(self, what: str, *, why: str, todo: str | Sequence[str]) -> None:
        self.what = what
        self.why = why
        self.todo = (todo,) if isinstance(todo, str) else tuple(todo)
        super().__init__(what)

    def __str__(self) -> str:
        return "\n".join([self.what, *(f"  {line}" for line in (self.why, *self.todo))]) + (
            f"\n  [{self.slug}]"
        )
