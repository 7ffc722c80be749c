"""What an action on policies refuses."""

from collections.abc import Sequence

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError


class PolicyRefusedError(RefusalError):
    """A policy names what is not there, or its id is taken."""

    slug = "policy-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was changed: {problems[0].where}: {problems[0].what}",
            why="A policy that rests on what is not there cannot be followed.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


class PolicyStateError(RefusalError):
    """A policy is not in the state in which this can be done."""

    slug = "policy-state"


class PolicyReviewedError(RefusalError):
    """Somebody else reviewed the same version on the same day."""

    slug = "policy-reviewed"

    def __init__(self, title: str, *, by: str) -> None:
        """Say of which policy, and who did."""
        super().__init__(
            f"no second review of {title} was recorded: {by} reviewed this version today",
            why="Two records of one reading would count as two reviews.",
            todo="read that review on the policy's page; write a new version if you disagree",
        )


class UnfilledError(RefusalError):
    """A text still has placeholders."""

    slug = "policy-unfilled"

    def __init__(self, what: str, names: Sequence[str]) -> None:
        """Say which placeholders are left."""
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")  # noqa: PLR2004 - as many as one reads
        super().__init__(
            f"{what}: {len(names)} placeholder{'s are' if len(names) != 1 else ' is'} not filled: "
            f"{shown}",
            why="A rule that names nobody binds nobody.",
            todo="fill each placeholder, or take it out of the text",
        )
        self.names = tuple(names)


class OwnTextError(RefusalError):
    """Somebody would approve what they wrote themselves."""

    slug = "policy-own-text"

    def __init__(self, who: str, number: int) -> None:
        """Say whose text it is."""
        super().__init__(
            f"version {number} was not approved: {who} wrote a part of it",
            why="An approval by the author is nobody's second look; administrators are no "
            "exception, and a token approves as the person who made it.",
            todo="ask another member who may approve policies and did not write this text",
        )


class NotAskedError(RefusalError):
    """Somebody would accept a policy that does not ask them."""

    slug = "policy-not-asked"
