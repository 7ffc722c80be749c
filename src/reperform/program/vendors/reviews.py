"""A review of a vendor as a value, and the conditions that its outcome may have."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.vendors import jsonable

SLUG = "vendor-review"
LONGEST_CONDITION = 500
MOST_CONDITIONS = 50
_LINE = re.compile(r"(?P<due_on>\d{4}-\d\d-\d\d)\s*:?\s+(?P<text>.+)", re.ASCII | re.DOTALL)


class ReviewKind(StrEnum):
    """Why it was done."""

    ONBOARDING = "before start"
    PERIODIC = "periodic"
    EVENT = "after an event"


class LookedAt(StrEnum):
    """What a reviewer looked at."""

    SOC_REPORT = "SOC report"
    ISO = "ISO certificate"
    QUESTIONNAIRE = "questionnaire"
    PENTEST = "penetration test letter"
    OWN = "own checks"
    OTHER = "other"


class Outcome(StrEnum):
    """What the reviewer concluded."""

    ACCEPTABLE = "acceptable"
    CONDITIONS = "acceptable with conditions"
    NOT_ACCEPTABLE = "not acceptable"


class ConditionState(StrEnum):
    """What became of a condition."""

    OPEN = "open"
    MET = "met"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done by when."""

    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ReviewFields:
    """What a reviewer says.

    Attributes:
        kind: see `ReviewKind`.
        reviewed_on: the day of the review.
        reviewer: number of the member who reviewed; None for whoever enters it.
        looked_at: see `LookedAt`, at least one.
        report: number of the vendor's SOC report that was read; None for none.
        outcome: see `Outcome`.
        findings: what was found, and why the outcome follows from it.
        conditions: only of an outcome with conditions, and then at least one.
        next_due: the next review at the latest; None for what the vendor's class says.
    """

    kind: ReviewKind
    reviewed_on: date
    reviewer: int | None
    looked_at: tuple[str, ...]
    report: int | None
    outcome: Outcome
    findings: str
    conditions: tuple[Condition, ...] = ()
    next_due: date | None = None


def read_review(content: Mapping[str, Any], *, today: date) -> tuple[ReviewFields, list[Problem]]:
    """Return the review that `content` says, and what is wrong with it.

    Args:
        content: by field name of `ReviewFields`.  A condition is an object with `text` and
            `due_on`, or a line that begins with its day: `2026-10-01 Turn on SSO`.
        today: no review is after it.
    """
    reader = Reader(content, SLUG)
    if not reader.content.get("outcome"):
        reader.problem("outcome", "is empty", "say what you concluded")
    looked_at = _looked_at(reader)
    fields = ReviewFields(
        kind=reader.choice("kind", ReviewKind, ReviewKind.PERIODIC),
        reviewed_on=reader.day("reviewed_on", latest=today) or today,
        reviewer=reader.number("reviewer"),
        looked_at=looked_at,
        report=reader.number("report"),
        outcome=reader.choice("outcome", Outcome, Outcome.NOT_ACCEPTABLE),
        findings=reader.text("findings", needed="say what you found"),
        conditions=_conditions(reader),
        next_due=reader.day("next_due"),
    )
    reader.refuse_others(ReviewFields.__dataclass_fields__, "a review")
    _contradictions(reader, fields)
    return fields, reader.problems


def _looked_at(reader: Reader) -> tuple[str, ...]:
    said = reader.content.get("looked_at") or ()
    many = [said] if isinstance(said, str) else said
    if not isinstance(many, list | tuple) or not all(isinstance(each, str) for each in many):
        reader.problem("looked_at", "is not a list of texts", "choose what you looked at")
        return ()
    known = [each.value for each in LookedAt]
    if any(each not in known for each in many):
        reader.problem("looked_at", "is none of the choices", f"choose from: {', '.join(known)}")
        return ()
    if not many:
        reader.problem("looked_at", "is empty", "choose at least one: a glance is no review")
    return tuple(each for each in known if each in many)


def _conditions(reader: Reader) -> tuple[Condition, ...]:
    said = reader.content.get("conditions") or ()
    many = said.splitlines() if isinstance(said, str) else said
    if not isinstance(many, list | tuple) or len(many) > MOST_CONDITIONS:
        todo = f"write at most {MOST_CONDITIONS}, one a line"
        reader.problem("conditions", "is not a short list", todo)
        return ()
    found = (_condition(reader, each) for each in many if not isinstance(each, str) or each.strip())
    return tuple(each for each in found if each)


def _condition(reader: Reader, said: object) -> Condition | None:
    if isinstance(said, str):
        line = _LINE.fullmatch(said.strip())
        said = line.groupdict() if line else {}
    inner = Reader(said if isinstance(said, Mapping) else {}, SLUG)
    text = inner.line("text", longest=LONGEST_CONDITION)
    due_on = inner.day("due_on")
    if inner.problems or not text or not due_on:
        todo = "write its day and what must be done, as: 2026-10-01 Turn on SSO"
        reader.problem("conditions", "holds one without a day or a text", todo)
        return None
    return Condition(text, due_on)


def _contradictions(reader: Reader, fields: ReviewFields) -> None:
    wrong = {each.where for each in reader.problems}
    has_them = bool(fields.conditions) or "conditions" in wrong
    if "outcome" not in wrong and has_them != (fields.outcome is Outcome.CONDITIONS):
        todo = "choose the outcome with conditions and write them, or neither"
        reader.problem("conditions", "do not fit the outcome", todo)
    if fields.next_due and fields.next_due <= fields.reviewed_on:
        reader.problem("next_due", "is not after the review", "write a later day")
    if fields.report is not None and LookedAt.SOC_REPORT not in fields.looked_at:
        reader.problem("report", "is named, but no SOC report was looked at", "tick it, too")


def review_content(fields: ReviewFields) -> dict[str, Any]:
    """Return the JSON values that `read_review` reads back."""
    return {name: jsonable(value) for name, value in asdict(fields).items()}


@dataclass(frozen=True, slots=True)
class SettleFields:
    """What became of a condition, on which day, and how or why."""

    state: ConditionState
    settled_on: date | None
    reason: str


def read_settling(content: Mapping[str, Any], *, today: date) -> tuple[SettleFields, list[Problem]]:
    """Return what became of a condition, and what is wrong with it; open again has no day."""
    reader = Reader(content, SLUG)
    state = reader.choice("state", ConditionState, ConditionState.OPEN)
    is_open = state is ConditionState.OPEN
    todo = "" if is_open else "say how it was met, or why it is waived"
    fields = SettleFields(
        state=state,
        settled_on=None if is_open else reader.day("settled_on", latest=today) or today,
        reason=reader.text("reason", needed=todo),
    )
    reader.refuse_others(SettleFields.__dataclass_fields__, "a condition")
    return fields, reader.problems
