"""Training and background checks as values.

A check keeps that it was made and what came of it, never what was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.people import EARLIEST, LONGEST_NAME

SLUG = "training-field"
MOST_DAYS = 3_650
MOST_MONTHS = 120


class For(StrEnum):
    """For which kind of workers a course is required."""

    ALL = "all"
    EMPLOYEES = "employee"
    CONTRACTORS = "contractor"


class Outcome(StrEnum):
    """What came of a background check."""

    PENDING = "pending"
    CLEARED = "cleared"
    NOT_CLEARED = "not cleared"
    NOT_LAWFUL = "not lawful here"


@dataclass(frozen=True, slots=True)
class CourseFields:
    """A course that people must complete.

    Attributes:
        course: its name; a record of the same name, in whatever case, completes it.
        kind: see `For`.
        department: that must; empty for every one.
        within_days: after the first day of work.
        every_months: how long a completion counts; None for good.
        since: nobody had to have it before that day.
        retired_on: nobody has to from that day on; None while it is required.
        reason: why it is not required any more.
    """

    course: str
    since: date
    kind: For = For.ALL
    department: str = ""
    within_days: int = 30
    every_months: int | None = 12
    retired_on: date | None = None
    reason: str = ""

    def is_required_on(self, day: date) -> bool:
        """Return whether anybody whom it is for must have it on a day."""
        return self.since <= day and (self.retired_on is None or day < self.retired_on)

    def is_for(self, kind: str, department: str) -> bool:
        """Return whether somebody of a kind and a department must complete it."""
        is_kind = self.kind is For.ALL or self.kind.value == kind
        return is_kind and self.department.casefold() in ("", department.casefold())


@dataclass(frozen=True, slots=True)
class TrainingFields:
    """That somebody completed a course.

    Attributes:
        course: its name.
        completed_on: the day.
        provider: who gave it.
        valid_until: the last day on which it counts, as the certificate says; None for none.
    """

    course: str
    completed_on: date
    provider: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CheckFields:
    """A check of somebody's background.

    Attributes:
        kind: as in `identity and criminal record`.
        ordered_on: the day on which it was asked for.
        completed_on: the day of its outcome; None while it is pending.
        outcome: see `Outcome`.
    """

    kind: str
    ordered_on: date
    completed_on: date | None = None
    outcome: Outcome = Outcome.PENDING


def read_course(content: Mapping[str, Any]) -> tuple[CourseFields, list[Problem]]:
    """Return the required course that `content` says, and what is wrong with it."""
    reader = Reader(content, SLUG)
    within = reader.number("within_days", least=0, most=MOST_DAYS)
    fields = CourseFields(
        course=reader.line("course", needed="name the course", longest=LONGEST_NAME),
        since=reader.day("since", needed="say from which day on it is required") or EARLIEST,
        kind=reader.choice("kind", For, For.ALL),
        department=reader.line("department", longest=LONGEST_NAME),
        within_days=30 if within is None else within,
        every_months=reader.number("every_months", most=MOST_MONTHS),
        retired_on=reader.day("retired_on"),
        reason=reader.line("reason", longest=1_000),
    )
    if fields.retired_on and not fields.reason:
        reader.problem("reason", "is empty", "say why it is not required any more")
    reader.refuse_others(CourseFields.__dataclass_fields__, "a required course")
    return fields, reader.problems


def read_training(
    content: Mapping[str, Any], *, today: date
) -> tuple[TrainingFields, list[Problem]]:
    """Return the completion that `content` says, and what is wrong with it."""
    reader = Reader(content, SLUG)
    completed = reader.day("completed_on", needed="say when it was completed", latest=today)
    fields = TrainingFields(
        course=reader.line("course", needed="name the course", longest=LONGEST_NAME),
        completed_on=completed or EARLIEST,
        provider=reader.line("provider", longest=LONGEST_NAME),
        valid_until=reader.day("valid_until"),
    )
    if completed and fields.valid_until and fields.valid_until < completed:
        reader.problem("valid_until", "is before its completion", f"write {completed} or later")
    reader.refuse_others(TrainingFields.__dataclass_fields__, "a training record")
    return fields, reader.problems


def read_check(content: Mapping[str, Any], *, today: date) -> tuple[CheckFields, list[Problem]]:
    """Return the background check that `content` says, and what is wrong with it."""
    reader = Reader(content, SLUG)
    outcome = reader.choice("outcome", Outcome, Outcome.PENDING)
    ordered = reader.day("ordered_on", needed="say when it was ordered", latest=today)
    completed = reader.day("completed_on", latest=today)
    if outcome is Outcome.PENDING and completed:
        reader.problem("outcome", "is pending, but the check is complete", "choose its outcome")
    if outcome is not Outcome.PENDING and not completed:
        reader.problem("completed_on", "is empty", "say when the outcome was known")
    if ordered and completed and completed < ordered:
        reader.problem("completed_on", "is before its order", f"write {ordered} or a later day")
    fields = CheckFields(
        kind=reader.line("kind", needed="say what was checked", longest=LONGEST_NAME),
        ordered_on=ordered or EARLIEST,
        completed_on=completed,
        outcome=outcome,
    )
    reader.refuse_others(CheckFields.__dataclass_fields__, "a background check")
    return fields, reader.problems


def course_content(fields: CourseFields) -> dict[str, Any]:
    """Return a required course as JSON values that `read_course` reads."""
    return {
        "course": fields.course,
        "since": fields.since.isoformat(),
        "kind": fields.kind.value,
        "department": fields.department,
        "within_days": fields.within_days,
        "every_months": fields.every_months,
        "retired_on": _day(fields.retired_on),
        "reason": fields.reason,
    }


def training_content(fields: TrainingFields) -> dict[str, Any]:
    """Return a completion as JSON values that `read_training` reads."""
    return {
        "course": fields.course,
        "completed_on": fields.completed_on.isoformat(),
        "provider": fields.provider,
        "valid_until": _day(fields.valid_until),
    }


def check_content(fields: CheckFields) -> dict[str, Any]:
    """Return a background check as JSON values that `read_check` reads."""
    return {
        "kind": fields.kind,
        "ordered_on": fields.ordered_on.isoformat(),
        "completed_on": _day(fields.completed_on),
        "outcome": fields.outcome.value,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
