"""Where each box of the boundary diagram stands: columns by how far data has come, bands by place.

Pure and deterministic: the same boxes and arrows always stand in the same places.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

from reperform.program.assets import Environment

if TYPE_CHECKING:
    from reperform.program.assets.routing import Arrow

WIDTH, HEIGHT = 168, 58
"""Of a box, in pixels."""
_GAP_X, _GAP_Y = 96, 30
_MARGIN, _TITLE, _PAD = 20, 30, 16
_MOST_COLUMNS = 4
_LEAST_ROWS = 3
"""So many boxes may always stand in one column of a band."""
UNDECIDED, OUTSIDE = "Not decided whether in the boundary", "Outside the boundary"


@dataclass(frozen=True, slots=True)
class Box:
    """What is drawn as a box.

    Attributes:
        key: by which arrows name it.
        label: what it is called.
        kind: what it is.
        environment: where it is; empty while nobody decided.
        in_boundary: None while nobody decided.
        classification: of the data it holds; empty while nobody decided.
        is_party: it is an outside party, and no asset.
        is_right: it stands on the right.
    """

    key: str
    label: str
    kind: str = ""
    environment: str = ""
    in_boundary: bool | None = True
    classification: str = ""
    is_party: bool = False
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A box, and where it stands.  `column` is 0 for outside parties on the left."""

    box: Box
    x: int
    y: int
    column: int
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Band:
    """A frame with a title around boxes."""

    title: str
    x: int
    y: int
    width: int
    height: int
    is_inside: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """Boxes, frames, and the heights at which no box stands, so that lines may pass."""

    places: tuple[Place, ...]
    bands: tuple[Band, ...]
    boundary: Band | None
    channels: tuple[int, ...]


def place(boxes: Sequence[Box], parties: Sequence[Box], arrows: "Sequence[Arrow]") -> Placed:
    """Return where everything stands."""
    column_of, columns = _columns(boxes, parties, arrows)
    neighbors = _neighbors(arrows)
    left = 1 if any(not each.is_right for each in parties) else 0
    first_x = _MARGIN + left * (WIDTH + _GAP_X)
    places: dict[str, Place] = {}
    bands: list[Band] = []
    channels: list[int] = []
    y = _MARGIN + _TITLE
    width = columns * (WIDTH + _GAP_X) - _GAP_X + 2 * _PAD
    inside_until = 0
    for title, is_inside, of_band in _bands(boxes):
        rows = _rows(of_band, column_of, columns, neighbors, places)
        top = y + (0 if is_inside else _GAP_Y)
        for box, column, row in rows:
            places[box.key] = Place(
                box,
                first_x + _PAD + column * (WIDTH + _GAP_X),
                top + _TITLE + row * (HEIGHT + _GAP_Y),
                column + 1,
            )
        count = 1 + max(row for *_, row in rows)
        height = _TITLE + count * (HEIGHT + _GAP_Y) - _GAP_Y + _PAD
        channels += [top + _TITLE - 8 + each * (HEIGHT + _GAP_Y) for each in range(count + 1)]
        bands.append(Band(title, first_x, top, width, height, is_inside))
        y = top + height + _PAD
        inside_until = y if is_inside else inside_until
    for side, x, column in (
        (False, _MARGIN, 0),
        (True, first_x + (width + _GAP_X if boxes else 0), columns + 1),
    ):
        chosen = [each for each in parties if each.is_right is side]
        places |= _side(chosen, x, column, neighbors, places)
    boundary = None
    if inside_until:
        boundary = Band("", first_x - 8, _MARGIN, width + 16, inside_until - _MARGIN - 6)
    return Placed(tuple(places.values()), tuple(bands), boundary, tuple(channels))


def _neighbors(arrows: "Sequence[Arrow]") -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for arrow in arrows:
        found[arrow.source].append(arrow.target)
        found[arrow.target].append(arrow.source)
    return found


