"""What is refused about a program's files, and why."""

from reperform.base.refusal import RefusalError
from reperform.program.code.plan import Plan

_MOST = 20


class ProgramRefusedError(RefusalError):
    """The files have a problem."""

    slug = "program-refused"

    def __init__(self, plan: Plan) -> None:
        """Keep the plan, with its problems."""
        count = len(plan.problems)
        super().__init__(
            f"nothing was applied: the files have {count} problem{'' if count == 1 else 's'}",
            why="Half of a program would look like a whole one.",
            todo=[str(problem) for problem in plan.problems[:_MOST]],
        )
        self.plan = plan
        self.problems = plan.problems


class ProgramNewerError(RefusalError):
    """The program was changed after the files were taken out."""

    slug = "program-newer"

    def __init__(self, plan: Plan) -> None:
        """Keep the plan, with what would be lost."""
        names = [change.item.name for change in plan.losses]
        named = ", ".join(names[:_MOST]) + (" and more" if len(names) > _MOST else "")
        super().__init__(
            f"nothing was applied: since these files were taken out, others changed {named}",
            why="Applying them would undo that, without anybody noticing.",
            todo=(
                "see with `reperform plan` what would be lost, export again and merge,",
                "or name what may be lost with --over",
            ),
        )
        self.plan = plan


class ProgramMovedError(RefusalError):
    """Applying would do something else than its dry run showed."""

    slug = "program-moved"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "nothing was applied: the program changed since you saw what the files would do",
            why="What is done must be what somebody looked at.",
            todo="look at what they would do now, and apply them again",
        )
