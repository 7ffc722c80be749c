"""What every import of a file has in common: all of it as its dry run showed, or nothing."""

from collections.abc import Sequence
from typing import Protocol

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError


class ImportProblemsError(RefusalError):
    """A file has rows that cannot be imported."""

    slug = "import-problems"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was imported: the file has {len(problems)} problems",
            why="A file that is taken in part would claim what nobody wrote.",
            todo="correct each row and bring the file again",
        )
        self.problems = tuple(problems)


class ImportChangedError(RefusalError):
    """What the import would do is not what its dry run showed."""

    slug = "import-changed"


class Planned(Protocol):
    """What a file would do."""

    @property
    def every_problem(self) -> Sequence[Problem]:
        """What is wrong with the file."""

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do."""


def refuse_unseen(plan: Planned, *, expected: str, file: str, what: str) -> None:
    """Refuse a file with a problem, and one that would do what nobody saw.

    Args:
        plan: what it would do now; the caller holds the organization's lock.
        expected: fingerprint of what the dry run showed.
        file: its name.
        what: may have changed since the dry run, as in `Risks or members`.

    Raises:
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
    """
    if plan.every_problem:
        raise ImportProblemsError(plan.every_problem)
    if plan.fingerprint != expected:
        raise ImportChangedError(
            f"{file} was not imported: it would do something else than its dry run showed",
            why=f"{what} changed in the meantime, and nobody saw the outcome.",
            todo="look at the dry run again, and import then",
        )
