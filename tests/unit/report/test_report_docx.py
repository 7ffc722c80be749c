"""Document -> DOCX: the same text as the blocks, in Word's own headings, lists and tables."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from reperform.report.document import Document, Heading, block_lines
from reperform.report.docx import render_docx


def read(document: Document, at: datetime) -> WordDocument:
    return docx.Document(io.BytesIO(render_docx(document, at=at)))


def text_of(word: WordDocument) -> str:
    """Return every text of the body in reading order, without spaces."""
    return "".join("".join(each.text or "" for each in word.element.body.iter(qn("w:t"))).split())


def every_line(document: Document) -> Iterator[str]:
    for block in document.blocks:
        for each in block_lines(block):
            yield "".join("".join(run.text for run in each).split())


def test_it_says_what_the_blocks_say_in_their_order(every_block: Document, at: datetime) -> None:
    """Each line of each block, one after the other."""
    text, found = text_of(read(every_block, at)), 0

    for each in every_line(every_block):
        found = text.find(each, found)
        assert found >= 0, each
        found += len(each)


def test_hostile_text_is_text(hostile_document: Document, at: datetime) -> None:
    """Markup, control characters and marks of direction: all there, nothing acts."""
    text = text_of(read(hostile_document, at))

    for each in every_line(hostile_document):
        assert each in text


def test_headings_lists_and_tables_are_words_own(every_block: Document, at: datetime) -> None:
    """So that navigation and screen readers find them."""
    word = read(every_block, at)

    headings = [p.text for p in word.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert headings == [b.text for b in every_block.blocks if isinstance(b, Heading)]
    assert any(p.style and p.style.name == "List Bullet" for p in word.paragraphs)
    assert len(list(word.element.body.iter(qn("w:tblHeader")))) == 1


def test_every_reference_leads_to_a_heading(every_block: Document, at: datetime) -> None:
    word = read(every_block, at)
    places = {each.get(qn("w:name")) for each in word.element.body.iter(qn("w:bookmarkStart"))}
    links = [each.get(qn("w:anchor")) for each in word.element.body.iter(qn("w:hyperlink"))]

    assert links
    assert set(links) <= places


def test_the_notice_stands_on_every_page(every_block: Document, at: datetime) -> None:
    assert read(every_block, at).sections[0].header.paragraphs[0].text == every_block.notice


@pytest.mark.parametrize("part", ["vbaProject", "externalLink", "oleObject", "attachedTemplate"])
def test_it_holds_nothing_that_runs_or_is_fetched(
    every_block: Document, at: datetime, part: str
) -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(every_block, at=at))) as made:
        assert not [name for name in made.namelist() if part in name]
        relations = [made.read(n) for n in made.namelist() if n.endswith(".rels")]
    assert not any(b'TargetMode="External"' in each for each in relations)
