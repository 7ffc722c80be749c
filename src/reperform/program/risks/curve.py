"""The loss exceedance curve as a drawing: losses on a scale of powers of ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from reperform.program.risks.simulate import Exceedance

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 14, 44
_SHARES = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it is, and what stands beside it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A drawing.

    Attributes:
        points: of the line, as SVG takes them.
        losses: ticks from left to right.
        shares: ticks from the bottom up.
    """

    points: str
    losses: tuple[Tick, ...]
    shares: tuple[Tick, ...]


def curve_of(points: Sequence[Exceedance]) -> Curve | None:
    """Return the drawing; None when no year cost anything."""
    if not points:
        return None
    first = floor(log10(max(points[0].loss, 1)))
    last = max(first + 1, ceil(log10(max(points[-1].loss, 1))))

    def x(loss: int) -> float:
        part = (log10(max(loss, 1)) - first) / (last - first)
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)

    step = 1 + (last - first) // 8
    drawn = [(x(point.loss), _y(point.share)) for point in points]
    return Curve(
        " ".join(f"{across},{down}" for across, down in drawn),
        tuple(Tick(x(10**power), f"{10**power:,}") for power in range(first, last + 1, step)),
        tuple(Tick(_y(share / 100), f"{share} %") for share in _SHARES),
    )


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
