"""What became of each time that a control was due.  Never two-valued.

Which window an entry fills follows from the day on which the thing was done, by the rule that the
tests of controls follow too: `base.occurrences.fill`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from reperform.base.occurrences import Occurrence, fill
from reperform.base.period import Period
from reperform.program.calendar import Slot
from reperform.program.calendar.entries import Entry, EntryKind


class WindowState(StrEnum):
    """What became of one time; the gravest first."""

    MISSED = "missed"
    OVERDUE = "overdue"
    """Not done yet, and the next time is not over: it can still be done, late."""
    DONE_LATE = "done late"
    DUE = "due"
    """Its window is open, and it is not done yet."""
    DONE = "done"
    TO_COME = "to come"
    NOT_EXPECTED = "not expected"
    """Paused, for a reason."""


DEVIATIONS = (WindowState.MISSED, WindowState.OVERDUE, WindowState.DONE_LATE)
"""What an auditor would call a deviation, as it stands."""
OPEN = (WindowState.OVERDUE, WindowState.DUE)
"""What somebody still has to do."""


@dataclass(frozen=True, slots=True)
class Window:
    """One time that a control was due.

    Attributes:
        slot: when, and who does it.
        state: see `WindowState`.
        entry: what was said of it; None for nothing.
        why: why nothing is expected, or why it was not done; empty for nothing said.
    """

    slot: Slot
    state: WindowState
    entry: Entry | None = None
    why: str = ""

    @property
    def days_late(self) -> int:
        """How many days after the due day it was done; 0 when it was not late, or not done."""
        is_late = self.state is WindowState.DONE_LATE and self.entry is not None
        return (self.entry.on - self.slot.due_on).days if is_late and self.entry else 0


@dataclass(frozen=True, slots=True)
class Spare:
    """An entry that fills no window, and why."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True)
class Year:
    """Every time that a control was due, in order, and the entries that fill none."""

    windows: tuple[Window, ...]
    spare: tuple[Spare, ...]


def year_of(slots: Sequence[Slot], entries: Sequence[Entry], *, today: date) -> Year:
    """Return what became of each slot.

    Args:
        slots: in order and apart from each other, see `expected`.
        entries: those that stand, in any order.
        today: what is after it is still to come.
    """
    active = [slot for slot in slots if not slot.paused]
    done = sorted(
        (each for each in entries if each.kind is EntryKind.DONE), key=lambda e: (e.on, e.number)
    )
    refused = [each for each in entries if each.kind is EntryKind.NOT_DONE]
    asked = [Occurrence(0, slot.first_on, slot.due_on) for slot in active]
    filled, left = fill(asked, [each.on for each in done], today=today)
    found = {
        slot.due_on: _window(
            slot,
            done[place] if place is not None else _refusal(slot, refused),
            ends=_ends(active, number),
            today=today,
        )
        for number, (slot, place) in enumerate(zip(active, filled, strict=True))
    }
    return Year(
        windows=tuple(
            found.get(slot.due_on) or Window(slot, WindowState.NOT_EXPECTED, why=slot.paused)
            for slot in slots
        ),
        spare=tuple(Spare(done[place], _spare(done[place], active)) for place in left),
    )


def in_period(year: Year, period: Period) -> Year:
    """Return the year without entries of other days that fill none of its times.

    What was done after the period and fills no time of it is that of the next one.
    """
    return replace(year, spare=tuple(each for each in year.spare if each.entry.on in period))


def _refusal(slot: Slot, refused: Sequence[Entry]) -> Entry | None:
    within = (each for each in refused if slot.first_on <= each.on <= slot.due_on)
    return next(within, None)


def _ends(active: Sequence[Slot], number: int) -> date:
    """Return the last day on which a slot can still be filled, late."""
    if number + 1 < len(active):
        return active[number + 1].due_on
    slot = active[number]
    return slot.due_on + (slot.due_on - slot.first_on) + timedelta(days=1)


def _window(slot: Slot, entry: Entry | None, *, ends: date, today: date) -> Window:
    in_time = slot.due_on + timedelta(days=slot.grace_days)
    if entry is not None and entry.kind is EntryKind.DONE:
        state = WindowState.DONE if entry.on <= in_time else WindowState.DONE_LATE
        return Window(slot, state, entry)
    if entry is not None:
        return Window(slot, WindowState.MISSED, entry, why=entry.note)
    if today < slot.first_on:
        return Window(slot, WindowState.TO_COME)
    if today <= in_time:
        return Window(slot, WindowState.DUE)
    return Window(slot, WindowState.OVERDUE if today <= ends else WindowState.MISSED)


def _spare(entry: Entry, active: Sequence[Slot]) -> str:
    within = any(slot.first_on <= entry.on <= slot.due_on for slot in active)
    if within:
        return "it was done once in this window already, and an early second time fills no other"
    return "nothing was due on this day"
