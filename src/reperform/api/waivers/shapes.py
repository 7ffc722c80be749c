"""Shapes of what the operations on waivers take and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from reperform.program.models import Waiver
from reperform.program.queries.waivers import state_of_waiver


class WaiverOut(Schema):
    """A departure from what a test demands: what, why, until when, and who decided it."""

    number: int
    test: str
    test_sha256: str
    items: list[str] = Field(description="As results name them; empty for every item of the test.")
    reason: str
    compensating_control: str
    compensating: str
    first: date
    last: date
    state: str = Field(
        description="asked for, in force, not begun, expired, withdrawn or declined, as of today."
    )
    asked_by: str
    asked_at: datetime
    is_approved: bool | None
    decided_by: str
    decided_at: datetime | None
    decision: str
    withdrawn_on: date | None
    withdrawn_by: str
    withdrawn_because: str
    version: int

    @staticmethod
    def of(row: Waiver, today: date) -> "WaiverOut":
        """Return a row as an answer."""
        own = {name: getattr(row, name) for name in WaiverOut.model_fields if name != "state"}
        return WaiverOut(**own, state=state_of_waiver(row, today))


class WaiverIn(Schema):
    """What is asked for: `content` has test, items, reason, first and last.

    It may have `compensating_control` and `compensating`; without `first` it counts from today.
    """

    content: dict[str, Any]


class WaiverChangeIn(WaiverIn):
    """As `WaiverIn`; `seen` is the version that it changes."""

    seen: int


class WaiverWanted(Schema):
    """Which waivers are listed: words of them, the beginning of a test's id, a state."""

    q: str = Field("", max_length=200)
    test: str = Field("", max_length=40)
    state: str = Field("", max_length=20)


class WaiverDecisionIn(Schema):
    """Whether it is approved, and what is said of it; a no needs a note."""

    seen: int
    is_approved: bool
    note: str = ""


class WaiverWithdrawalIn(Schema):
    """Why it ends today."""

    seen: int
    reason: str
