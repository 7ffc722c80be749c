"""Finding by words: the order is simple, and the same wherever things are kept."""

import pytest

from reperform.base.search import Entry, excerpt, find, fragments_of, words_of

BEST = Entry("control", "AC-01", "Access", "")
BEGINS = Entry("control", "X-1", "AC-01 and what follows", "")
TITLE = Entry("control", "X-2", "What follows AC-01", "")
TEXT = Entry("control", "X-3", "Another", "It leans on AC-01.")


def test_the_id_comes_first_then_beginnings_then_titles_then_texts() -> None:
    assert find([TEXT, TITLE, BEGINS, BEST], "ac-01") == [BEST, BEGINS, TITLE, TEXT]


def test_every_word_must_occur_in_any_order_and_place() -> None:
    entry = Entry("control", "CHG-01", "Changes are reviewed", "By someone other than the author.")

    assert find([entry], "author REVIEWED") == [entry]
    assert find([entry], "author approved") == []


def test_equal_ones_keep_their_order() -> None:
    first, second = Entry("a", "1", "Review x"), Entry("a", "2", "Review a")

    assert find([first, second], "review") == [first, second]


@pytest.mark.parametrize("question", ["", "   ", "?!", "\t\n", '"'])
def test_a_question_without_words_finds_nothing(question: str) -> None:
    """It does not find everything."""
    assert find([BEST], question) == []


def test_letters_of_every_script_are_compared_without_their_case() -> None:
    entry = Entry("member", "1", "ÉLODIE ΩMEGA")

    assert find([entry], "élodie ωmega") == [entry]


@pytest.mark.parametrize("question", ["x" * 100_000, "a " * 50_000])
def test_a_huge_question_is_cut(question: str) -> None:
    assert sum(map(len, words_of(question))) <= 200


@pytest.mark.parametrize("question", ["größe", "%_", "a'b", "\\", "ÅNGSTRÖM"])
def test_what_a_database_narrows_down_with_stands_in_whatever_is_found(question: str) -> None:
    entry = Entry("", "", f"title {question}")

    assert find([entry], question) == [entry]
    assert all(piece in entry.title.lower() for piece in fragments_of(words_of(question)))


def test_an_excerpt_shows_the_word_where_it_stands() -> None:
    entry = Entry("", "", "", "before " * 50 + "NEEDLE " + "after " * 50)

    cut = excerpt(entry, "needle")

    assert "NEEDLE" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) < 250
    assert excerpt(Entry("", "", "", "short"), "absent") == "short"
