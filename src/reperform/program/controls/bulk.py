"""Changing several controls at once: what is asked, what would change, what stands against it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from reperform.base.problem import Problem
from reperform.catalog.controls import FREQUENCIES
from reperform.program.controls.document import State
from reperform.program.controls.listing import ControlRow
from reperform.program.controls.reading import read_day, read_reason

MOST_ROWS = 500

ACTS: Mapping[str, str] = MappingProxyType(
    {
        "adopt": "Adopt",
        "owner": "Set the owner",
        "frequency": "Set the frequency",
        "implemented": "Set the day of implementation",
        "retire": "Retire",
    }
)
"""What can be done to several, by name."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked; the owner, who is a member, is looked up apart.

    Attributes:
        act: one of `ACTS`.
        frequency: for `frequency`.
        implemented_on: for `implemented` and `adopt`; None takes the day back.
        on: for `retire`.
        reason: for `retire`.
    """

    act: str
    frequency: str = ""
    implemented_on: date | None = None
    on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One control of those chosen.

    Attributes:
        code: as it was chosen.
        version: as it was seen.
        row: the control as it is; None when there is none.
        before: what it says now of what is asked.
        after: what it would say.
        obstacle: why it would stay as it is; empty when it would not.
    """

    code: str
    version: int
    row: ControlRow | None
    before: str
    after: str
    obstacle: str


def read_order(sent: Mapping[str, Any], *, today: date) -> tuple[Order, list[Problem]]:
    """Return what a form or a program asks, and every problem with it."""
    problems: list[Problem] = []
    act = sent.get("act")
    if not isinstance(act, str) or act not in ACTS:
        todo = f"choose: {', '.join(ACTS)}"
        return Order(""), [Problem("act", "is not chosen", todo, "control-field")]
    frequency, reason, on = "", "", None
    day = None
    if act in ("adopt", "implemented"):
        day = read_day(
            _text_of(sent.get("implemented_on")),
            field="implemented_on",
            today=today,
            problems=problems,
        )
    if act == "frequency":
        frequency = str(sent.get("frequency") or "")
        if frequency not in FREQUENCIES:
            todo = f"choose: {', '.join(FREQUENCIES)}"
            problems.append(Problem("frequency", "is not chosen", todo, "control-field"))
    if act == "retire":
        on = read_day(_text_of(sent.get("on")), field="on", today=today, problems=problems)
        if on is None and not problems:
            what, todo = "is not named", "name the first day that they are no more"
            problems.append(Problem("on", what, todo, "control-field"))
        reason = read_reason(sent.get("reason"), problems=problems)
    return Order(act, frequency, day, on, reason), problems


def _text_of(day: object) -> object:
    """Return a day as text: programs send it read already."""
    return day.isoformat() if isinstance(day, date) else day


def read_selection(values: Sequence[str]) -> tuple[list[tuple[str, int]], list[Problem]]:
    """Return codes with the versions seen, from `CODE:version`, each code once."""
    found: dict[str, int] = {}
    for value in values:
        code, _, version = value.rpartition(":")
        is_number = version.isascii() and version.isdecimal() and len(version) < 9  # noqa: PLR2004 - a version
        if code and is_number:
            found[code[:40]] = int(version)
    if not found:
        todo = "mark the controls in the list, or choose all that match"
        return [], [Problem("rows", "no control is chosen", todo, "control-field")]
    if len(found) > MOST_ROWS:
        what, todo = f"{len(found)} controls are chosen", f"choose at most {MOST_ROWS}"
        return [], [Problem("rows", what, todo, "control-field")]
    return list(found.items()), []


def plan(
    order: Order,
    selected: Sequence[tuple[str, int]],
    rows: Sequence[ControlRow],
    *,
    owner: str,
) -> list[Line]:
    """Return what would become of each control that was chosen.

    Args:
        order: what is asked.
        selected: codes with the versions seen; 0 for one that is only proposed.
        rows: every control as it is.
        owner: the owner's name; empty for nobody.
    """
    proposed = {row.code: row for row in rows if row.state is State.PROPOSED}
    stated = {row.code: row for row in rows if row.stated}
    return [
        _line(order, code, version, proposed.get(code) if version == 0 else stated.get(code), owner)
        for code, version in selected
    ]


def _line(order: Order, code: str, version: int, row: ControlRow | None, owner: str) -> Line:
    if row is None:
        reason = "there is no such"
        if version == 0:
            reason = (
                "somebody adopted it in the meantime, and two active controls cannot come from the "
                "same library control"
            )
        return Line(code, version, None, "", "", reason)
    before, after = _change(order, row, owner)
    return Line(code, version, row, before, after, _obstacle(order, row, version, before == after))


def _change(order: Order, row: ControlRow, owner: str) -> tuple[str, str]:
    who = owner or "nobody"
    match order.act:
        case "owner":
            return row.owner or "nobody", who
        case "frequency":
            return row.document.frequency, order.frequency
        case "implemented":
            return str(row.implemented_on or "no day"), str(order.implemented_on or "no day")
        case "retire":
            return row.state.value, f"retired on {order.on}"
        case _:
            since = f", implemented on {order.implemented_on}" if order.implemented_on else ""
            return row.state.value, f"adopted, owned by {who}{since}"


def _obstacle(order: Order, row: ControlRow, version: int, is_same: bool) -> str:  # noqa: FBT001 - an answer
    wanted = State.PROPOSED if order.act == "adopt" else State.ADOPTED
    if row.state is not wanted:
        return f"it is {row.state.value}"
    if row.version != version:
        by = row.stated.changed_by if row.stated else ""
        return f"it is at version {row.version} by {by}, you saw {version}"
    return "it says so already" if is_same else ""


def changeable(lines: Collection[Line]) -> list[Line]:
    """Return the lines that would change something."""
    return [line for line in lines if not line.obstacle]
