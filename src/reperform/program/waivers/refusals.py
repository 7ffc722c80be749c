"""Why something is not done with a waiver."""

from collections.abc import Iterable

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError


class WaiverRefusedError(RefusalError):
    """What is asked for cannot be asked for, or a decision lacks something."""

    slug = "waiver-refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(
            f"no waiver was changed: {first.where}: {first.what}",
            why="A waiver is shown to every reader of the report with its reason and its end.",
            todo=[problem.todo for problem in self.problems],
        )


class OwnWaiverError(RefusalError):
    """Somebody would approve what they asked for themselves."""

    slug = "waiver-own"

    def __init__(self, number: int, who: str) -> None:
        """Say whose it is."""
        super().__init__(
            f"WVR-{number} was not decided: {who} asked for it",
            why="A departure that nobody else accepted is no accepted departure; administrators "
            "are no exception, and a token decides as the person who made it.",
            todo="ask another member who may approve waivers",
        )


class WaiverStateError(RefusalError):
    """The waiver is past what somebody would do with it."""

    slug = "waiver-state"

    def __init__(self, number: int, what: str, state: str) -> None:
        """Say which, what was not done, and what it is."""
        super().__init__(
            f"WVR-{number} was not {what}: it is {state}",
            why="A waiver is asked for, then decided once; one that was approved may be withdrawn.",
            todo="ask for a new waiver",
        )


class NotTheAskerError(RefusalError):
    """Somebody would change what another one asked for."""

    slug = "waiver-not-asker"

    def __init__(self, number: int, who: str) -> None:
        """Say whose it is."""
        super().__init__(
            f"WVR-{number} was not changed: {who} asked for it",
            why="Whoever changes a request has asked for it too, and could not decide it any more.",
            todo="decline it with a word on what it lacks, or ask for another",
        )
