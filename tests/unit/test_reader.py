"""Fields are read as they are, or refused with a problem; nothing is guessed."""

from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from reperform.base.reader import Reader


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


def reading(value: Any) -> Reader:  # noqa: ANN401 - whatever a form or a body holds
    return Reader({"x": value}, "sample")


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_field_reads_as_nothing(value: str | None) -> None:
    """Nothing is no problem, unless the field is needed."""
    reader = reading(value)

    assert (reader.line("x"), reader.text("x"), reader.lines("x")) == ("", "", ())
    assert not reader.problems


def test_a_needed_field_that_is_empty_is_a_problem_with_what_to_do() -> None:
    """Once, with the field's name."""
    reader = reading("")
    reader.line("x", needed="name it")

    assert [str(each) for each in reader.problems] == ["x: is empty: name it [sample]"]


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("line", "a\nb"),
        ("line", "x" * 301),
        ("line", 7),
        ("line", "a\u202eb"),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", ["a"]),
        ("number", "0"),
        ("number", "1.5"),
        ("number", True),
        ("number", "٣"),
        ("number", -1),
        ("numbers", "1, x"),
        ("numbers", list(range(1, 203))),
        ("numbers", [[1]]),
        ("day", "2026-02-30"),
        ("day", "tomorrow"),
        ("day", 20260101),
        ("flag", "perhaps"),
        ("words", {"a": 1}),
        ("lines", "a\n" * 201),
        ("lines", [1]),
    ],
)
def test_what_cannot_be_read_is_one_problem_and_reads_as_nothing(
    method: str, value: object
) -> None:
    """Wrong types, too much, invisible characters, days and numbers that do not exist."""
    reader = reading(value)

    assert getattr(reader, method)("x") in ("", None, ())
    assert [each.where for each in reader.problems] == ["x"]


def test_text_and_json_values_read_the_same() -> None:
    """A form sends texts, a body its own types."""
    assert reading("3").number("x") == reading(3).number("x") == 3
    assert reading("2026-12-31").day("x") == reading(date(2026, 12, 31)).day("x")
    assert reading("CC6.1, CC6.2").words("x") == reading(["CC6.1", "CC6.2"]).words("x")
    assert reading("a b\n\nc").lines("x") == reading(["a b", "c"]).lines("x") == ("a b", "c")
    assert [reading(each).flag("x") for each in ("yes", True, "no", False)] == [
        True,
        True,
        False,
        False,
    ]
    assert reading("").flag("x") is None


def test_a_choice_is_one_of_its_kind() -> None:
    """Nothing is the default; anything else names the choices."""
    assert reading("high").choice("x", Level, Level.LOW) is Level.HIGH
    assert reading("").choice("x", Level, Level.LOW) is Level.LOW
    reader = reading("middling")
    reader.choice("x", Level, Level.LOW)
    assert reader.problems[0].todo == "choose from: low, high"


def test_a_word_that_does_not_exist_and_a_field_that_is_unknown_are_named() -> None:
    """The problem says which."""
    reader = reading("CC6.1 CC99.1")
    assert reader.words("x", {"CC6.1"}) == ()
    reader.refuse_others((), "a sample")

    assert [each.what for each in reader.problems] == [
        "there is no CC99.1",
        "is not a field of a sample",
    ]


def test_a_day_after_the_latest_is_refused() -> None:
    """What has not happened yet cannot be recorded as done."""
    reader = reading("2026-12-31")

    assert reader.day("x", latest=date(2026, 12, 30)) is None
    assert reader.problems[0].what == "2026-12-31 has not come yet"
