"""Reviews of access as values: what a review asks, what is decided of an account, and when.

A list of accounts says what a system's own source says.  Nothing is guessed from it: an account
that no person is certainly behind is matched to nobody, and what a list does not say is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "review-field"
PREFIX = "REV"
UNUSED_DAYS, REMOVAL_DAYS = 90, 7
MOST_SYSTEMS = 50


class Decision(StrEnum):
    """What is decided of an account; `not mine` leaves it to somebody else, and open."""

    KEEP = "keep"
    CHANGE = "change"
    REMOVE = "remove"
    NOT_MINE = "not mine"
    NONE = ""


class Flag(StrEnum):
    """Why an account needs a look of its own; keeping one that has any needs a reason."""

    LEFT = "of somebody who left"
    NOBODY = "matched to nobody"
    PRIVILEGED = "privileged"
    UNUSED = "not used"


@dataclass(frozen=True, slots=True)
class ReviewFields:
    """What somebody writes about a review.

    Attributes:
        title: as in `Access in the second quarter`.
        owner: number of the member who runs it, and decides what a reviewer may not.
        due_on: the day by which every account is decided.
        systems: number of each asset, with the number of the member who reviews it.
        unused_days: an account that was not used for so long is marked.
        removal_days: so many days after a decision it must be carried out.
        note: more about it.
    """

    title: str
    owner: int | None
    due_on: date | None
    systems: tuple[tuple[int, int], ...]
    unused_days: int = UNUSED_DAYS
    removal_days: int = REMOVAL_DAYS
    note: str = ""


def read_review(content: Mapping[str, Any]) -> tuple[ReviewFields, list[Problem]]:
    """Return the review that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `ReviewFields`; `systems` is a list of objects with the numbers
            `asset` and `reviewer`.
    """
    reader = Reader(content, SLUG)
    fields = ReviewFields(
        title=reader.line("title", needed="say which access it is about"),
        owner=reader.number("owner"),
        due_on=reader.day("due_on", needed="name the day by which it must be done"),
        systems=_systems(reader, content.get("systems")),
        unused_days=reader.number("unused_days", most=3_650) or UNUSED_DAYS,
        removal_days=reader.number("removal_days", most=365) or REMOVAL_DAYS,
        note=reader.text("note", longest=2_000),
    )
    if fields.owner is None and not any(each.where == "owner" for each in reader.problems):
        reader.problem("owner", "is empty", "choose who runs it")
    reader.refuse_others(ReviewFields.__dataclass_fields__, "a review")
    return fields, reader.problems


def _systems(reader: Reader, said: object) -> tuple[tuple[int, int], ...]:
    todo = "name each asset once, with who reviews it"
    if not isinstance(said, list | tuple) or not said:
        reader.problem("systems", "there is none", todo)
        return ()
    found: dict[int, int] = {}
    for each in said[: MOST_SYSTEMS + 1]:
        inner = Reader(each if isinstance(each, dict) else {}, SLUG)
        asset, reviewer = inner.number("asset"), inner.number("reviewer")
        if inner.problems or asset is None or reviewer is None or asset in found:
            reader.problem("systems", "is not a list of assets and reviewers", todo)
            return ()
        found[asset] = reviewer
    if len(found) > MOST_SYSTEMS:
        reader.problem("systems", f"has more than {MOST_SYSTEMS}", "make more than one review")
        return ()
    return tuple(sorted(found.items()))


def review_content(fields: ReviewFields) -> dict[str, Any]:
    """Return a review's fields as JSON values, which `read_review` reads back."""
    return {
        "title": fields.title,
        "owner": fields.owner,
        "due_on": fields.due_on.isoformat() if fields.due_on else None,
        "systems": [{"asset": asset, "reviewer": who} for asset, who in fields.systems],
        "unused_days": fields.unused_days,
        "removal_days": fields.removal_days,
        "note": fields.note,
    }


@dataclass(frozen=True, slots=True)
class Decided:
    """What a reviewer says of one account of a list.

    Attributes:
        row: of the account, 1 for the first.
        decision: see `Decision`.
        change_to: what it becomes; needed for a change.
        reason: needed to keep what is marked, and to leave one to somebody else.
        seen: the version of the decision that was seen; 0 for none.
    """

    row: int
    decision: Decision
    change_to: str = ""
    reason: str = ""
    seen: int = 0


def read_decision(content: Mapping[str, Any]) -> tuple[Decided, list[Problem]]:
    """Return what is decided of one account, and what is wrong with it."""
    reader = Reader(content, SLUG)
    decided = Decided(
        row=reader.number("row") or 0,
        decision=reader.choice("decision", Decision, Decision.NONE),
        change_to=reader.text("change_to", longest=500),
        reason=reader.text("reason", longest=2_000),
        seen=reader.number("seen", least=0) or 0,
    )
    reader.refuse_others(Decided.__dataclass_fields__, "a decision")
    where = f"row {decided.row}"
    problems = [Problem(where, f"{p.where} {p.what}", p.todo, p.slug) for p in reader.problems]
    return decided, problems


def lacking(decided: Decided, flags: Sequence[Flag]) -> Problem | None:
    """Return what a decision lacks; None when it says all that it must."""
    where = f"row {decided.row}"
    if decided.decision is Decision.NONE:
        return Problem(where, "nothing is decided", "choose what is to be done", SLUG)
    if decided.decision is Decision.CHANGE and not decided.change_to:
        return Problem(where, "a change says not to what", "say which access is right", SLUG)
    if decided.decision is Decision.NOT_MINE and not decided.reason:
        return Problem(where, "is left to somebody else", "say who should decide, or why", SLUG)
    if decided.decision is Decision.KEEP and flags and not decided.reason:
        what = f"is kept though it is {flags[0].value}"
        return Problem(where, what, "say why: an auditor will ask", SLUG)
    return None


def reference(number: int) -> str:
    """Return how people name a review.

    >>> reference(3)
    'REV-3'
    """
    return f"{PREFIX}-{number}"