def _columns(
    boxes: Sequence[Box], parties: Sequence[Box], arrows: "Sequence[Arrow]"
) -> tuple[dict[str, int], int]:
    """Return the column of each box that data goes through, and how many columns there are."""
    keys = {each.key for each in boxes}
    follow: dict[str, list[str]] = defaultdict(list)
    for arrow in arrows:
        if arrow.target in keys:
            follow[arrow.source].append(arrow.target)
    found: dict[str, int] = {}
    begin = [target for each in parties if not each.is_right for target in follow[each.key]]
    ends = {arrow.target for arrow in arrows}
    begin += [each.key for each in boxes if follow[each.key] and each.key not in ends]
    begin += [each.key for each in boxes if each.key in ends or follow[each.key]]
    for start in begin:  # a later beginning reaches only what no earlier one did
        level = [start] if start not in found else []
        column = 0
        while level:
            found |= dict.fromkeys(level, min(column, _MOST_COLUMNS - 1))
            after = [target for key in level for target in follow[key] if target not in found]
            level, column = list(dict.fromkeys(after)), column + 1
    wanted = min(_MOST_COLUMNS, ceil(sqrt(len(boxes)))) if boxes else 0
    return found, max([wanted, *(column + 1 for column in found.values())])


def _bands(boxes: Sequence[Box]) -> list[tuple[str, bool, list[Box]]]:
    """Return title, whether it is inside the boundary, and the boxes of each band."""
    found = []
    for environment in Environment:
        chosen = [e for e in boxes if e.in_boundary and e.environment == environment.value]
        title = environment.value.capitalize() or "Environment not decided"
        found.append((title, True, chosen))
    found.append((UNDECIDED, False, [each for each in boxes if each.in_boundary is None]))
    found.append((OUTSIDE, False, [each for each in boxes if each.in_boundary is False]))
    return [each for each in found if each[2]]


def _rows(
    boxes: Sequence[Box],
    column_of: Mapping[str, int],
    columns: int,
    neighbors: Mapping[str, list[str]],
    places: Mapping[str, Place],
) -> list[tuple[Box, int, int]]:
    """Return each box of a band with its column and row: near what it is joined to."""
    filled: list[list[Box]] = [[] for _ in range(columns)]
    most = max(_LEAST_ROWS, 1 + ceil(len(boxes) / columns))
    for box in sorted(boxes, key=lambda each: each.key not in column_of):
        wanted = filled[column_of[box.key]] if box.key in column_of else min(filled, key=len)
        # A column that is full would make the diagram a tower: what is too much stands elsewhere.
        (wanted if len(wanted) < most else min(filled, key=len)).append(box)
    row_of: dict[str, float] = {}
    found = []
    for column, here in enumerate(filled):
        order = {each.key: number for number, each in enumerate(here)}

        def near(box: Box, order: Mapping[str, int] = order) -> tuple[float, int]:
            rows = [row_of[key] for key in neighbors.get(box.key, ()) if key in row_of]
            above = any(key in places for key in neighbors.get(box.key, ()))
            default = -1.0 if above else float(order[box.key])
            return (sum(rows) / len(rows) if rows else default, order[box.key])

        for row, box in enumerate(sorted(here, key=near)):
            row_of[box.key] = row
            found.append((box, column, row))
    return found


def _side(
    parties: Sequence[Box],
    x: int,
    column: int,
    neighbors: Mapping[str, list[str]],
    places: Mapping[str, Place],
) -> dict[str, Place]:
    """Return the outside parties of one side, each at the height of what it is joined to."""

    def height_of(box: Box) -> float:
        heights = [places[key].y for key in neighbors.get(box.key, ()) if key in places]
        return sum(heights) / len(heights) if heights else float("inf")

    found: dict[str, Place] = {}
    y = _MARGIN + 2 * _TITLE
    for box in sorted(parties, key=lambda each: (height_of(each), each.key)):
        wanted = height_of(box)
        y = max(y, int(wanted)) if wanted != float("inf") else y
        found[box.key] = Place(box, x, y, column)
        y += HEIGHT + _GAP_Y
    return found
