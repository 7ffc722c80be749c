"""Plain text into parts, and days out of it."""

from hypothesis import given
from hypothesis import strategies as st

from reperform.program.description.dates import dates_in
from reperform.program.description.text import Kind, parts_of


def test_paragraphs_lists_and_titles() -> None:
    """Nothing else is read: stars, angles and pipes are text."""
    text = "People:\n\n**One**\ntwo\n- a\n  still a\n-b\n- c\n\n# three\n<b>"

    assert [(part.kind, part.lines) for part in parts_of(text)] == [
        (Kind.TITLE, ("People:",)),
        (Kind.PARAGRAPH, ("**One** two",)),
        (Kind.LIST, ("a still a -b", "c")),
        (Kind.PARAGRAPH, ("# three <b>",)),
    ]


def test_a_long_line_with_a_colon_is_a_paragraph() -> None:
    """A title is short, and stands alone: right before a list it is a sentence that leads it."""
    assert parts_of("x" * 90 + ":")[0].kind is Kind.PARAGRAPH
    assert [part.kind for part in parts_of("These:\n- one")] == [Kind.PARAGRAPH, Kind.LIST]


@given(st.text(alphabet=st.sampled_from("ab -\n:"), max_size=200))
def test_no_word_is_lost(text: str) -> None:
    """Whatever stands in a text, its letters come out in order."""
    said = "".join(line for part in parts_of(text) for line in part.lines)

    assert [char for char in said if char in "ab"] == [char for char in text if char in "ab"]


@given(st.dates())
def test_every_day_is_found_as_it_is_written(day: object) -> None:
    """ISO days of any year."""
    assert [str(each.first) for each in dates_in(f"on {day}.")] == [str(day)]
