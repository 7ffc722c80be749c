"""The HTML: one file that asks for nothing, says what the PDF says, and prints as a draft."""

import base64
import hashlib
import io
import re
from datetime import datetime
from html.parser import HTMLParser

import pypdf
import pytest

from reperform.report.document import Bars, Document, block_lines
from reperform.report.glyphs import printable
from reperform.report.html import render_html
from reperform.report.pdf import render_pdf

_VOID = {"meta", "col", "br", "hr", "img", "link", "input"}


class _Page(HTMLParser):
    """What a browser would make of the file: elements with their attributes, and the text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.style = ""
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
        elif "head" not in self.open:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_block_says_the_same_in_html_and_in_pdf(every_block: Document, at: datetime) -> None:
    """The two files of one document never differ in a word."""
    html = _squeezed("".join(_Page(render_html(every_block)).text))
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(every_block, at=at)))
    pdf = _squeezed("".join(page.extract_text() for page in reader.pages))

    for block in every_block.blocks:
        for each in block_lines(block):
            text = _squeezed("".join(run.text for run in each))
            assert text in html
            assert text in pdf


def test_hostile_text_is_never_markup(
    hostile_document: Document, every_block: Document, hostile: tuple[str, ...]
) -> None:
    """No element appears that the renderer did not write, and the text is all there."""
    page = _Page(render_html(hostile_document))
    harmless = _Page(render_html(every_block))

    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in harmless.elements}
    text = "".join(page.text)
    for number in (0, 1, 2, 3, 7, 10, 11, 13):
        assert hostile[number] in text
    assert "invoice<U+202E>gpj.exe" in text
    assert page.open == []


def test_the_file_asks_for_nothing(hostile_document: Document) -> None:
    """No script, no style or image from elsewhere, and a policy that forbids them."""
    page = _Page(render_html(hostile_document))
    attributes = [attribute for _, found in page.elements for attribute in found.items()]

    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe"})
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("src", "style")]
    assert all((value or "").startswith("#") for name, value in attributes if name == "href")
    assert "url(" not in page.style
    assert "@import" not in page.style
    policy = next(m for m in page.all("meta") if m.get("http-equiv"))["content"]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


def test_every_link_leads_to_a_heading(every_block: Document) -> None:
    """Contents and references point at ids that are there, each once."""
    page = _Page(render_html(every_block))
    ids = [found["id"] for _, found in page.elements if "id" in found]

    assert len(ids) == len(set(ids))
    assert {link["href"] for link in page.all("a")} <= {f"#{name}" for name in ids}


def test_tables_name_their_rows_and_columns(every_block: Document) -> None:
    """Whoever listens to a cell hears which row and which column it belongs to."""
    page = _Page(render_html(every_block))

    assert page.all("caption")
    assert {cell["scope"] for cell in page.all("th")} == {"col", "row"}
    assert page.all("html")[0]["lang"] == "en-US"
    assert [tag for tag, _ in page.elements if tag in ("h1", "h2", "h3", "h4")] == [
        *("h1", "h2", "h2", "h3", "h4")
    ]


def test_the_notice_is_printed_on_every_page(every_block: Document) -> None:
    """A fixed box is printed on each page, and each page keeps its place free."""
    page = _Page(render_html(every_block))

    assert every_block.notice in page.text
    printed = page.style[page.style.index("@media print") :]
    assert re.search(r"\.notice \{ position: fixed; top: 0;", printed)
    assert "box-decoration-break: clone" in printed
    assert "table-header-group" in printed


def test_the_same_document_gives_the_same_html(hostile_document: Document) -> None:
    """Two people who render the same results can compare their files."""
    assert render_html(hostile_document) == render_html(hostile_document)


@pytest.mark.parametrize("wanted", ["12 met, 21 not met"])
def test_bars_are_told_beside_the_picture(every_block: Document, wanted: str) -> None:
    """Every number stands as text; the drawing is hidden from whoever listens."""
    page = _Page(render_html(every_block))

    assert any(isinstance(block, Bars) for block in every_block.blocks)
    assert wanted in page.text
    assert all(svg["aria-hidden"] == "true" for svg in page.all("svg"))


def test_what_the_pdf_cannot_draw_stands_in_the_html_as_it_is(hostile_document: Document) -> None:
    """A browser has fonts for all writing; only the PDF has to name characters."""
    text = "".join(_Page(render_html(hostile_document)).text)

    assert "中文" in text
    assert printable("中文") == "<U+4E2D><U+6587>"
