"""How each flow of the boundary diagram is drawn: its way around boxes, and where its label is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reperform.program.assets.placing import Place

_BEND = 44
_SAMPLES = 20
_LABEL_HEIGHT = 16
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
"""Where along a line its label may be, best first."""
FEW = 24
"""Flows of a diagram whose labels also say the protocol."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A flow.

    Attributes:
        number: by which people name it.
        source: key of the box that it comes from.
        target: key of the box that it goes to.
        data: which data.
        protocol: as in `HTTPS`; empty while nobody said.
        encrypted: on its way; None while nobody knows.
        classification: of the data; empty while nobody decided.
    """

    number: int
    source: str
    target: str
    data: str = ""
    protocol: str = ""
    encrypted: bool | None = None
    classification: str = ""

    @property
    def mark(self) -> str:
        """What shows without color: `!` is not encrypted, `?` is not known."""
        return {True: "", False: " !", None: " ?"}[self.encrypted]


@dataclass(frozen=True, slots=True)
class Line:
    """A flow as it is drawn.

    Attributes:
        arrow: the flow.
        path: its way, as the `d` of an SVG path; it ends at the box that it goes to.
        label: its number, the protocol where there is room, and its mark.
        x: middle of the label.
        y: as `x`.
        width: of the label.
        right: how far the line reaches to the right.
        bottom: how far it reaches down.
    """

    arrow: Arrow
    path: str
    label: str
    x: int
    y: int
    width: int
    right: int
    bottom: int


def route(
    places: Sequence[Place], arrows: Sequence[Arrow], channels: Sequence[int]
) -> tuple[Line, ...]:
    """Return the line of each flow whose both ends are drawn.

    Args:
        places: what stands where.
        arrows: the flows.
        channels: heights at which no box stands.
    """
    by_key = {each.box.key: each for each in places}
    drawn = [each for each in arrows if each.source in by_key and each.target in by_key]
    ports = _ports(drawn, by_key)
    taken: list[tuple[float, float, float]] = []
    lines = []
    for arrow in drawn:
        curves = _way(
            by_key[arrow.source], by_key[arrow.target], ports[arrow.number], places, channels
        )
        label = f"{arrow.number}{arrow.mark}"
        if len(drawn) <= FEW and arrow.protocol:
            label = f"{arrow.number} {arrow.protocol[:14]}{arrow.mark}"
        width = 12 + round(6.4 * len(label))
        x, y = _label_at(curves, width, taken, places)
        taken.append((x, y, width))
        points = list(_points(curves))
        lines.append(
            Line(
                arrow,
                _path(curves),
                label,
                round(x),
                round(y),
                width,
                right=round(max(*(px for px, _ in points), x + width / 2)),
                bottom=round(max(py for _, py in points)),
            )
        )
    return tuple(lines)


def _sides(source: Place, target: Place) -> tuple[int, int]:
    """Return on which side a line leaves and arrives: 1 is right, -1 is left."""
    if source.column == target.column:
        return 1, 1
    return (1, -1) if source.column < target.column else (-1, 1)


def _ports(arrows: Sequence[Arrow], by_key: Mapping[str, Place]) -> dict[int, tuple[Point, Point]]:
    """Return where each line leaves and arrives: lines of one side share it evenly."""
    ends: dict[tuple[str, int], list[tuple[float, int, int]]] = defaultdict(list)
    for arrow in arrows:
        source, target = by_key[arrow.source], by_key[arrow.target]
        leaves, arrives = _sides(source, target)
        ends[arrow.source, leaves].append((target.y, arrow.number, 0))
        ends[arrow.target, arrives].append((source.y, arrow.number, 1))
    found: dict[tuple[int, int], Point] = {}
    for (key, side), lines in ends.items():
        box = by_key[key]
        x = box.x + (box.width if side == 1 else 0)
        for at, (_, number, end) in enumerate(sorted(lines), start=1):
            found[number, end] = (x, box.y + box.height * at / (len(lines) + 1))
    return {each.number: (found[each.number, 0], found[each.number, 1]) for each in arrows}


Curve = tuple[Point, Point, Point, Point]


def _way(
    source: Place,
    target: Place,
    ends: tuple[Point, Point],
    places: Sequence[Place],
    channels: Sequence[int],
) -> list[Curve]:
    (x1, y1), (x2, y2) = ends
    leaves, arrives = _sides(source, target)
    bend = _BEND if source.column != target.column else _BEND + abs(y2 - y1) * 0.08
    straight: list[Curve] = [
        ((x1, y1), (x1 + leaves * bend, y1), (x2 + arrives * bend, y2), (x2, y2))
    ]
    if abs(source.column - target.column) <= 1:
        return straight
    others = [each for each in places if each not in (source, target)]
    if not _crosses(straight, others):
        return straight
    middle = (y1 + y2) / 2
    for height in sorted(channels, key=lambda each: (abs(each - middle), each)):
        a, b = x1 + leaves * 1.6 * _BEND, x2 + arrives * 1.6 * _BEND
        around: list[Curve] = [
            ((x1, y1), (x1 + leaves * _BEND, y1), (a - leaves * _BEND, height), (a, height)),
            ((a, height), (a, height), (b, height), (b, height)),
            ((b, height), (b - arrives * _BEND, height), (x2 + arrives * _BEND, y2), (x2, y2)),
        ]
        if not _crosses(around, others):
            return around
    return straight


def _crosses(curves: Sequence[Curve], places: Sequence[Place]) -> bool:
    return any(
        each.x - 2 < x < each.x + each.width + 2 and each.y - 2 < y < each.y + each.height + 2
        for x, y in _points(curves)
        for each in places
    )


def _points(curves: Sequence[Curve]) -> Iterator[Point]:
    for curve in curves:
        for step in range(_SAMPLES + 1):
            yield _at(curve, step / _SAMPLES)


def _at(curve: Curve, t: float) -> Point:
    """Return a point of a cubic Bézier curve."""
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    return (
        sum(w * x for w, (x, _) in zip(weights, curve, strict=True)),
        sum(w * y for w, (_, y) in zip(weights, curve, strict=True)),
    )


def _label_at(
    curves: Sequence[Curve],
    width: int,
    taken: Sequence[tuple[float, float, float]],
    places: Sequence[Place],
) -> Point:
    """Return the middle of a label: on the line, over no box, and over no other label if any."""
    chosen = curves[len(curves) // 2]
    free = [_at(curve, t) for curve in (chosen, *curves) for t in _ALONG]
    for x, y in free:
        clear = all(
            abs(x - tx) > (width + tw) / 2 + 2 or abs(y - ty) > _LABEL_HEIGHT + 2
            for tx, ty, tw in taken
        )
        half = width / 2
        covers = any(
            each.x - half < x < each.x + each.width + half
            and each.y - _LABEL_HEIGHT / 2 < y < each.y + each.height + _LABEL_HEIGHT / 2
            for each in places
        )
        if clear and not covers:
            return x, y
    return free[0]


def _path(curves: Sequence[Curve]) -> str:
    """Return the way as the `d` of an SVG path, in whole pixels."""
    said = [f"M{curves[0][0][0]:.0f} {curves[0][0][1]:.0f}"]
    for _, *points in curves:
        said.append("C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in points))
    return " ".join(said)
