"""A test of a control that has no result."""

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.testing.procedure import Procedure


class ProcedureFailedError(RefusalError):
    """A test could not be run to its end, or broke its contract; it has no result."""

    slug = "procedure-failed"


def failed(procedure: Procedure, what: str) -> ProcedureFailedError:
    """Return the refusal that says why `procedure` has no result."""
    return ProcedureFailedError(
        f"{procedure.id} has no result: {visible(what)}",
        why="A test that stopped half way says nothing of the items that it did not reach.",
        todo=f"correct {procedure.path}, or give it more time or memory, and run again",
    )
