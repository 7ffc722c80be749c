"""Stacked bars as inline SVG, each count also written beside its bar."""

from xml.etree import ElementTree as ET

from reperform.report.document import Bars
from reperform.report.text import Tone

_WIDTH = 600
_HEIGHT = 18

_FILLS = {
    Tone.PLAIN: "#17375e",
    Tone.GOOD: "#2f7d4f",
    Tone.UNSURE: "#e0a93b",
    Tone.BAD: "#9b1c1c",
    Tone.MUTED: "#c4cad3",
    Tone.LOCKED: "#c4cad3",
}
"""As attributes and not as backgrounds: browsers print those only when asked."""


def draw_bars(parent: ET.Element, bars: Bars) -> None:
    """Add the bars as a figure; the counts are text, so nothing hangs on the picture."""
    figure = ET.SubElement(parent, "figure", {"class": "bars"})
    ET.SubElement(figure, "figcaption").text = bars.caption
    legend = ET.SubElement(figure, "p", {"class": "legend"})
    for segment in bars.segments:
        key = ET.SubElement(legend, "span", {"class": "key"})
        _swatch(key, segment.tone)
        ET.SubElement(key, "span").text = segment.name
    most = max([1, *(sum(counts) for _, counts in bars.rows)])
    rows = ET.SubElement(figure, "dl", {"class": "bar-rows"})
    for name, counts in bars.rows:
        row = ET.SubElement(rows, "div")
        ET.SubElement(row, "dt").text = name
        cell = ET.SubElement(row, "dd")
        _bar(cell, bars, counts, most)
        told = ET.SubElement(cell, "span", {"class": "bar-told"})
        told.text = ", ".join(
            f"{count} {segment.name}"
            for count, segment in zip(counts, bars.segments, strict=True)
            if count
        )


def _swatch(parent: ET.Element, tone: Tone) -> None:
    svg = ET.SubElement(parent, "svg", {"viewBox": "0 0 10 10", "class": "swatch"})
    svg.set("aria-hidden", "true")
    ET.SubElement(svg, "rect", {"width": "10", "height": "10", "fill": _FILLS[tone]})


def _bar(parent: ET.Element, bars: Bars, counts: tuple[int, ...], most: int) -> None:
    svg = ET.SubElement(parent, "svg", {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "class": "bar"})
    svg.set("aria-hidden", "true")
    at = 0.0
    for count, segment in zip(counts, bars.segments, strict=True):
        width = _WIDTH * count / most
        if count:
            place = {"x": f"{at:.1f}", "width": f"{width:.1f}", "height": str(_HEIGHT)}
            ET.SubElement(svg, "rect", {**place, "fill": _FILLS[segment.tone]})
        at += width
