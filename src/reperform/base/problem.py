"""A problem: something in the user's data, collected and shown in its place, never raised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right.

    Attributes:
        where: file, and row or field in it, as the user knows them.
        what: what is there, with its value.
        todo: what to do about it.
        slug: the name under which `docs/errors.md` explains it.
    """

    where: str
    what: str
    todo: str
    slug: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.todo} [{self.slug}]"
