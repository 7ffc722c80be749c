"""A waiver that was granted: what an examination is told of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

_DAYS = ("first", "last", "asked_on", "approved_on")


@dataclass(frozen=True, slots=True)
class Granted:
    """One waiver that somebody approved, whether or not it still counts.

    Attributes:
        number: as in `WVR-3`.
        test: id of the test.
        test_sha256: of the test's file when it was asked for.
        items: that are waived; none for every item of the test.
        reason: why.
        compensating_control: code of the control that makes up for it; empty for none.
        compensating: how; empty for nothing.
        first: first day on which it counts.
        last: last day, as it was approved.
        asked_by: who asked.
        asked_on: the day, in UTC.
        approved_by: who approved it, somebody else.
        approved_on: the day, in UTC.
        withdrawn_on: the last day of one that was withdrawn; None while it was not.
        withdrawn_by: who withdrew it; empty for nobody.
        withdrawn_because: why.
    """

    number: int
    test: str
    test_sha256: str
    items: tuple[str, ...]
    reason: str
    compensating_control: str
    compensating: str
    first: date
    last: date
    asked_by: str
    asked_on: date
    approved_by: str
    approved_on: date
    withdrawn_on: date | None = None
    withdrawn_by: str = ""
    withdrawn_because: str = ""

    @property
    def end(self) -> date:
        """The last day on which it counts."""
        return min(self.last, self.withdrawn_on) if self.withdrawn_on else self.last

    def names(self, item: str) -> bool:
        """Return whether it is of an item of its test."""
        return not self.items or item in self.items

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        days = {name: getattr(self, name).isoformat() for name in _DAYS}
        withdrawn = self.withdrawn_on.isoformat() if self.withdrawn_on else None
        return asdict(self) | days | {"items": list(self.items), "withdrawn_on": withdrawn}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Granted":
        """Return what `as_record` made.

        Raises:
            KeyError, TypeError, ValueError: it is not one.
        """
        days = {name: date.fromisoformat(record[name]) for name in _DAYS}
        withdrawn = record["withdrawn_on"]
        return cls(
            **{
                **record,
                **days,
                "items": tuple(record["items"]),
                "withdrawn_on": date.fromisoformat(withdrawn) if withdrawn else None,
            }
        )
