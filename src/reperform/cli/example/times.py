"""When the example's people did what was due: the days follow from the seed, or from the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reperform.base.months import add_months
from reperform.cli.example.proofs import picked

Told = Mapping[str, Any]
_SATURDAY, _DAY, _WEEK = 5, timedelta(days=1), timedelta(days=7)
_MONTHS = {"month": 1, "quarter": 3}
_MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Time:
    """One time that something was done, or could not be.

    Attributes:
        name: of the month, the quarter, the week's Monday, or the day.
        on: the day on which it was done; of what was not done, any day on which it was due.
        said: everything that the file says of it.
    """

    name: str
    on: date
    said: Told


def times(told: Told, code: str, control: Told) -> Iterator[Time]:
    """Yield the times of a control until the last day of the file; missed ones are left out.

    Args:
        told: the whole file.
        code: of the control.
        control: what the file says of it.
    """
    last = date.fromisoformat(told["last"])
    usual = {name: control[name] for name in ("note", "proof", "text", "link") if name in control}
    entered = {"entered": control["entered"]} if "entered" in control else {}
    for day in control.get("once", ()):
        yield Time(day, date.fromisoformat(day), usual | entered)
    for each in control.get("then", ()):
        yield Time(each["done_on"], date.fromisoformat(each["done_on"]), each)
    first = date.fromisoformat(control.get("first", told["first"]))
    for name, begins in _beginnings(control.get("each", ""), first, last):
        special = control.get("but", {}).get(name, {})
        if special == _MISSED:
            continue
        on = _on(told, f"{told['seed']} day {code} {name}", begins, control["days"])
        on = date.fromisoformat(special.get("done_on", on.isoformat()))
        if on <= last:
            yield Time(name, on, usual | special)


def _beginnings(each: str, first: date, last: date) -> Iterator[tuple[str, date]]:
    """Yield the name and the first day of each month, quarter or week that begins in time."""
    if not each:
        return
    day = first - timedelta(days=first.weekday()) if each == "week" else first.replace(day=1)
    if each == "quarter":
        day = day.replace(month=(day.month - 1) // 3 * 3 + 1)
    while day <= last:
        names = {"week": day.isoformat(), "month": f"{day:%Y-%m}"}
        yield names.get(each, f"{day.year}-Q{(day.month + 2) // 3}"), day
        day = day + _WEEK if each == "week" else add_months(day, _MONTHS[each])


def _on(told: Told, seed: str, begins: date, days: list[int]) -> date:
    """Return the first working day so many days after a beginning."""
    day = begins + timedelta(days=picked(seed, *days))
    while day.weekday() >= _SATURDAY or day.isoformat() in told["days_off"]:
        day += _DAY
    return day
