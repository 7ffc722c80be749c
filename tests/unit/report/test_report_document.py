"""A document holds text that can be looked at, and references that lead somewhere."""

import pytest

from reperform.report.breaks import pieces
from reperform.report.document import (
    Column,
    Document,
    Heading,
    KeyValues,
    Paragraph,
    Row,
    Table,
    anchor,
)
from reperform.report.glyphs import printable
from reperform.report.text import Text, line, lines


def _document(*blocks: Heading | Paragraph) -> Document:
    return Document("T", "S", "O", "N", KeyValues(()), (), blocks)


def test_text_shows_what_is_hidden_in_it() -> None:
    """A mark that reverses the direction of writing comes out by its name."""
    assert Text("invoice\u202egpj.exe").text == "invoice<U+202E>gpj.exe"


def test_a_line_of_a_megabyte_is_cut_and_says_so() -> None:
    """What is cut is counted, so nobody takes the cut text for the whole."""
    shown = Text("x" * 1_000_000).text

    assert shown.endswith("... (1,000,000 characters)")
    assert len(shown) < 7_000


def test_a_heading_without_a_text_still_has_a_name() -> None:
    """A bookmark without a name cannot be followed."""
    assert Heading(1, " ", "x").text == "(without a name)"


def test_a_reference_to_nowhere_is_refused() -> None:
    """A dead reference is a mistake of the program, found before anyone reads the report."""
    with pytest.raises(ValueError, match="nowhere"):
        _document(Paragraph(line(Text("see", link="elsewhere"))))


def test_two_headings_with_one_id_are_refused() -> None:
    """A reference must lead to one place."""
    with pytest.raises(ValueError, match="repeated"):
        _document(Heading(1, "A", "same"), Heading(1, "B", "same"))


def test_a_heading_that_skips_a_level_is_refused() -> None:
    """Readers who listen to the report follow the levels."""
    with pytest.raises(ValueError, match="skips a level"):
        _document(Heading(1, "A", "a"), Heading(3, "B", "b"))


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    """A cell without a column would have no header."""
    with pytest.raises(ValueError, match="2 cells under 1 columns"):
        Table("T", (Column("One", 1),), (Row((lines("a"), lines("b"))),))


def test_different_names_have_different_anchors() -> None:
    """An imported catalog may name controls in any way."""
    names = ["A B", "A_B", "A-B", "A_20_B", "Ä"]

    assert len({anchor("control", name) for name in names}) == len(names)


def test_a_character_without_a_glyph_is_named() -> None:
    """Neither an empty box nor nothing stands where a character was."""
    assert printable("Zoë Петр 中 \U0001f600") == "Zoë Петр <U+4E2D> <U+1F600>"


def test_a_mark_is_drawn_only_on_its_own_letter() -> None:
    """A mark of one font on a letter of another would sit anywhere; it is named instead."""
    assert printable("e\u0301") == "e\u0301"
    assert printable("中\u0301") == "<U+4E2D><U+0301>"


def test_pieces_of_a_long_word_are_short_and_lose_nothing(hostile: tuple[str, ...]) -> None:
    """A piece fits the narrowest column, and all pieces together are the text."""
    for text in hostile:
        found = pieces(text[:5_000])

        assert "".join(found) == text[:5_000]
        # A piece may carry the words before it; what counts is the run without a space.
        longest = max((len(word) for piece in found for word in piece.split(" ")), default=0)
        assert longest <= 24


def test_words_and_days_stay_whole() -> None:
    """Language does not break inside a word, and a date is read as one."""
    assert pieces("keyboard-interactive") == ["keyboard-", "interactive"]
    assert pieces("confidentiality, availability") == ["confidentiality, availability"]
    assert pieces("2025-08-01..2026-07-31") == ["2025-08-01..", "2026-07-31"]
