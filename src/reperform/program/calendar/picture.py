"""The calendar as a picture: a cell for each control and month, or for each window of a year.

Pure geometry, in the units of the SVG's view box.  A state is a color and a mark, so that a color
never stands alone; the pages say the same as a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from reperform.base.period import Period
from reperform.program.calendar.standing import Month, Standing, months_of
from reperform.program.calendar.year import Window, WindowState

LEFT = 96
HEAD = 22
ROW = 22
GAP = 2
WIDTH = 820
STRIP = 26
MARKS: Mapping[WindowState, str] = MappingProxyType(
    {
        WindowState.MISSED: "×",  # noqa: RUF001 - the sign, not the letter
        WindowState.OVERDUE: "!",
        WindowState.DONE_LATE: "~",
        WindowState.DUE: "•",
    }
)
"""What stands in a cell that somebody has to look at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle with its state, and what it says in words."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    mark: str
    said: str

    @property
    def middle(self) -> float:
        """Where its mark stands, across."""
        return round(self.x + self.width / 2, 1)

    @property
    def base(self) -> float:
        """Where its mark stands, down."""
        return round(self.y + self.height / 2 + 4, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A text."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Cells and texts, and the height that they take."""

    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    height: int


def _kind(state: WindowState | None) -> str:
    return state.value.replace(" ", "-") if state else "nothing"


def heat_map(standings: Sequence[tuple[str, Standing]], period: Period) -> Picture:
    """Return a row for each control, a column for each month of the period.

    Args:
        standings: code and standing, in the order of the rows.
        period: see `standing_of`.
    """
    months = list(months_of(period))
    width = (WIDTH - LEFT) / len(months)
    marks = [
        Mark(round(LEFT + place * width + width / 2, 1), 14, f"{month:%b}" if width > 26 else "")  # noqa: PLR2004 - as wide as a name is
        for place, month in enumerate(months)
    ]
    cells = []
    for row, (code, standing) in enumerate(standings):
        y = HEAD + row * ROW
        marks.append(Mark(LEFT - 8, y + ROW / 2 + 3, code))
        cells += [
            _month_cell(code, month, LEFT + place * width, y, width)
            for place, month in enumerate(standing.months)
            if month.state is not None
        ]
    return Picture(tuple(cells), tuple(marks), HEAD + ROW * len(standings))


def _month_cell(code: str, month: Month, x: float, y: float, width: float) -> Cell:
    state = month.state
    return Cell(
        round(x + GAP / 2, 1),
        y + GAP / 2,
        round(width - GAP, 1),
        ROW - GAP,
        _kind(state),
        MARKS.get(state, "") if state else "",
        f"{code}, {month.first:%B %Y}: {month.said}",
    )


def strip(windows: Sequence[Window], period: Period) -> Picture:
    """Return one control's year: each window at its days, from the first to the due day."""
    scale = WIDTH / len(period)
    cells = []
    for each in windows:
        first = max(each.slot.first_on, period.first)
        days = (each.slot.due_on - first).days + 1
        width = max(days * scale - GAP / 2, 1)
        cells.append(
            Cell(
                round((first - period.first).days * scale, 1),
                HEAD,
                round(width, 1),
                STRIP,
                _kind(each.state),
                MARKS.get(each.state, "") if width > 10 else "",  # noqa: PLR2004 - as wide as a mark is
                f"due {each.slot.due_on}: {each.state.value}",
            )
        )
    marks = [
        Mark(round(max(0, (month - period.first).days) * scale, 1), 14, f"{month:%b}")
        for month in months_of(period)
        if (period.last - max(month, period.first)) > timedelta(days=13)
        and (month >= period.first or month + timedelta(days=17) > period.first)
    ]
    return Picture(tuple(cells), tuple(marks), HEAD + STRIP)
