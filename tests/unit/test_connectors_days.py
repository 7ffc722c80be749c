"""Whole days of what happened: without a gap, without an overlap, and no day that is forgotten."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import IO

import pytest

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept
from reperform.connectors.contract import Asking
from reperform.connectors.days import (
    covers_days,
    covers_history,
    each_day,
    is_asked,
    last_day,
    questions,
    remembered,
    spans,
)

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Said:
    """An answer that was kept."""

    asked, absent = "", ""

    def __init__(self, name: str, facts: object = None, refused: str = "") -> None:
        self.name, self.refused, self.blob = name, refused, "" if refused else "b"
        self._body = json.dumps(facts).encode()

    def open(self) -> IO[bytes]:
        return BytesIO(self._body)


def observed(**facts: str) -> list[Kept]:
    return [Said("observed", facts)]


@pytest.mark.parametrize("days", range(1, 24))
@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_questions_meet_without_a_gap_and_without_an_overlap(days: int, at_once: int) -> None:
    """However many days, and however many at once; today is left, which is not over."""
    first = NOON.date() - timedelta(days=days)
    asking = Asking(NOON, since=first)

    found = spans(asking, "", late=HOUR, at_once=at_once)

    asked = [day for begin, end in found for day in each_day(begin, end)]
    assert asked == [first + timedelta(days=number) for number in range(days)]
    assert all((end - begin).days < at_once for begin, end in found)


def test_the_next_question_begins_on_the_day_after_the_last() -> None:
    """Also when the source was away for weeks; and there is none twice on one day."""
    found = spans(Asking(NOON, since=date(2026, 1, 1)), "2026-03-02", late=HOUR)
    done = last_day({"first": "2026-03-03", "last": "2026-03-04"}, [])

    assert found == [(date(2026, 3, 3), date(2026, 3, 4))]
    assert spans(Asking(NOON), done, late=HOUR) == []


def test_a_day_is_asked_for_when_the_source_has_told_all_of_it() -> None:
    """Half an hour after midnight, a source that is an hour late has not."""
    early = datetime(2026, 3, 5, 0, 30, tzinfo=UTC)

    assert spans(Asking(early), "2026-03-03", late=HOUR) == []
    assert spans(Asking(early + HOUR), "2026-03-03", late=HOUR) == [(date(2026, 3, 4),) * 2]


def test_days_that_the_source_has_forgotten_are_not_asked_for() -> None:
    """So nothing vouches for them, although the cursor stands before them."""
    found = spans(Asking(NOON), "2025-12-31", late=HOUR, at_once=90, kept_days=30)

    assert found == [(date(2026, 2, 4), date(2026, 3, 4))]


REMEMBERED = [
    (Cover(date(2026, 3, 1), date(2026, 3, 4)), date(2026, 3, 1), (date(2026, 3, 1), "")),
    (Cover(date(2026, 2, 1), date(2026, 3, 4)), date(2026, 3, 1), (date(2026, 3, 1), "remembers")),
    (Cover(None, date(2026, 3, 4)), date(2026, 3, 1), (date(2026, 3, 1), "remembers")),
    (Cover(date(2026, 2, 1), date(2026, 2, 4)), date(2026, 3, 1), (None, "remembers")),
    (Cover(None, None, "refused"), date(2026, 3, 1), (None, "refused")),
]


@pytest.mark.parametrize(("cover", "oldest", "expected"), REMEMBERED)
def test_a_cover_loses_the_days_that_the_source_does_not_remember(
    cover: Cover, oldest: date, expected: tuple[date | None, str]
) -> None:
    """And says why."""
    found = remembered(cover, oldest)

    assert found.first == expected[0]
    assert expected[1] in found.missing


def test_a_refusal_leaves_the_days_of_its_tables_only() -> None:
    """By the beginnings of the names of the answers that each needs."""
    answers = [*observed(first="2026-03-01", last="2026-03-04"), Said("b of x", refused="403")]

    found = covers_days(answers, {"one": ("a of ",), "two": ("b of ",), "all": ("",)})

    assert found["one"] == Cover(date(2026, 3, 1), date(2026, 3, 4))
    assert not found["two"].is_whole
    assert not found["all"].is_whole
    assert covers_days([], {"one": ("",)})["one"].last is None


def test_a_history_covers_from_its_first_day_or_from_the_beginning() -> None:
    """Up to the last whole day; not whole, when something was refused."""
    since = covers_history(observed(first="2026-03-01", last="2026-03-04"), ["t"])["t"]
    ever = covers_history(observed(last="2026-03-04"), ["t"])["t"]
    refused = covers_history([*observed(last="2026-03-04"), Said("x", refused="403")], ["t"])["t"]

    assert (since.first, ever.first) == (date(2026, 3, 1), None)
    assert (ever.is_whole, refused.is_whole, refused.missing) == (True, False, "x: 403")
    assert covers_history([], ["t"])["t"].last is None


MOMENTS = {
    "2026-03-01 00:00:00": True,
    "2026-03-04 23:59:59": True,
    "2026-02-28 23:59:59": False,
    "2026-03-05 00:00:00": False,
    None: True,
}


@pytest.mark.parametrize("at", MOMENTS)
def test_a_moment_that_nobody_can_read_is_not_left_out(at: str | None) -> None:
    """It comes out without its time, rather than not at all."""
    assert is_asked({"first": "2026-03-01", "last": "2026-03-04"}, at) is MOMENTS[at]


def test_nothing_is_reached_before_the_first_answer_is_taken() -> None:
    """And each question says its days, which the cursor is computed from."""
    reached: list[str] = []

    def ask(source: str, /, *, first: date, last: date) -> Iterator[Answer]:
        yield Answer(source, f"{first} {last}")

    def reach() -> str:
        reached.append("once")
        return "source"

    (question,) = questions("s", "t", [(date(2026, 3, 1), date(2026, 3, 4))], reach, ask)
    answers = question.ask()

    assert reached == []
    assert [answer.asked for answer in answers] == ["2026-03-01 2026-03-04"]
    said: Mapping[str, str] = question.parameters
    assert last_day(said, []) == "2026-03-04"
