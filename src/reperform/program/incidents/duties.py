"""Duties to notify: the table, what was decided of an incident, and whether it was kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader, moment_text
from reperform.program.incidents import FIELD

MOST_HOURS = 20_000
"""More than two years: no term is longer."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody whom one may have to notify.

    Attributes:
        key: its id in `library/incidents/duties.yaml`, or `own-3` for a term of one's own.
        title: a few words.
        source: the law or contract.
        whom: who must be told.
        when: under which conditions.
        term: by when, in the words of the source.
        hours: the same as whole hours; None when the source sets no number.
        is_about_personal_data: it can concern only incidents that touched personal data.
    """

    key: str
    title: str
    source: str = ""
    whom: str = ""
    when: str = ""
    term: str = ""
    hours: int | None = None
    is_about_personal_data: bool = False


@dataclass(frozen=True, slots=True)
class DutyFields:
    """What was decided of a duty for one incident.

    Attributes:
        applies: whether it must be notified; None while nobody decided.
        reason: why it applies or does not.
        counted_from: from when the term runs, where that is not when it was noticed.
        due_by: the deadline, where the table sets no hours or others hold.
        done_at: when the notice went out.
        how: by what, to whom.
        proof: number of the file that shows it.
    """

    applies: bool | None = None
    reason: str = ""
    counted_from: datetime | None = None
    due_by: datetime | None = None
    done_at: datetime | None = None
    how: str = ""
    proof: int | None = None


class Standing(StrEnum):
    """Whether a duty was kept."""

    NOT_DECIDED = "not decided"
    DOES_NOT_APPLY = "does not apply"
    RUNNING = "to be done"
    LATE = "late, not done"
    DONE = "done in time"
    DONE_LATE = "done late"
    DONE_WITHOUT_TERM = "done, no deadline known"
    NO_TERM = "to be done, no deadline known"


def standing(
    fields: DutyFields, *, due_at: datetime | None, was_late: bool, now: datetime
) -> Standing:
    """Return whether a duty was kept.

    Args:
        fields: what was decided.
        due_at: the deadline; None when none is known.
        was_late: a notice was recorded that was late, whatever was written since.
        now: when that is asked.
    """
    if fields.applies is None:
        return Standing.NOT_DECIDED
    if not fields.applies:
        return Standing.DOES_NOT_APPLY
    if fields.done_at is not None:
        if was_late or (due_at is not None and fields.done_at > due_at):
            return Standing.DONE_LATE
        return Standing.DONE if due_at else Standing.DONE_WITHOUT_TERM
    if due_at is None:
        return Standing.NO_TERM
    return Standing.LATE if now > due_at else Standing.RUNNING


def deadline(
    fields: DutyFields, *, hours: int | None, noticed_at: datetime | None
) -> datetime | None:
    """Return by when a notice is due; None when it does not apply or cannot be computed."""
    if not fields.applies:
        return None
    start = fields.counted_from or noticed_at
    if fields.due_by is not None:
        return fields.due_by
    try:
        return start + timedelta(hours=hours) if start and hours else None
    except OverflowError:
        return None


def read_duty(content: Mapping[str, Any], *, at: datetime) -> tuple[DutyFields, list[Problem]]:
    """Return the decision that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `DutyFields`.
        at: no notice went out after it.
    """
    reader = Reader(content, FIELD)
    latest = at.replace(microsecond=0)
    fields = DutyFields(
        applies=reader.flag("applies"),
        reason=reader.text("reason"),
        counted_from=reader.moment("counted_from", latest=latest),
        due_by=reader.moment("due_by"),
        done_at=reader.moment("done_at", latest=latest),
        how=reader.text("how"),
        proof=reader.number("proof"),
    )
    reader.refuse_others(DutyFields.__dataclass_fields__, "a decision on a notice")
    if fields.applies is not None and not fields.reason:
        reader.problem("reason", "is empty", "say why it applies, or why not")
    if fields.applies is None and (fields.done_at or fields.reason):
        reader.problem("applies", "is not decided", "say yes or no")
    if fields.applies is False and fields.done_at:
        todo = "leave it empty, or say that the duty applies"
        reader.problem("done_at", "is said of a duty that does not apply", todo)
    if fields.done_at and not fields.how:
        reader.problem("how", "is empty", "say by what means, and to whom")
    return fields, reader.problems


def duty_content(fields: DutyFields) -> dict[str, Any]:
    """Return a decision as JSON values that `read_duty` reads back."""
    return {
        name: moment_text(value) if isinstance(value, datetime) else value
        for name, value in asdict(fields).items()
    }


@dataclass(frozen=True, slots=True)
class TermFields:
    """A duty as one organization has it: one of the table that it decided on, or its own.

    Attributes:
        duty: id of the table's duty that it is about; empty for one of its own.
        title: a few words.
        source: the law or contract.
        whom: who must be told.
        when: under which conditions.
        term: by when, in the words of the source.
        hours: the same as whole hours; None for no number.
        concerns: whether it concerns the organization; what does not is asked of no incident.
        reason: why it does not.
    """

    title: str
    duty: str = ""
    source: str = ""
    whom: str = ""
    when: str = ""
    term: str = ""
    hours: int | None = None
    concerns: bool = True
    reason: str = ""


def read_term(content: Mapping[str, Any]) -> tuple[TermFields, list[Problem]]:
    """Return the term that `content` says, and what is wrong with its fields."""
    reader = Reader(content, FIELD)
    concerns = reader.flag("concerns")
    fields = TermFields(
        title=reader.line("title", needed="say whom one must notify, in a few words"),
        duty=reader.line("duty", longest=40),
        source=reader.line("source"),
        whom=reader.text("whom"),
        when=reader.text("when"),
        term=reader.text("term"),
        hours=reader.number("hours", most=MOST_HOURS),
        concerns=concerns is not False,
        reason=reader.text("reason"),
    )
    reader.refuse_others(TermFields.__dataclass_fields__, "a term")
    if not fields.concerns and not fields.reason:
        reader.problem("reason", "is empty", "say why it does not concern the organization")
    return fields, reader.problems


def term_content(fields: TermFields) -> dict[str, Any]:
    """Return a term as JSON values that `read_term` reads back."""
    return asdict(fields)
