"""Document -> DOCX, for people who go on writing in it.

Every text goes in as text; headings, tables and lists are Word's own, so that its navigation,
its tables of contents and its screen readers find them.
"""

import io
from collections.abc import Iterator
from datetime import datetime

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph as WordParagraph

from reperform.report.document import (
    Bars,
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Table,
)
from reperform.report.text import Cell, Line, Text, Tone, bold, line

_COLORS = {
    Tone.GOOD: RGBColor(0x14, 0x68, 0x3C),
    Tone.BAD: RGBColor(0xA0, 0x1B, 0x28),
    Tone.UNSURE: RGBColor(0x7A, 0x4B, 0x00),
    Tone.MUTED: RGBColor(0x4C, 0x5A, 0x6A),
    Tone.LOCKED: RGBColor(0x0B, 0x5C, 0x8F),
}
_WIDTH_CM = 17.0
_GRID = "Table Grid"


def render_docx(document: Document, *, at: datetime) -> bytes:
    """Return the document as DOCX.

    Args:
        document: what to render.
        at: the time that the file says it was made.
    """
    word = docx.Document()
    _set_up(word, document, at)
    word.add_paragraph(document.organization)
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.subtitle, style="Subtitle")
    _facts(word, document.cover)
    for each in document.opening:
        _fill(word.add_paragraph(), each)
    word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    ids = _Ids()
    for block in document.blocks:
        _block(word, block, ids)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


class _Ids:
    """Numbers and names of the places that references lead to."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, anchor: str) -> str:
        """Return Word's name for an anchor: 40 characters, letters, digits and `_`."""
        return self._names.setdefault(anchor, f"place_{len(self._names) + 1}")

    def number(self, anchor: str) -> str:
        return self.name(anchor).rpartition("_")[2]


def _set_up(word: WordDocument, document: Document, at: datetime) -> None:
    word.core_properties.title = document.title
    word.core_properties.author = document.organization
    word.core_properties.created = word.core_properties.modified = at.replace(tzinfo=None)
    word.core_properties.language = "en-US"
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    section.header.paragraphs[0].text = document.notice
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{document.organization[:60]} | {document.title} | page ")
    _page_number(footer)
    style = word.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10)


def _page_number(paragraph: WordParagraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields


def _block(word: WordDocument, block: Block, ids: _Ids) -> None:
    match block:
        case Heading():
            _mark(word.add_heading(block.text, level=block.level), block.id, ids)
        case Paragraph():
            paragraph = word.add_paragraph()
            paragraph.paragraph_format.keep_with_next = block.leads
            _fill(paragraph, block.runs, ids)
        case Bullets():
            for item in block.items:
                _fill(word.add_paragraph(style="List Bullet"), item, ids)
        case Table():
            _table(word, block, ids)
        case Callout():
            _callout(word, block, ids)
        case KeyValues():
            _facts(word, block, ids)
        case Bars():
            _bars(word, block)
        case PageBreak():
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _mark(paragraph: WordParagraph, anchor: str, ids: _Ids) -> None:
    """Make the paragraph a place that references lead to."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), ids.number(anchor))
    start.set(qn("w:name"), ids.name(anchor))
    paragraph._p.insert(0, start)  # noqa: SLF001 - python-docx has no bookmarks
    paragraph._p.append(end)  # noqa: SLF001 - as above


def _fill(paragraph: WordParagraph, runs: Line, ids: _Ids | None = None) -> None:
    for run in runs:
        made = paragraph.add_run(run.text)
        made.bold = run.bold or None
        if run.mono:
            made.font.name = "Consolas"
        if run.tone in _COLORS:
            made.font.color.rgb = _COLORS[run.tone]
        if run.link and ids:
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), ids.name(run.link))
            made.font.underline = True
            paragraph._p.append(link)  # noqa: SLF001 - python-docx has no links inside a document
            link.append(made._r)  # noqa: SLF001 - as above


def _cell(into: WordCell, cell: Cell, ids: _Ids | None = None) -> None:
    for number, each in enumerate(cell):
        paragraph = into.paragraphs[0] if number == 0 else into.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        _fill(paragraph, each, ids)


def _table(word: WordDocument, block: Table, ids: _Ids) -> None:
    caption = word.add_paragraph(style="Caption")
    caption.paragraph_format.keep_with_next = True
    _fill(caption, line(block.caption))
    table = _grid(word, len(block.columns), [column.weight for column in block.columns])
    header = _row(table)
    for cell, column in zip(header.cells, block.columns, strict=True):
        _cell(cell, (line(bold(column.header)),))
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    header._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - python-docx cannot repeat a header
    for row in block.rows:
        cells = _row(table).cells
        if len(row.cells) < len(cells):
            cells[len(row.cells) - 1].merge(cells[-1])
        for into, said in zip(cells, row.cells, strict=False):
            _cell(into, tuple(_toned(said, row.tone)), ids)
    word.add_paragraph()


def _grid(word: WordDocument, columns: int, weights: list[int]) -> WordTable:
    table: WordTable = word.add_table(rows=0, cols=columns, style=_GRID)
    table.autofit = False
    for column, weight in zip(table.columns, weights, strict=True):
        column.width = Cm(_WIDTH_CM * weight / sum(weights))
    return table


def _row(table: WordTable) -> WordRow:
    made: WordRow = table.add_row()  # type: ignore[no-untyped-call]
    return made


def _toned(cell: Cell, tone: Tone) -> Iterator[Line]:
    """Yield the lines of a cell in the tone of its row, where they have none of their own."""
    for each in cell:
        yield tuple(
            Text(run.text, bold=run.bold, mono=run.mono, tone=tone, link=run.link)
            if run.tone is Tone.PLAIN and tone is Tone.LOCKED
            else run
            for run in each
        )


def _callout(word: WordDocument, block: Callout, ids: _Ids) -> None:
    table = _grid(word, 1, [1])
    cell = _row(table).cells[0]
    _cell(cell, (line(bold(block.title, block.tone)), *block.lines), ids)
    for item in block.items:
        _fill(cell.add_paragraph(style="List Bullet"), item, ids)
    word.add_paragraph()


def _facts(word: WordDocument, block: KeyValues, ids: _Ids | None = None) -> None:
    table = _grid(word, 2, [28, 72])
    for key, cell in block.pairs:
        cells = _row(table).cells
        _cell(cells[0], (line(bold(key)),))
        _cell(cells[1], cell, ids)
    word.add_paragraph()


def _bars(word: WordDocument, block: Bars) -> None:
    """Write the numbers; a picture would say no more."""
    caption = word.add_paragraph(style="Caption")
    _fill(caption, line(block.caption))
    for name, counts in block.rows:
        paragraph = word.add_paragraph(style="List Bullet")
        parts: list[str | Text] = [f"{name}: "]
        for segment, count in zip(block.segments, counts, strict=True):
            parts += [bold(str(count), segment.tone), f" {segment.name}, "]
        last = parts[-1]
        parts[-1] = str(last).removesuffix(", ") if isinstance(last, str) else last
        _fill(paragraph, line(*parts))
