"""What somebody asks for when they ask for a waiver."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import MOST_IN_LIST, Reader

SLUG = "waiver"
FIELDS = ("test", "items", "reason", "compensating_control", "compensating", "first", "last")
LONGEST = timedelta(days=366)
"""Longer than a year nothing is accepted unseen: it is asked for anew."""
_LONGEST_ITEM = 500


@dataclass(frozen=True, slots=True)
class WaiverFields:
    """What is asked for.

    Attributes:
        test: id of a test of the library.
        test_sha256: digest of the test's file, whose demand it is.
        items: the items that are waived, as results name them; none for every item of the test.
        reason: why the departure is acceptable.
        compensating_control: code of a control in force that makes up for it; empty for none.
        compensating: how it is made up for; empty when it is not.
        first: first day on which it counts.
        last: last day, included.
    """

    test: str
    test_sha256: str
    items: tuple[str, ...]
    reason: str
    compensating_control: str
    compensating: str
    first: date
    last: date


def read_waiver(
    content: Mapping[str, Any], *, tests: Mapping[str, str], today: date
) -> tuple[WaiverFields, list[Problem]]:
    """Return what a form or an API's body asks for, and what is wrong with it.

    Args:
        content: by name, as `FIELDS`.
        tests: id of every test of the library -> digest of its file.
        today: `first` when no day is said; a waiver that would have ended by then is refused.
    """
    reader = Reader(content, SLUG)
    reader.refuse_others(FIELDS, "a waiver")
    test = reader.line("test", needed="name the test, such as AC-01.T1", longest=40)
    if test and test not in tests:
        reader.problem("test", "is no test of the library", "take its id from the page Results")
    first = reader.day("first") or today
    last = reader.day("last", needed="name the last day: nothing is waived for good")
    fields = WaiverFields(
        test=test,
        test_sha256=tests.get(test, ""),
        items=_items(reader),
        reason=reader.text("reason", needed="say why the departure is acceptable", longest=4_000),
        compensating_control=reader.line("compensating_control", longest=12),
        compensating=reader.text("compensating", longest=4_000),
        first=first,
        last=last or first,
    )
    if last is not None:
        _judge_days(reader, first, last, today)
    return fields, reader.problems


def _judge_days(reader: Reader, first: date, last: date, today: date) -> None:
    if last < first:
        reader.problem("last", "is before the first day", "correct one of the two")
    elif last - first > LONGEST:
        todo = f"name {first + LONGEST} or an earlier day, and ask again then"
        reader.problem("last", "is more than a year after the first day", todo)
    elif last < today:
        todo = "a deviation of days gone by is answered in the report, not waived"
        reader.problem("last", f"{last} is over", todo)


def _items(reader: Reader) -> tuple[str, ...]:
    """Return items byte for byte: one that was tidied up would be another one."""
    said = reader.content.get("items")
    if isinstance(said, str):
        said = said.replace("\r\n", "\n").split("\n")
    if said is None:
        return ()
    if not isinstance(said, list | tuple) or not all(isinstance(each, str) for each in said):
        reader.problem("items", "is no list of texts", "write one item a line")
        return ()
    found = tuple(dict.fromkeys(each for each in said if each.strip()))
    if len(found) > MOST_IN_LIST:
        todo = f"name at most {MOST_IN_LIST}, or none for every item of the test"
        reader.problem("items", f"has {len(found):,} items", todo)
        return ()
    for each in found:
        if (
            len(each) > _LONGEST_ITEM
            or "\x00" in each
            or any("\ud800" <= c <= "\udfff" for c in each)
        ):
            reader.problem(
                "items", f"holds {each[:20]!a}, which is no item", "copy it from Results"
            )
            return ()
    return found


def waiver_content(fields: WaiverFields) -> dict[str, Any]:
    """Return what the ledger, a form and the API say of what is asked for, as JSON values."""
    return {
        "test": fields.test,
        "test_sha256": fields.test_sha256,
        "items": list(fields.items),
        "reason": fields.reason,
        "compensating_control": fields.compensating_control,
        "compensating": fields.compensating,
        "first": fields.first.isoformat(),
        "last": fields.last.isoformat(),
    }
