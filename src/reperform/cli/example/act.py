"""One thing that happened in the example's year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Organization


@dataclass(frozen=True, slots=True)
class Act:
    """An act, and when it was done.

    Attributes:
        at: when; acts are done in this order.
        do: does it, in the organization.
        name: a few words when it takes long; empty for one of many.
    """

    at: datetime
    do: "Callable[[Organization], None]"
    name: str = ""
