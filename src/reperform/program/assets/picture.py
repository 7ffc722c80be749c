"""The diagram of the system's boundary: what is drawn, and where.

The layout is computed, and the same for the same registers: outside parties on the left, what only
receives and subservice organizations on the right, between them the assets in columns by how far
data has come, and in a band for each environment.  `report.boundary` draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reperform.program.assets.placing import Band, Box, Place, place
from reperform.program.assets.routing import Arrow, Line, route

__all__ = ["Arrow", "Band", "Box", "Line", "Picture", "Place", "picture_of"]

_MARGIN = 20


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram.

    Attributes:
        system: name of the system; empty while nobody named it.
        boundary: where its frame is; None when no asset is in it.
        bands: groups of assets, each with its title.
        places: what stands where.
        lines: the flows, each with its way.
        width: of the whole, in pixels.
        height: of the whole.
        left_out: assets that are not drawn because there are too many.
    """

    system: str
    boundary: Band | None
    bands: tuple[Band, ...]
    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    left_out: int = 0

    @property
    def parties(self) -> tuple[Place, ...]:
        """Outside parties."""
        return tuple(each for each in self.places if each.box.is_party)

    @property
    def marked(self) -> tuple[Line, ...]:
        """Flows that are not encrypted, or of which nobody knows."""
        return tuple(each for each in self.lines if each.arrow.encrypted is not True)


def picture_of(
    *,
    system: str,
    boxes: Sequence[Box],
    arrows: Sequence[Arrow],
    subservices: Sequence[str] = (),
    left_out: int = 0,
) -> Picture:
    """Return the diagram.

    Args:
        system: name of the system.
        boxes: the assets, each with its own key.
        arrows: the flows; an end that is no key of a box is an outside party.
        subservices: outside parties whose controls are needed; drawn without a flow too.
        left_out: assets that are not drawn.
    """
    parties = _parties(boxes, arrows, subservices)
    placed = place(boxes, parties, arrows)
    lines = route(placed.places, arrows, placed.channels)
    ends = [(each.x + each.width, each.y + each.height) for each in placed.places]
    ends += [(each.x + each.width, each.y + each.height) for each in placed.bands]
    ends += [(line.right, line.bottom) for line in lines]
    return Picture(
        system=system,
        boundary=placed.boundary,
        bands=placed.bands,
        places=placed.places,
        lines=lines,
        width=_MARGIN + max((x for x, _ in ends), default=300),
        height=_MARGIN + max((y for _, y in ends), default=60),
        left_out=left_out,
    )


def _parties(
    boxes: Sequence[Box], arrows: Sequence[Arrow], subservices: Sequence[str]
) -> list[Box]:
    keys = {each.key for each in boxes}
    named = [end for arrow in arrows for end in (arrow.source, arrow.target) if end not in keys]
    sources = {arrow.source for arrow in arrows}
    known = set(subservices)
    return [
        Box(
            key=name,
            label=name,
            kind="subservice organization" if name in known else "outside party",
            is_party=True,
            is_right=name in known or name not in sources,
        )
        for name in sorted({*named, *subservices})
    ]
