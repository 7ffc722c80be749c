"""Document -> PDF by Typst: tagged (PDF/UA-1), archival (PDF/A-2a), the same bytes every time.

The text of the document goes in as JSON and is never read as markup.  The compiler sees no file, no
package and no font but its own, so nothing of the machine gets into the report.
"""

import json
from datetime import datetime
from functools import singledispatch
from typing import Any

import typst

from reperform.base.refusal import RefusalError
from reperform.report.breaks import pieces
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
    Row,
    Table,
)
from reperform.report.glyphs import printable
from reperform.report.text import Cell, Line, Text
from reperform.report.wording import template

_WHOLE_ROW = 900
"""A row whose longest cell has fewer characters than this is not torn over two pages."""

_WHOLE_TABLE = 650
"""The same for a table, by the sum of the longest cells of its rows."""


class NotRenderedError(RefusalError):
    """The document could not be turned into a PDF."""

    slug = "not-rendered"


def render_pdf(document: Document, *, at: datetime) -> bytes:
    """Return the document as PDF.

    Args:
        document: what to render.
        at: the time that the file says it was made; the only thing that is not in the document.

    Raises:
        NotRenderedError: the compiler refused.
    """
    compiler = typst.Compiler(
        template("document.typ"),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_document(document))},
    )
    try:
        made = compiler.compile(
            format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=int(at.timestamp())
        )
    except typst.TypstError as error:
        raise NotRenderedError(
            f"the PDF was not made: {' '.join(str(error).split())}",
            why="A report that lacks a page would look like a whole one.",
            todo="use the HTML, which holds the same, and report this text",
        ) from error
    if not isinstance(made, bytes):
        raise TypeError(f"the compiler returned {type(made).__name__}")
    return made


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": printable(document.title),
        "subtitle": _text(document.subtitle),
        "organization": _text(document.organization),
        "notice": printable(document.notice),
        "running": printable(f"{document.organization[:60]} | {document.title}"),
        "cover": _block(document.cover),
        "opening": _cell(document.opening),
        "blocks": [_block(block) for block in document.blocks],
    }


@singledispatch
def _block(block: Block) -> dict[str, Any]:
    raise TypeError(f"no PDF for {type(block).__name__}")


@_block.register
def _heading(block: Heading) -> dict[str, Any]:
    return {
        "kind": "heading",
        "level": block.level,
        "text": _text(block.text),
        "id": block.id,
        "listed": block.is_listed,
    }


@_block.register
def _paragraph(block: Paragraph) -> dict[str, Any]:
    return {"kind": "paragraph", "runs": _line(block.runs), "leads": block.leads}


@_block.register
def _bullets(block: Bullets) -> dict[str, Any]:
    return {"kind": "bullets", "items": [_line(item) for item in block.items]}


@_block.register
def _table(block: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": _text(block.caption),
        "headers": [_text(column.header) for column in block.columns],
        "weights": [column.weight for column in block.columns],
        "rows": [_row(row) for row in block.rows],
        "whole": sum(_size(row) for row in block.rows) < _WHOLE_TABLE,
    }


@_block.register
def _callout(block: Callout) -> dict[str, Any]:
    return {
        "kind": "callout",
        "tone": block.tone,
        "title": _text(block.title),
        "lines": _cell(block.lines),
        "items": [_line(item) for item in block.items],
    }


@_block.register
def _facts(block: KeyValues) -> dict[str, Any]:
    return {"kind": "facts", "pairs": [[_text(key), _cell(cell)] for key, cell in block.pairs]}


@_block.register
def _bars(block: Bars) -> dict[str, Any]:
    return {
        "kind": "bars",
        "caption": _text(block.caption),
        "segments": [[_text(segment.name), segment.tone] for segment in block.segments],
        "rows": [[_text(name), list(counts)] for name, counts in block.rows],
        "alt": printable(_told(block)),
    }


@_block.register
def _page_break(_: PageBreak) -> dict[str, Any]:
    return {"kind": "pagebreak"}


def _told(bars: Bars) -> str:
    """Say the picture in words."""
    names = [segment.name for segment in bars.segments]
    return f"{bars.caption}: " + "; ".join(
        f"{name}: "
        + ", ".join(f"{count} {what}" for what, count in zip(names, counts, strict=True))
        for name, counts in bars.rows
    )


def _row(row: Row) -> dict[str, Any]:
    return {
        "tone": row.tone,
        "whole": _size(row) < _WHOLE_ROW,
        "cells": [_cell(cell) for cell in row.cells],
    }


def _size(row: Row) -> int:
    """Return the characters of the longest cell, and as many for each line's end."""
    return max(sum(40 + sum(len(run.text) for run in each) for each in cell) for cell in row.cells)


def _cell(cell: Cell) -> list[list[dict[str, Any]]]:
    return [_line(each) for each in cell]


def _line(runs: Line) -> list[dict[str, Any]]:
    return [_run(run) for run in runs]


def _run(run: Text) -> dict[str, Any]:
    made: dict[str, Any] = {"t": _text(run.text)}
    if run.bold:
        made["b"] = True
    if run.mono:
        made["m"] = True
    if run.tone != "plain":
        made["c"] = run.tone
    if run.link:
        made["l"] = run.link
    return made


def _text(text: str) -> str | list[str]:
    """Return the text as it may be drawn: one string, or pieces between which lines may break."""
    found = pieces(printable(text))
    return found[0] if len(found) == 1 else found
