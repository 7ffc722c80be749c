"""Checklists as values: what is to be done when somebody joins, moves or leaves.

An organization has at most one for each event and kind of contract; it takes the library's and
makes it its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.people import Event, Kind

SLUG = "checklist-field"
LONGEST_WHAT = 300
LONGEST_ROLE = 120
MOST_ITEMS = 60
MOST_DAYS = 365
THE_PERSON = "the person"
THE_MANAGER = "their manager"
NAMES = tuple(f"{event.value}-{kind.value}" for event in Event for kind in Kind)
"""As in `leaver-employee`."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to do.

    Attributes:
        what: is to be done, as a sentence to whoever does it.
        does: `the person`, `their manager`, or the position of whoever does it.
        days: after the event on which it is due at the latest; before it when negative.
        is_working_days: Saturdays and Sundays do not count.
        proof: what shows that it was done; empty when the word of whoever did it is enough.
        controls: ids of the library's controls that it serves.
        removes_access: it takes away access, so that finishing late is a matter of its own.
    """

    what: str
    does: str
    days: int
    is_working_days: bool = False
    proof: str = ""
    controls: tuple[str, ...] = ()
    removes_access: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is to be done at an event of somebody of a kind.

    Attributes:
        event: that begins it.
        kind: of the people whom it is for.
        title: a few words.
        items: in the order in which they are shown.
    """

    event: Event
    kind: Kind
    title: str
    items: tuple[ChecklistItem, ...]

    @property
    def name(self) -> str:
        """By which it is known, as in `leaver-employee`."""
        return checklist_name(self.event, self.kind)


def checklist_name(event: Event, kind: Kind) -> str:
    """Return the name of the checklist for an event of somebody of a kind."""
    return f"{event.value}-{kind.value}"


def read_checklist(content: Mapping[str, Any], name: str) -> tuple[Checklist, list[Problem]]:
    """Return the checklist that `content` says, and what is wrong with it.

    Args:
        content: `title`, and `items`, a list of mappings by field of `ChecklistItem`.
        name: one of `NAMES`.
    """
    event, kind = name.split("-")
    reader = Reader(content, SLUG)
    title = reader.line("title", needed="say what it is for")
    said = content.get("items")
    if not isinstance(said, list | tuple) or not 0 < len(said) <= MOST_ITEMS:
        reader.problem("items", "is not a list of things to do", f"list 1 to {MOST_ITEMS}")
        said = ()
    items = [_item(each, number, reader) for number, each in enumerate(said, start=1)]
    reader.refuse_others(("title", "items"), "a checklist")
    return Checklist(Event(event), Kind(kind), title, tuple(items)), reader.problems


def _item(said: object, number: int, whole: Reader) -> ChecklistItem:
    if not isinstance(said, Mapping):
        whole.problem(f"items {number}", "is not a thing to do", "give it what, does and days")
        return ChecklistItem("", "", 0)
    reader = Reader(said, SLUG)
    days = reader.number("days", least=-MOST_DAYS, most=MOST_DAYS)
    if days is None and not reader.problems:
        reader.problem("days", "is empty", "say how many days after the event, 0 for the day")
    item = ChecklistItem(
        what=reader.line("what", needed="say what is to be done", longest=LONGEST_WHAT),
        does=reader.line("does", needed="say who does it", longest=LONGEST_ROLE),
        days=days or 0,
        is_working_days=bool(reader.flag("is_working_days")),
        proof=reader.line("proof", longest=LONGEST_WHAT),
        controls=reader.words("controls"),
        removes_access=bool(reader.flag("removes_access")),
    )
    reader.refuse_others(ChecklistItem.__dataclass_fields__, "a thing to do")
    for each in reader.problems:
        whole.problem(f"items {number}: {each.where}", each.what, each.todo)
    return item


def checklist_content(checklist: Checklist) -> dict[str, Any]:
    """Return a checklist as JSON values that `read_checklist` reads."""
    return {
        "title": checklist.title,
        "items": [
            {
                "what": each.what,
                "does": each.does,
                "days": each.days,
                "is_working_days": each.is_working_days,
                "proof": each.proof,
                "controls": list(each.controls),
                "removes_access": each.removes_access,
            }
            for each in checklist.items
        ],
    }
