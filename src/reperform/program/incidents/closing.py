"""What keeps an incident from being closed, and whether it was answered in time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reperform.base.problem import Problem
from reperform.program.incidents import IncidentFields
from reperform.program.incidents.duties import Standing
from reperform.program.incidents.library import Level

OPEN = "incident-open"
_UNFINISHED = (Standing.RUNNING, Standing.LATE, Standing.NO_TERM)


def lacking_to_close(fields: IncidentFields, duties: Collection[Standing]) -> list[Problem]:
    """Return what must still be done before an incident can be closed, in the order of work.

    Args:
        fields: the incident.
        duties: how each duty to notify that is asked of it stands.
    """
    found = []

    def lacks(where: str, what: str, todo: str) -> None:
        found.append(Problem(where, what, todo, OPEN))

    if not fields.is_exercise:
        if not fields.severity:
            lacks("severity", "is not decided", "grade it by the table")
        if not fields.cause and not fields.reason:
            todo = "write the root cause, or the reason why it is not known"
            lacks("cause", "is not known", todo)
        if fields.control_failed is None:
            lacks("control_failed", "is not decided", "say whether a control failed")
        if fields.is_reportable is None:
            lacks("is_reportable", "is not decided", "decide whether DC 4 tells of it, and why")
        undecided = sum(each is Standing.NOT_DECIDED for each in duties)
        if undecided:
            lacks("duties", f"{undecided} are not decided", "decide whom to notify, and why")
        waiting = sum(each in _UNFINISHED for each in duties)
        if waiting:
            lacks("duties", f"{waiting} apply and are not done", "notify, and write down when")
    if fields.reviewed_on is None or not fields.lessons:
        todo = "write what was learned, and the day on which those involved reviewed it"
        lacks("lessons", "are not reviewed", todo)
    return found


class Kept(StrEnum):
    """Whether a time of the table of levels was kept."""

    KEPT = "in time"
    MISSED = "too late"
    RUNNING = "still running"
    OVERDUE = "overdue"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Target:
    """A time that the table of levels sets.

    Attributes:
        what: what must have happened.
        due_at: by when; None when it cannot be computed.
        done_at: when it happened; None when it is not known, or has not.
        kept: see `Kept`.
    """

    what: str
    due_at: datetime | None
    done_at: datetime | None
    kept: Kept


def targets(fields: IncidentFields, level: Level | None, *, now: datetime) -> tuple[Target, ...]:
    """Return what the level of an incident demands, and whether it was kept."""
    if level is None:
        return ()
    asked = (
        ("Confirmed", fields.reported_at, level.respond, fields.confirmed_at),
        ("Contained", fields.noticed_at, level.contain, fields.contained_at),
    )
    found = []
    for what, start, hours, done in asked:
        due = start + timedelta(hours=hours) if start else None
        is_over = done is None and fields.state.is_final
        kept = Kept.NOT_KNOWN if due is None or is_over else _kept(due, done, now)
        found.append(Target(f"{what} within {hours} hours", due, done, kept))
    return tuple(found)


def _kept(due: datetime, done: datetime | None, now: datetime) -> Kept:
    if done is not None:
        return Kept.KEPT if done <= due else Kept.MISSED
    return Kept.RUNNING if now <= due else Kept.OVERDUE
