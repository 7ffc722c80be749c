"""Text from elsewhere: heads of files, and what is shown of hostile characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.front_matter import FrontMatterError, load_yaml, split_front_matter
from reperform.base.visible import visible

BILLION = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BILLION, "alias"),
        ("id: 1\nid: 2\n", "twice"),
        ("a: [1, 2", "expected"),
        ("[" * 20_000, "recursion"),
        ("a: \x00", "special characters"),
        ("? [1]\n: 2\n", "key"),
        ("!!python/object/apply:os.system [id]", "constructor"),
    ],
)
def test_yaml_that_says_other_than_it_seems_is_refused(text: str, reason: str) -> None:
    """Aliases, repeated keys, tags that run code, endless nesting: each with its reason."""
    with pytest.raises(FrontMatterError) as refused:
        load_yaml(text, where="x.yaml")

    assert "x.yaml" in str(refused.value)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "id: 1\n", "---\nid: 1\n", " ---\nid: 1\n---\n", "\n---\nid: 1\n---\n", "---\n- 1\n---\n"],
)
def test_a_file_without_a_closed_head_is_refused(text: str) -> None:
    """The head is first in the file, between two fences, and a mapping."""
    with pytest.raises(FrontMatterError, match=r"x\.md was not read"):
        split_front_matter(text, where="x.md")


def test_a_head_in_sql_comments_leaves_plain_sql() -> None:
    """The same head, behind `-- `."""
    head, body = split_front_matter(
        "-- ---\n-- id: X\n--\n-- list:\n--   - 1\n-- ---\nSELECT 1\n", where="x.sql", comment="-- "
    )

    assert head == {"id": "X", "list": [1]}
    assert body == "SELECT 1\n"


def test_a_line_of_sql_inside_the_head_is_refused() -> None:
    """Otherwise the engine would run what the head says is a comment."""
    with pytest.raises(FrontMatterError, match="does not begin with"):
        split_front_matter("-- ---\nDROP x;\n-- ---\n", where="x.sql", comment="-- ")


@given(st.text())
def test_what_is_shown_has_no_character_that_hides(text: str) -> None:
    """Whatever comes in, one line of visible characters comes out."""
    shown = visible(text, limit=10_000)

    assert "\n" not in shown
    assert all(char == " " or char.isprintable() for char in shown)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=100))
def test_visible_text_is_shown_as_it_is(text: str) -> None:
    """Letters, numbers, punctuation and symbols of every script stay."""
    assert visible(text) == text
