"""Why a file, or the rest of it, was not read."""

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError


class UnreadableError(RefusalError):
    """A catalog's file was not read."""

    slug = "catalog-unreadable"

    def __init__(self, place: str, what: str, *, todo: str) -> None:
        self.place = place
        super().__init__(what, why="A catalog read in part would look incomplete.", todo=todo)

    def problem(self) -> Problem:
        """Return the problem that this is."""
        return Problem(self.place, self.what, self.todo[0], self.slug)
