"""What the program's registers say, for comparing a description with them.

A register that does not exist is None: what would be compared with it is *not checked*, which is
never the same as consistent.  An empty register exists, and says that there is none.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RegisteredVendor:
    """A supplier.

    Attributes:
        name: as the register has it.
        is_subservice: its controls are needed for the criteria; None while nobody decided.
    """

    name: str
    is_subservice: bool | None


@dataclass(frozen=True, slots=True)
class RegisteredIncident:
    """An incident.

    Attributes:
        reference: as in `INC-7`.
        title: a few words.
        on: the day on which it began.
        is_reportable: a control failed, or a commitment was not kept; None while nobody decided.
    """

    reference: str
    title: str
    on: date
    is_reportable: bool | None


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers; each is None while there is none.

    Attributes:
        vendors: every supplier.
        assets: names of systems, databases and other assets.
        incidents: those of the period.
        people: how each person is known; only their number is used.
        served: criteria that at least one adopted control serves.
    """

    vendors: tuple[RegisteredVendor, ...] | None = None
    assets: tuple[str, ...] | None = None
    incidents: tuple[RegisteredIncident, ...] | None = None
    people: tuple[str, ...] | None = None
    served: frozenset[str] | None = None
