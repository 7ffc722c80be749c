"""Shapes of what the operations on incidents take and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field as Bounded

from reperform.api.answers import ProblemOut
from reperform.program.incidents import incident_content, reference
from reperform.program.incidents.duties import duty_content, term_content
from reperform.program.models import Incident, IncidentEntry, NoIncidents, NotificationTerm
from reperform.program.queries.incident_notices import DutyLine, term_fields
from reperform.program.queries.incidents import incident_fields

Seen = Bounded(ge=0, le=1_000_000_000)


class IncidentOut(Schema):
    """One incident; null is not known or not decided, and never no.

    `content` has the fields of the form: times in UTC, `handler` a member's number.
    """

    number: int
    reference: str
    version: int
    on: date
    is_exercise: bool
    state: str
    content: dict[str, Any]
    tasks: list[int]

    @staticmethod
    def of(row: Incident) -> "IncidentOut":
        """Return an incident as an answer; its tasks are loaded with it."""
        return IncidentOut(
            number=row.number,
            reference=reference(row.number),
            version=row.version,
            on=row.on,
            is_exercise=row.is_exercise,
            state=row.state,
            content=incident_content(incident_fields(row)),
            tasks=sorted(task.number for task in row.tasks.all()),
        )


class IncidentIn(Schema):
    """A whole incident; `content` has the fields of `IncidentOut.content`."""

    content: dict[str, Any]


class IncidentChangeIn(IncidentIn):
    """As `IncidentIn`; `seen` is the version that it changes."""

    seen: int = Seen


class ReportIn(Schema):
    """What somebody noticed; `personal_data` null for not known."""

    title: str
    what: str
    noticed_at: str = ""
    affected: str = ""
    personal_data: bool | None = None


class ReportOut(Schema):
    """One's own report, and what became of it."""

    number: int
    reference: str
    title: str
    reported_at: datetime | None
    state: str
    reason: str
    disposition: str

    @staticmethod
    def of(row: Incident) -> "ReportOut":
        """Return a report as an answer."""
        return ReportOut(
            number=row.number,
            reference=reference(row.number),
            title=row.title,
            reported_at=row.reported_at,
            state=row.state,
            reason=row.reason,
            disposition=row.disposition,
        )


class EntryIn(Schema):
    """An entry of the timeline; now when no time is said."""

    said: str
    happened_at: str = ""
    corrects: int | None = None


class TimelineEntryOut(Schema):
    """An entry of the timeline; `proof` is the number of a kept file."""

    number: int
    happened_at: datetime
    said: str
    corrects: int | None
    proof: int | None
    by: str
    at: datetime

    @staticmethod
    def of(row: IncidentEntry) -> "TimelineEntryOut":
        """Return an entry as an answer."""
        return TimelineEntryOut(
            number=row.number,
            happened_at=row.happened_at,
            said=row.said,
            corrects=row.corrects.number if row.corrects else None,
            proof=row.proof.number if row.proof else None,
            by=row.by,
            at=row.at,
        )


class DutyOut(Schema):
    """A duty to notify: what the table says, what was decided, and whether it was kept."""

    duty: str
    title: str
    source: str
    term: str
    hours: int | None
    standing: str
    due_at: datetime | None
    version: int
    content: dict[str, Any]

    @staticmethod
    def of(line: DutyLine) -> "DutyOut":
        """Return a duty as an answer."""
        return DutyOut(
            duty=line.duty.key,
            title=line.duty.title,
            source=line.duty.source,
            term=line.duty.term,
            hours=line.duty.hours,
            standing=line.standing.value,
            due_at=line.due_at,
            version=line.version,
            content=duty_content(line.fields),
        )


class DutyIn(Schema):
    """The whole decision anew; `seen` is its version, 0 for none."""

    seen: int = Seen
    content: dict[str, Any]


class DismissIn(Schema):
    """Why none of the duties applies that nobody decided."""

    reason: str


class DismissedOut(Schema):
    """The duties that were decided so."""

    duties: list[str]


class TermOut(Schema):
    """A duty as the organization has it; `content.duty` is empty for one of its own."""

    number: int
    version: int
    content: dict[str, Any]

    @staticmethod
    def of(row: NotificationTerm) -> "TermOut":
        """Return a term as an answer."""
        return TermOut(
            number=row.number, version=row.version, content=term_content(term_fields(row))
        )


class TermIn(Schema):
    """A whole term; `content` has the fields of `TermOut.content`."""

    content: dict[str, Any]


class TermChangeIn(TermIn):
    """As `TermIn`; `seen` is the version that it changes."""

    seen: int = Seen


class NoneIn(Schema):
    """A statement that there was no incident from `first` to `last`."""

    first: str
    last: str
    basis: str


class NoneOut(Schema):
    """Such a statement, and the incidents by which it is wrong by now."""

    number: int
    first: date
    last: date
    basis: str
    by: str
    at: datetime
    contradicted_by: list[str]

    @staticmethod
    def of(row: NoIncidents, wrong: tuple[str, ...]) -> "NoneOut":
        """Return a statement as an answer."""
        return NoneOut(
            number=row.number,
            first=row.first_day,
            last=row.last_day,
            basis=row.basis,
            by=row.by,
            at=row.at,
            contradicted_by=list(wrong),
        )


class DisclosureOut(Schema):
    """What DC 4 says, and what it would say from the register.

    `version` is that of the field, 0 while nobody wrote it.  While `undecided` names incidents, the
    proposal does not say that there was no other.
    """

    version: int
    says: str
    proposal: str
    told: list[str]
    undecided: list[str]


class DisclosureIn(Schema):
    """The text for DC 4; `seen` is the version of the field that it changes, 0 for none."""

    seen: int = Seen
    text: str


class IncidentRowOut(Schema):
    """One row, and what it would do; empty when it has a problem."""

    row: int
    title: str
    does: str


class IncidentDryRunOut(Schema):
    """What a file would do; send `fingerprint` as `expected` to import it."""

    fingerprint: str
    warnings: list[str]
    rows: list[IncidentRowOut]
    problems: list[ProblemOut]
