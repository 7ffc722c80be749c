"""The boundary diagram as SVG: for a page, whose style sheet colors it, or as a file of its own."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from reperform.base.visible import visible
from reperform.program.assets.picture import Band, Line, Picture, Place
from reperform.report.sheets import EXAMPLE

_SVG = "http://www.w3.org/2000/svg"
_LINE_LENGTH = 24
_STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif; }
text { fill: #16202b; }
.box { fill: #fff; stroke: #5b6b7b; }
.party { fill: #eef2f6; stroke: #5b6b7b; }
.band { fill: #f4f6f8; stroke: #c3ccd5; }
.undecided { stroke-dasharray: 4 3; }
.boundary { fill: none; stroke: #1d6fa5; stroke-width: 2; }
.soft { fill: #4d5c6b; font-size: 11px; }
.title { font-weight: 600; }
.line { fill: none; stroke: #4d5c6b; stroke-width: 1.4; }
.line.plain { stroke: #b3261e; stroke-width: 2; stroke-dasharray: 7 4; }
.line.unknown { stroke: #8a5a00; stroke-width: 2; stroke-dasharray: 2 4; }
.tip { fill: #4d5c6b; }
.tip.plain { fill: #b3261e; }
.tip.unknown { fill: #8a5a00; }
.label { fill: #fff; stroke: #c3ccd5; }
.said { font-size: 11px; }
@media (prefers-color-scheme: dark) {
  svg { background: #10171e; }
  text { fill: #e8edf2; }
  .box, .label { fill: #18222c; }
  .party { fill: #263340; }
  .band { fill: #141d26; stroke: #32404f; }
  .soft { fill: #a9b7c6; }
  .boundary { stroke: #7cc0ee; }
  .line { stroke: #a9b7c6; }
  .line.plain { stroke: #ff9aa2; }
  .line.unknown { stroke: #f0c674; }
  .tip { fill: #a9b7c6; }
  .tip.plain { fill: #ff9aa2; }
  .tip.unknown { fill: #f0c674; }
}
"""
_WAYS = {True: "sure", False: "plain", None: "unknown"}


def boundary_svg(picture: Picture, *, is_file: bool, is_example: bool) -> str:
    """Return the diagram as SVG, every text of the registers escaped.

    Args:
        picture: what is drawn, and where.
        is_file: with its own style for light and dark; a page has a style sheet for it.
        is_example: it is of an invented organization, and says so.
    """
    svg = Element(
        "svg",
        {
            "xmlns": _SVG,
            "viewBox": f"0 0 {picture.width} {picture.height}",
            "role": "img",
            "aria-labelledby": "boundary-title boundary-desc",
            "class": "boundary-picture",
        },
    )
    if is_file:
        svg.attrib |= {"width": str(picture.width), "height": str(picture.height)}
    name = picture.system or "the system, which has no name yet"
    example = f"{EXAMPLE}. " if is_example else ""
    _said(svg, "title", f"{example}Boundary and data flows of {name}", id="boundary-title")
    _said(svg, "desc", _described(picture), id="boundary-desc")
    if is_file:
        _said(svg, "style", _STYLE)
    _tips(svg)
    if picture.boundary:
        _frame(svg, picture.boundary, "boundary")
        at = picture.boundary.x + 12, picture.boundary.y + 20
        _text(svg, at, f"System: {name}", "title")
    for band in picture.bands:
        _frame(svg, band, "band" if band.is_inside else "band undecided")
        _text(svg, (band.x + 12, band.y + 20), band.title, "soft")
    for line in picture.lines:
        _line(svg, line)
    for place in picture.places:
        _box(svg, place)
    for line in picture.lines:
        _label(svg, line)
    if is_example and is_file:
        _text(svg, (12, picture.height - 6), EXAMPLE, "soft")
    return tostring(svg, encoding="unicode")


