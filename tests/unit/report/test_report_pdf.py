"""The PDF: accessible, archival, the same each time, and nobody's text is markup in it."""

import io
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import typst
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from reperform.report import pdf as pdf_module
from reperform.report.document import (
    Bars,
    Document,
    Heading,
    KeyValues,
    Paragraph,
    block_lines,
)
from reperform.report.glyph_ranges import MONO, TEXT
from reperform.report.glyphs import printable
from reperform.report.pdf import NotRenderedError, render_pdf
from reperform.report.text import Text, line, mono

TEXT_FACES = ("Libertinus Serif Regular", "Libertinus Serif Semibold", "Libertinus Serif Bold")
MONO_FACES = ("DejaVu Sans Mono", "DejaVu Sans Mono Bold")


def _pages(made: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def _squeezed(text: str) -> str:
    """Text without white space: lines and long words may end anywhere in a PDF."""
    return re.sub(r"\s+", "", text)


def _tags(made: bytes) -> set[str]:
    """The structure types that the file's tag tree uses."""
    found: set[str] = set()
    todo: list[object] = [pypdf.PdfReader(io.BytesIO(made)).root_object["/StructTreeRoot"]]
    while todo:
        node = todo.pop()
        if isinstance(node, IndirectObject):
            node = node.get_object()
        if isinstance(node, ArrayObject):
            todo += list(node)
        elif isinstance(node, DictionaryObject):
            found.add(str(node.get("/S", "")))
            todo.append(node.get("/K"))
    return found


def test_the_pdf_holds_the_text_of_every_block(every_block: Document, at: datetime) -> None:
    """Every line of every block can be found in the file, in its own words."""
    text = _squeezed("".join(_pages(render_pdf(every_block, at=at))))

    for block in every_block.blocks:
        for each in block_lines(block):
            assert _squeezed("".join(run.text for run in each)) in text


def test_every_page_says_that_it_is_a_draft(hostile_document: Document, at: datetime) -> None:
    """A single page that is passed on still says what it is."""
    pages = _pages(render_pdf(hostile_document, at=at))

    assert len(pages) > 10
    assert all(hostile_document.notice in page for page in pages)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))


def test_the_pdf_is_tagged_titled_and_in_english(every_block: Document, at: datetime) -> None:
    """Whoever listens to the report hears headings, tables and lists as such."""
    made = render_pdf(every_block, at=at)
    reader = pypdf.PdfReader(io.BytesIO(made))

    assert str(reader.root_object["/Lang"]) == "en-US"
    assert str(reader.root_object["/MarkInfo"]) == "{'/Marked': True, '/Suspects': False}"
    assert reader.metadata is not None
    assert reader.metadata.title == "A report"
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure", "/Link"} <= _tags(made)


def test_the_pdf_claims_its_two_standards(every_block: Document, at: datetime) -> None:
    """PDF/UA-1 for readers who do not see it, PDF/A-2a for the archive."""
    made = render_pdf(every_block, at=at)
    metadata = pypdf.PdfReader(io.BytesIO(made)).root_object["/Metadata"].get_object()
    assert isinstance(metadata, StreamObject)
    xmp = metadata.get_data().decode()

    assert re.search(r"pdfuaid:part>?[=\"']*1", xmp)
    assert re.search(r"pdfaid:part>?[=\"']*2", xmp)
    assert re.search(r"pdfaid:conformance>?[=\"']*A", xmp)


def test_every_heading_is_a_bookmark(every_block: Document, at: datetime) -> None:
    """The reader's side bar leads to each section and each part."""
    outline = pypdf.PdfReader(io.BytesIO(render_pdf(every_block, at=at))).outline
    flat = str(outline)

    for block in every_block.blocks:
        if isinstance(block, Heading):
            assert block.text in flat


def test_the_same_document_gives_the_same_bytes(hostile_document: Document, at: datetime) -> None:
    """Two people who render the same results can compare their files."""
    assert render_pdf(hostile_document, at=at) == render_pdf(hostile_document, at=at)


def test_hostile_text_comes_out_as_text(
    hostile_document: Document, hostile: tuple[str, ...], at: datetime
) -> None:
    """Typst, HTML and formulas are quoted; what no font has is named, never dropped."""
    text = _squeezed("".join(_pages(render_pdf(hostile_document, at=at))))

    for number in (0, 1, 2, 3, 10, 11, 13):
        assert _squeezed(hostile[number]) in text
    assert "invoice<U+202E>gpj.exe" in text
    assert "<U+001B>[31mred<U+0000><U+0007>" in text
    assert "<U+1F600>and<U+4E2D><U+6587>" in text
    assert "...(1,000,000characters)" in text


