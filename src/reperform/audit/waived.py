"""Which deviations management accepted, until when, and whether before or after they happened.

Nothing here changes an outcome.  A waiver that is over, does not count yet, or was given for
another text of the test is said to be that beside each deviation that it names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reperform.base.period import Period
from reperform.program.waivers.granted import Granted
from reperform.testing.outcome import Item, Outcome
from reperform.testing.runner import ProcedureRun


class Standing(StrEnum):
    """How a waiver stands to one deviation that it names."""

    WAIVED = "waived"
    IN_PART = "waived for some days"
    EXPIRED = "expired"
    NOT_YET = "not yet in force"
    OTHER_TEST = "given for another text of the test"


@dataclass(frozen=True, slots=True)
class WaivedItem:
    """One deviation, and what a waiver says of it.

    Attributes:
        item: as the test names it.
        standing: whether it is waived.
        is_afterwards: the waiver was approved after the deviation happened; None when the item has
            no time, so that nobody can say.
        said: in a sentence without its full stop.
    """

    item: str
    standing: Standing
    is_afterwards: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """One waiver, and the deviations of the examination that it names.

    Attributes:
        waiver: as it was approved.
        is_run: its test was run.
        deviations: that it names, in the order of the test; none when none of its items deviates.
    """

    waiver: Granted
    is_run: bool
    deviations: tuple[WaivedItem, ...]

    @property
    def count(self) -> int:
        """How many deviations it waives, in part or as a whole."""
        counts = (Standing.WAIVED, Standing.IN_PART)
        return sum(each.standing in counts for each in self.deviations)

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return self.waiver.as_record() | {
            "is_run": self.is_run,
            "deviations": [
                {
                    "item": each.item,
                    "standing": each.standing.value,
                    "is_afterwards": each.is_afterwards,
                    "said": each.said,
                }
                for each in self.deviations
            ],
        }


def waived(
    waivers: Iterable[Granted], runs: Mapping[str, ProcedureRun], period: Period
) -> tuple[WaiverUse, ...]:
    """Return what each waiver says of the deviations of an examination, by number.

    Args:
        waivers: every one that was approved.
        runs: by the test's id.
        period: the days under examination.
    """
    found = []
    for waiver in sorted(waivers, key=lambda each: each.number):
        run = runs.get(waiver.test)
        deviations = [
            _item(waiver, run, each, period)
            for each in (run.exceptions if run else ())
            if each.outcome is Outcome.DEVIATION and waiver.names(each.item)
        ]
        found.append(WaiverUse(waiver, run is not None, tuple(deviations)))
    return tuple(found)


def _item(waiver: Granted, run: ProcedureRun | None, item: Item, period: Period) -> WaivedItem:
    day = item.occurred_at.date() if item.occurred_at else None
    days = Period(day, day) if day else period
    is_same = run is not None and run.procedure.sha256 == waiver.test_sha256
    standing = _standing(waiver, days) if is_same else Standing.OTHER_TEST
    is_afterwards = _is_afterwards(waiver, days, is_dated=day is not None)
    said = _said(waiver, standing, days, is_afterwards=is_afterwards)
    return WaivedItem(item.item, standing, is_afterwards, said)


def _standing(waiver: Granted, days: Period) -> Standing:
    if waiver.end < days.first:
        return Standing.EXPIRED
    if waiver.first > days.last:
        return Standing.NOT_YET
    if waiver.first <= days.first and days.last <= waiver.end:
        return Standing.WAIVED
    return Standing.IN_PART


def _is_afterwards(waiver: Granted, days: Period, *, is_dated: bool) -> bool | None:
    """Return whether it was approved later; of an item without a time, only what is certain."""
    if is_dated or waiver.approved_on > days.last:
        return waiver.approved_on > days.last
    return False if waiver.approved_on < days.first else None


def _said(waiver: Granted, standing: Standing, days: Period, *, is_afterwards: bool | None) -> str:
    name = f"WVR-{waiver.number} of {waiver.approved_by}"
    if standing is Standing.EXPIRED:
        return f"not waived: {name} expired on {waiver.end}"
    if standing is Standing.NOT_YET:
        return f"not waived: {name} counts from {waiver.first} only"
    if standing is Standing.OTHER_TEST:
        return f"not waived: {name} was given for another text of this test"
    until = f"until {waiver.end}"
    if standing is Standing.IN_PART:
        first, last = max(waiver.first, days.first), min(waiver.end, days.last)
        until = f"from {first} until {last} only, of {days},"
    parts = [f"waived by {waiver.approved_by} {until} because {_short(waiver.reason)}"]
    if waiver.withdrawn_on:
        parts.append(f"{waiver.withdrawn_by} withdrew it: {_short(waiver.withdrawn_because)}")
    made_up = [each for each in (waiver.compensating_control, _short(waiver.compensating)) if each]
    parts.append(f"made up for by {': '.join(made_up)}" if made_up else "nothing makes up for it")
    if is_afterwards:
        parts.append(f"given on {waiver.approved_on}, after the deviation happened")
    elif is_afterwards is None:
        parts.append(
            f"given on {waiver.approved_on}, and the item has no time: whether the deviation came "
            "first cannot be said"
        )
    return "; ".join(parts)


def _short(text: str) -> str:
    """Return a text on one line, without its last full stop."""
    return " ".join(text.split()).rstrip(".")


def said_of(uses: Iterable[WaiverUse], test: str) -> dict[str, list[str]]:
    """Return what waivers say of the deviations of one test: item -> sentences."""
    found: dict[str, list[str]] = {}
    for use in uses:
        if use.waiver.test == test:
            for each in use.deviations:
                found.setdefault(each.item, []).append(each.said)
    return found


def waived_count(uses: Iterable[WaiverUse], test: str) -> int:
    """Return how many deviations of one test are waived by any waiver."""
    counts = (Standing.WAIVED, Standing.IN_PART)
    return len(
        {
            each.item
            for use in uses
            if use.waiver.test == test
            for each in use.deviations
            if each.standing in counts
        }
    )


def waivers_json(waivers: Iterable[Granted]) -> dict[str, Any]:
    """Return the waivers that an examination is told of, as JSON values, by number."""
    ordered = sorted(waivers, key=lambda each: each.number)
    return {"waivers": [each.as_record() for each in ordered]}
