"""What is refused about controls, and why."""

from reperform.base.refusal import RefusalError


class ControlCodeTakenError(RefusalError):
    """A code is, or was, another control's."""

    slug = "control-code-taken"

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(
            f"the control was not adopted: {code} is or was the code of another one",
            why="Reports of earlier periods name controls by their codes, so none is used again.",
            todo="choose a code that was never used",
        )


class ControlAdoptedError(RefusalError):
    """A control of the library is adopted already."""

    slug = "control-adopted"

    def __init__(self, library_id: str, code: str) -> None:
        """Name the library's control and the one that it is here."""
        super().__init__(
            f"{library_id} was not adopted: it is adopted already, as {code}",
            why="Two active controls cannot come from the same library control: they would be "
            "tested, and reported, as if they were two.",
            todo=f"change {code}, or write a control of your own",
        )


class ControlRetiredError(RefusalError):
    """A control is no more, so nothing about it changes."""

    slug = "control-retired"

    def __init__(self, code: str) -> None:
        """Name the control."""
        super().__init__(
            f"{code} was not changed: it is retired",
            why="What a retired control said is part of the reports that tell of it.",
            todo="adopt it anew from the library, or write another, under a new code",
        )


class ControlOwnerError(RefusalError):
    """Somebody cannot own a control here."""

    slug = "control-owner"

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(
            "the owner was not set: that person cannot answer for a control here",
            why="An owner performs the control or answers for it, so it must be someone of the "
            "organization who can sign in, and never the auditor.",
            todo="choose an active member who is no auditor",
        )


class ControlMissingError(RefusalError):
    """There is no such control."""

    slug = "control-missing"

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(
            f"{code!r:.40} was not changed: there is no such control",
            why="What is not there cannot be changed.",
            todo="choose a control from the list",
        )


class ControlDayError(RefusalError):
    """A day does not fit to the control's other days."""

    slug = "control-day"

    def __init__(self, code: str, what: str) -> None:
        """Say which day does not fit to which."""
        super().__init__(
            f"{code} was not changed: {what}",
            why="An auditor tests a control on the days on which it was in force.",
            todo="correct the day",
        )