def test_nothing_is_drawn_outside_the_margins(hostile_document: Document, at: datetime) -> None:
    """A digest or a line without a space breaks; it does not leave its cell or the page."""
    document = pypdfium2.PdfDocument(render_pdf(hostile_document, at=at))
    rights = []
    for page in document:
        text = page.get_textpage()
        rights += [
            text.get_charbox(number)[2]
            for number in range(text.count_chars())
            if text.get_text_range(number, 1).strip()
        ]

    assert max(rights) <= page.get_width() - 72 + 1


def test_copied_text_holds_no_invisible_characters(at: datetime) -> None:
    """A digest that is copied out of the report can be searched for and compared."""
    digest = "0123456789abcdef" * 4
    document = Document(
        *("T", "S", "O", "N"),
        cover=KeyValues(()),
        opening=(),
        blocks=(Heading(1, "A", "a"), Paragraph(line(digest))),
    )

    assert digest in "".join(_pages(render_pdf(document, at=at))).replace("\n", "")


def test_every_character_of_the_table_can_be_drawn(at: datetime) -> None:
    """The compiler takes each character that the table calls covered, regular and bold."""
    covered = {
        chr(code)
        for part in f"{TEXT} {MONO}".split()
        for code in range(int(part.split("-")[0], 16), int(part.split("-")[-1], 16) + 1)
    }
    letters = sorted(char for char in covered if printable(char) == char)
    texts = ["".join(letters[begin : begin + 400]) for begin in range(0, len(letters), 400)]
    document = Document(
        *("T", "S", "O", "N"),
        cover=KeyValues(()),
        opening=(),
        blocks=(
            Heading(1, "All", "all"),
            *(Paragraph(line(text, Text(text, bold=True), mono(text))) for text in texts),
        ),
    )

    assert len(letters) > 3_000
    assert render_pdf(document, at=at)


@cache
def _cmaps() -> dict[str, set[int]]:
    """The characters of each font inside the installed compiler, read from its own bytes."""
    library = next(Path(typst.__file__).parent.glob("_typst*")).read_bytes()
    found: dict[str, set[int]] = {}
    wanted = set(TEXT_FACES) | set(MONO_FACES)
    for start in re.finditer(rb"OTTO|\x00\x01\x00\x00", library):
        head = library[start.start() : start.start() + 3_000_000]
        if not (8 <= int.from_bytes(head[4:6], "big") <= 30 and head[12:15].isalpha()):
            continue
        try:
            font = TTFont(io.BytesIO(head), lazy=True)
            name = font["name"].getDebugName(4)
            if name in wanted - found.keys():
                found[name] = set(font.getBestCmap())
        except (TTLibError, KeyError, AssertionError, ValueError, TypeError):
            continue
        if wanted == found.keys():
            break
    return found


@pytest.mark.parametrize(
    ("ranges", "faces"),
    [(TEXT, TEXT_FACES), (MONO, MONO_FACES)],
)
def test_the_table_of_characters_is_that_of_the_installed_fonts(
    ranges: str, faces: tuple[str, ...]
) -> None:
    """A newer compiler with other fonts shows up here, not as a report that cannot be made."""
    cmaps = _cmaps()
    codes = {code for code in set.intersection(*(cmaps[face] for face in faces)) if code >= 0x20}
    made: list[list[int]] = []
    for code in sorted(codes):
        if made and code == made[-1][1] + 1:
            made[-1][1] = code
        else:
            made.append([code, code])

    assert ranges.split() == [
        f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in made
    ]


def test_a_compiler_that_refuses_is_a_refusal(
    every_block: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason reaches the reader, and no half of a file does."""
    monkeypatch.setattr(pdf_module, "template", lambda _: b"#panic(sys.inputs.len())")

    with pytest.raises(NotRenderedError, match="panicked") as refused:
        render_pdf(every_block, at=datetime(2026, 8, 1, tzinfo=UTC))

    assert "[not-rendered]" in str(refused.value)


def test_bars_are_told_in_words(every_block: Document, at: datetime) -> None:
    """The picture has a text alternative with every number."""
    made = render_pdf(every_block, at=at)
    bars = next(block for block in every_block.blocks if isinstance(block, Bars))
    told = f"{bars.caption}: Security: 12 met, 21 not met"
    reader = pypdf.PdfReader(io.BytesIO(made))

    assert any(
        isinstance(found := reader.get_object(number), DictionaryObject)
        and found.get("/Alt") == told
        for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1)
    )
