"""Document -> one HTML file: no script, nothing fetched, readable on a screen and on paper.

Built as a tree of elements and written out by the library, so no text can become markup.
"""

import base64
import hashlib
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from reperform.report.document import (
    Bars,
    Block,
    Bullets,
    Callout,
    Column,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Table,
)
from reperform.report.html_bars import draw_bars
from reperform.report.text import Cell, Line
from reperform.report.wording import template

_SHORT = 4
"""A table of no more rows is printed on one page."""


def render_html(document: Document) -> bytes:
    """Return the document as one self-contained HTML file in UTF-8."""
    style = template("document.css").decode("utf-8") + _widths(document.blocks)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    html = ET.Element("html", lang="en-US")
    head = _add(html, "head")
    _add(head, "meta", charset="utf-8")
    policy = {"http-equiv": "Content-Security-Policy"}
    policy["content"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    head.append(ET.Element("meta", policy))
    _add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "meta", name="referrer", content="no-referrer")
    _add(head, "title").text = f"{document.title} | {document.organization}"
    _add(head, "style").text = style
    body = _add(html, "body")
    _add(body, "a", href="#content", class_="skip").text = "Skip to the report"
    _add(body, "p", class_="notice", role="note").text = document.notice
    _cover(body, document)
    _contents(body, document)
    main = _add(body, "main", id="content")
    for block in document.blocks:
        _block(main, block)
    made: bytes = ET.tostring(html, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + made + b"\n"


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    named = {name.rstrip("_"): value for name, value in attributes.items()}
    return ET.SubElement(parent, tag, named)


def _widths(blocks: Sequence[Block]) -> str:
    """Return a rule for each width in use; the policy allows no style on an element."""
    used = {
        percent
        for block in blocks
        if isinstance(block, Table)
        for percent in _percents(block.columns)
    }
    return "".join(f".w{percent}{{width:{percent}%}}\n" for percent in sorted(used))


def _percents(columns: Sequence[Column]) -> list[int]:
    whole = sum(column.weight for column in columns)
    return [round(100 * column.weight / whole) for column in columns]


def _contents(body: ET.Element, document: Document) -> None:
    nav = _add(body, "nav", aria_label="Contents")
    nav.attrib["aria-label"] = nav.attrib.pop("aria_label")
    _add(nav, "p", class_="nav-title").text = "Contents"
    outer = _add(nav, "ol")
    inner: ET.Element | None = None
    item = outer
    for block in document.blocks:
        if not isinstance(block, Heading) or not block.is_listed or block.level > 2:  # noqa: PLR2004 - sections and their parts
            continue
        if block.level == 1:
            item, inner = _add(outer, "li"), None
            _add(item, "a", href=f"#{block.id}").text = block.text
        else:
            inner = inner if inner is not None else _add(item, "ol")
            _add(_add(inner, "li"), "a", href=f"#{block.id}").text = block.text


def _cover(body: ET.Element, document: Document) -> None:
    header = _add(body, "header", class_="cover")
    _add(header, "p", class_="organization").text = document.organization
    _add(header, "h1", class_="title").text = document.title
    _add(header, "p", class_="subtitle").text = document.subtitle
    _block(header, document.cover)
    opening = _add(header, "div", class_="opening")
    for each in document.opening:
        _line(_add(opening, "p"), each)


def _block(parent: ET.Element, block: Block) -> None:
    match block:
        case Heading():
            # The title is the page's h1, so a section is an h2.
            _add(parent, f"h{block.level + 1}", id=block.id).text = block.text
        case Paragraph():
            _line(_add(parent, "p"), block.runs)
        case Bullets():
            _items(parent, block.items)
        case Callout():
            _callout(parent, block)
        case Table():
            _table(parent, block)
        case KeyValues():
            _facts(parent, block)
        case Bars():
            draw_bars(parent, block)
        case PageBreak():
            _add(parent, "div", class_="page-break")


def _callout(parent: ET.Element, block: Callout) -> None:
    aside = _add(parent, "aside", class_=f"callout {block.tone}")
    _add(aside, "p", class_="callout-title").text = block.title
    for each in block.lines:
        _line(_add(aside, "p"), each)
    if block.items:
        _items(aside, block.items)


def _facts(parent: ET.Element, block: KeyValues) -> None:
    facts = _add(parent, "dl")
    for key, cell in block.pairs:
        pair = _add(facts, "div")
        _add(pair, "dt").text = key
        _cell(_add(pair, "dd"), cell)


def _items(parent: ET.Element, items: Sequence[Line]) -> None:
    unordered = _add(parent, "ul")
    for item in items:
        _line(_add(unordered, "li"), item)


def _table(parent: ET.Element, block: Table) -> None:
    # A table that is wider than a small screen scrolls by itself, and the keyboard can reach it.
    short = " short" if len(block.rows) <= _SHORT else ""
    frame = _add(parent, "div", class_=f"frame{short}", tabindex="0", role="region")
    frame.set("aria-label", block.caption)
    table = _add(frame, "table")
    _add(table, "caption").text = block.caption
    group = _add(table, "colgroup")
    for percent in _percents(block.columns):
        _add(group, "col", class_=f"w{percent}")
    names = _add(_add(table, "thead"), "tr")
    for column in block.columns:
        _add(names, "th", scope="col").text = column.header
    body = _add(table, "tbody")
    for row in block.rows:
        tr = _add(body, "tr", class_=row.tone)
        for at, cell in enumerate(row.cells):
            element = _add(tr, "td") if at else _add(tr, "th", scope="row")
            if at == len(row.cells) - 1 and len(row.cells) < len(block.columns):
                element.set("colspan", str(len(block.columns) - at))
            _cell(element, cell)


def _cell(parent: ET.Element, cell: Cell) -> None:
    for each in cell:
        _line(_add(parent, "div"), each)


def _line(parent: ET.Element, runs: Line) -> None:
    for run in runs:
        tag = "a" if run.link else "code" if run.mono else "strong" if run.bold else "span"
        element = _add(parent, tag)
        if run.link:
            element.set("href", f"#{run.link}")
        if run.tone != "plain":
            element.set("class", run.tone)
        element.text = run.text