def _described(picture: Picture) -> str:
    assets = len(picture.places) - len(picture.parties)
    marked = len(picture.marked)
    return (
        f"{assets} assets, {len(picture.parties)} outside parties and {len(picture.lines)} data"
        f" flows, of which {marked} are not encrypted or not known to be. A table says the same."
    )


def _tips(svg: Element) -> None:
    defined = SubElement(svg, "defs")
    for way in _WAYS.values():
        tip = SubElement(
            defined,
            "marker",
            {
                "id": f"tip-{way}",
                "viewBox": "0 0 10 10",
                "refX": "9",
                "refY": "5",
                "markerWidth": "9",
                "markerHeight": "9",
                "markerUnits": "userSpaceOnUse",
                "orient": "auto",
            },
        )
        SubElement(tip, "path", {"d": "M0 1 L10 5 L0 9 z", "class": f"tip {way}"})


def _frame(svg: Element, band: Band, kind: str) -> None:
    place = {"x": band.x, "y": band.y, "width": band.width, "height": band.height, "rx": 8}
    SubElement(svg, "rect", {name: str(value) for name, value in place.items()} | {"class": kind})


def _box(svg: Element, place: Place) -> None:
    box = place.box
    group = SubElement(svg, "g")
    said = [box.label, box.kind, box.environment, box.classification]
    _said(group, "title", ", ".join(filter(None, said)))
    kind = "party" if box.is_party else "box"
    kind += " undecided" if box.in_boundary is None and not box.is_party else ""
    shape = {"x": place.x, "y": place.y, "width": place.width, "height": place.height}
    shape["rx"] = 18 if box.is_party else 4
    SubElement(group, "rect", {name: str(value) for name, value in shape.items()} | {"class": kind})
    lines = list(_wrapped(box.label))
    top = place.y + (22 if len(lines) == 1 else 18)
    middle = place.x + place.width // 2
    for number, line in enumerate(lines):
        _text(group, (middle, top + 15 * number), line, "name", middle=True)
    _text(group, (middle, place.y + 50), box.kind, "soft", middle=True)


def _wrapped(label: str) -> Iterator[str]:
    """Yield one or two lines that fit a box; what is cut off stays in its title."""
    words, line = label.split(), ""
    lines: list[str] = []
    for word in words:
        if line and len(line) + 1 + len(word) > _LINE_LENGTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    for number, each in enumerate(lines[:2]):
        cut = len(each) > _LINE_LENGTH or (number == 1 and len(lines) > 2)  # noqa: PLR2004 - lines
        yield f"{each[: _LINE_LENGTH - 1]}…" if cut else each


def _line(svg: Element, line: Line) -> None:
    way = _WAYS[line.arrow.encrypted]
    SubElement(
        svg, "path", {"d": line.path, "class": f"line {way}", "marker-end": f"url(#tip-{way})"}
    )


def _label(svg: Element, line: Line) -> None:
    arrow = line.arrow
    group = SubElement(svg, "g")
    known = {True: "encrypted", False: "not encrypted", None: "not known whether encrypted"}
    said = f"{arrow.number}: {arrow.data}, {arrow.protocol or 'protocol not said'}, "
    _said(group, "title", said + known[arrow.encrypted])
    shape = {"x": line.x - line.width // 2, "y": line.y - 9, "width": line.width, "height": 18}
    SubElement(group, "rect", {k: str(v) for k, v in shape.items()} | {"rx": "9", "class": "label"})
    _text(group, (line.x, line.y + 4), line.label, "said", middle=True)


def _text(
    parent: Element, at: tuple[int, int], said: str, kind: str, *, middle: bool = False
) -> None:
    place = {"x": str(at[0]), "y": str(at[1]), "class": kind}
    place |= {"text-anchor": "middle"} if middle else {}
    SubElement(parent, "text", place).text = visible(said)


def _said(parent: Element, tag: str, said: str, **more: str) -> None:
    SubElement(parent, tag, more).text = said if tag == "style" else visible(said)
