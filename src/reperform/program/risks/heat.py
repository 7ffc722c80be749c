"""The heat map: how many risks stand in each pair of levels, and where that is drawn.

Only judgments made with the scales that hold are in it.  What was judged with others, or by nobody,
is counted beside it: nothing is moved into a cell that nobody chose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reperform.program.risks.scales import Rating, Scales

CELL_WIDTH, CELL_HEIGHT = 108, 56
LEFT, TOP, BOTTOM = 120, 12, 48
"""Of the drawing, in pixels: room for the names of the levels."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One pair of levels, each counted from 1, with the risks in it and its left upper corner."""

    likelihood: int
    impact: int
    rating: Rating
    count: int
    x: int
    y: int

    @property
    def key(self) -> str:
        """Its name in the address of the list of its risks."""
        return f"{self.likelihood}-{self.impact}"

    @property
    def middle(self) -> int:
        """Where its texts are centered."""
        return self.x + CELL_WIDTH // 2


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One likelihood: its name, and a cell for each impact."""

    name: str
    cells: tuple[HeatCell, ...]

    @property
    def base(self) -> int:
        """Where its name stands."""
        return self.cells[0].y + CELL_HEIGHT // 2 + 4


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A map.

    Attributes:
        which: `inherent` or `residual`.
        rows: the most likely first.
        appetite: the line between what somebody must accept and what nobody must, as an SVG path.
    """

    which: str
    rows: tuple[HeatRow, ...]
    appetite: str

    @property
    def width(self) -> int:
        """Of the drawing."""
        return LEFT + CELL_WIDTH * len(self.rows[0].cells) + 12

    @property
    def height(self) -> int:
        """Of the drawing."""
        return TOP + CELL_HEIGHT * len(self.rows) + BOTTOM

    @property
    def filled(self) -> tuple[tuple[HeatRow, HeatCell], ...]:
        """The cells with risks in them, the most likely first, each with its row."""
        return tuple((row, cell) for row in self.rows for cell in row.cells if cell.count)


def heat_map(which: str, scales: Scales, counts: Mapping[tuple[int, int], int]) -> HeatMap:
    """Return a map.

    Args:
        which: `inherent` or `residual`.
        scales: those that hold.
        counts: risks by likelihood and impact on these scales.
    """
    rows = tuple(
        HeatRow(
            level.name,
            tuple(
                HeatCell(
                    likelihood=number,
                    impact=impact,
                    rating=scales.rating(number, impact),
                    count=counts.get((number, impact), 0),
                    x=LEFT + CELL_WIDTH * (impact - 1),
                    y=TOP + CELL_HEIGHT * (len(scales.likelihood) - number),
                )
                for impact in range(1, len(scales.impact) + 1)
            ),
        )
        for number, level in reversed(list(enumerate(scales.likelihood, start=1)))
    )
    return HeatMap(which, rows, " ".join(_appetite(rows, scales)))


def _appetite(rows: tuple[HeatRow, ...], scales: Scales) -> Iterator[str]:
    """Yield the pieces of the line: wherever a cell above the appetite meets one that is not."""
    cells = {(cell.likelihood, cell.impact): cell for row in rows for cell in row.cells}
    for (likelihood, impact), cell in cells.items():
        if not scales.exceeds_appetite(cell.rating):
            continue
        left, below = cells.get((likelihood, impact - 1)), cells.get((likelihood - 1, impact))
        if left and not scales.exceeds_appetite(left.rating):
            yield f"M{cell.x} {cell.y}v{CELL_HEIGHT}"
        if below and not scales.exceeds_appetite(below.rating):
            yield f"M{cell.x} {cell.y + CELL_HEIGHT}h{CELL_WIDTH}"
