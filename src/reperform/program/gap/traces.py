"""What the registers say of a control or a criterion: traces that are kept, or lacking.

A register is management's own record.  What it lacks keeps a control from being in place as a
whole; what it holds proves nothing to an auditor, and lifts nothing.
"""

from dataclasses import dataclass
from enum import StrEnum


class TraceState(StrEnum):
    """What a register says.  Not checked is not kept."""

    KEPT = "kept"
    LACKING = "lacking"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Trace:
    """One sentence of a register about the program.

    Attributes:
        register: which one, as in `Policies`.
        said: the sentence, with counts and days: "2 of 14 people have not accepted it."
        state: see `TraceState`.
        page: name of the page that shows it, as in `policy`.
        key: what that page's address needs, as the number of a policy; empty for none.
        control: code of the adopted control that it is about; empty for a whole criterion.
        criteria: criteria that it is about; empty when it is about a control.
    """

    register: str
    said: str
    state: TraceState
    page: str
    key: str = ""
    control: str = ""
    criteria: tuple[str, ...] = ()
