"""Incidents as values: what one says, how it is read, and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader, moment_text
from reperform.catalog.criteria import CRITERION_IDS

FIELD, REFUSED = "incident-field", "incident-refused"
NOT_DECIDED = "not decided"


class Kind(StrEnum):
    """What sort of incident it is."""

    NOT_DECIDED = "not decided"
    ACCESS = "unauthorized access"
    DISCLOSURE = "data disclosed"
    LOSS = "data lost or changed"
    MALWARE = "malicious software"
    PHISHING = "phishing or fraud"
    OUTAGE = "outage or slowness"
    PROCESSING = "wrong processing"
    DEVICE = "device lost or stolen"
    VENDOR = "incident of a vendor"
    OTHER = "other"


class State(StrEnum):
    """How far the response has come."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"
    FALSE_ALARM = "false alarm"

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do."""
        return self in (State.CLOSED, State.FALSE_ALARM)


@dataclass(frozen=True, slots=True)
class IncidentFields:
    """What the register says of an incident; None is not known or not decided, and never no.

    Attributes:
        title: a few words.
        what: what happened.
        kind: see `Kind`.
        severity: id of a level of `library/incidents/severity.yaml`; empty while nobody decided.
        state: see `State`.
        is_exercise: it was played, and never happened; decided when it is entered.
        reason: why it is a false alarm, or why it is closed although its cause is not known.
        began_at: when it began.
        noticed_at: when somebody of the organization first noticed; terms of notices run from it.
        reported_at: when it was reported within the organization.
        confirmed_at: when somebody had looked, and said that it is one.
        contained_at: when it did no more harm.
        resolved_at: when operation was back to normal.
        affected: systems, data and people that it touched, in words.
        assets: names of the assets.
        customers: names of the customers.
        criteria: ids of the criteria that it bears on.
        controls: codes of the controls that it bears on.
        personal_data: whether it touched personal data.
        handler: number of the member who handles it.
        cause: the root cause.
        control_failed: whether a control failed.
        failed_controls: codes of those that did.
        commitment_missed: whether a commitment to customers was not kept.
        is_reportable: whether DC 4 tells of it.
        reportable_because: why, or why not.
        extent: how far it reached, as DC 4 tells.
        disposition: how it ended, as DC 4 tells.
        lessons: what was learned.
        reviewed_on: the day on which those involved reviewed it.
    """

    title: str
    what: str = ""
    kind: Kind = Kind.NOT_DECIDED
    severity: str = ""
    state: State = State.REPORTED
    is_exercise: bool = False
    reason: str = ""
    began_at: datetime | None = None
    noticed_at: datetime | None = None
    reported_at: datetime | None = None
    confirmed_at: datetime | None = None
    contained_at: datetime | None = None
    resolved_at: datetime | None = None
    affected: str = ""
    assets: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    personal_data: bool | None = None
    handler: int | None = None
    cause: str = ""
    control_failed: bool | None = None
    failed_controls: tuple[str, ...] = ()
    commitment_missed: bool | None = None
    is_reportable: bool | None = None
    reportable_because: str = ""
    extent: str = ""
    disposition: str = ""
    lessons: str = ""
    reviewed_on: date | None = None

    @property
    def on(self) -> date | None:
        """The day by which it belongs to a period: on which it began, as far as that is known."""
        at = self.began_at or self.noticed_at or self.reported_at
        return at.date() if at else None


TIMES = ("began_at", "noticed_at", "reported_at", "confirmed_at", "contained_at", "resolved_at")
NAMES: Mapping[str, str] = {
    "began_at": "it began",
    "noticed_at": "it was noticed",
    "reported_at": "it was reported",
    "contained_at": "it was contained",
    "resolved_at": "it was resolved",
}
_ORDERS = (
    ("began_at", "noticed_at", "reported_at"),
    ("began_at", "contained_at", "resolved_at"),
)
"""What cannot come before what.  A vendor may contain what we notice later."""


def reference(number: int) -> str:
    """Return how people name an incident.

    >>> reference(7)
    'INC-7'
    """
    return f"INC-{number}"


def read_incident(
    content: Mapping[str, Any], *, severities: Collection[str], at: datetime
) -> tuple[IncidentFields, list[Problem]]:
    """Return the incident that `content` says, and what is wrong with its fields.

    Whether handler and controls exist is asked when it is kept.

    Args:
        content: by field name of `IncidentFields`.
        severities: ids of the levels that there are.
        at: nothing happened after it.
    """
    reader = Reader(content, FIELD)
    fields = IncidentFields(
        title=reader.line("title", needed="say in a few words what it is"),
        what=reader.text("what"),
        kind=reader.choice("kind", Kind, Kind.NOT_DECIDED),
        severity=_severity(reader, severities),
        state=reader.choice("state", State, State.REPORTED),
        is_exercise=bool(reader.flag("is_exercise")),
        reason=reader.text("reason"),
        **{name: reader.moment(name, latest=at) for name in TIMES},
        affected=reader.text("affected"),
        assets=reader.lines("assets"),
        customers=reader.lines("customers"),
        criteria=reader.words("criteria", CRITERION_IDS),
        controls=reader.words("controls"),
        personal_data=reader.flag("personal_data"),
        handler=reader.number("handler"),
        cause=reader.text("cause"),
        control_failed=reader.flag("control_failed"),
        failed_controls=reader.words("failed_controls"),
        commitment_missed=reader.flag("commitment_missed"),
        is_reportable=reader.flag("is_reportable"),
        reportable_because=reader.text("reportable_because"),
        extent=reader.text("extent"),
        disposition=reader.text("disposition"),
        lessons=reader.text("lessons"),
        reviewed_on=reader.day("reviewed_on", latest=at.date()),
    )
    reader.refuse_others(IncidentFields.__dataclass_fields__, "an incident")
    return fields, [*reader.problems, *_contradictions(fields)]


def incident_content(fields: IncidentFields) -> dict[str, Any]:
    """Return an incident as JSON values that `read_incident` reads back."""
    return {name: _plain(value) for name, value in asdict(fields).items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, StrEnum) else value


def _severity(reader: Reader, severities: Collection[str]) -> str:
    said = reader.line("severity", longest=20)
    if said and said not in severities:
        reader.problem("severity", "is no level", f"choose from: {', '.join(severities)}")
        return ""
    return said


def _contradictions(fields: IncidentFields) -> list[Problem]:
    found = list(_disorder(fields))

    def wrong(where: str, what: str, todo: str) -> None:
        found.append(Problem(where, what, todo, FIELD))

    if fields.on is None:
        todo = "say when it began, was noticed or was reported: one of the three at least"
        wrong("noticed_at", "is empty, and so are the others", todo)
    if fields.state is State.FALSE_ALARM and not fields.reason:
        wrong("reason", "is empty", "say why it is a false alarm: an auditor will ask")
    if fields.failed_controls and fields.control_failed is not True:
        wrong("failed_controls", "names a control, and none is said to have failed", "say yes")
    if fields.is_reportable is not None and not fields.reportable_because:
        wrong("reportable_because", "is empty", "say why DC 4 tells of it, or why not")
    if fields.is_reportable and fields.control_failed is False and not fields.commitment_missed:
        todo = "DC 4 is for failed controls and missed commitments: correct one of the three"
        wrong("is_reportable", "is yes, and no control failed and no commitment was missed", todo)
    if fields.is_reportable and (fields.is_exercise or fields.state is State.FALSE_ALARM):
        wrong("is_reportable", "is yes, and nothing happened", "write no")
    return found


def _disorder(fields: IncidentFields) -> list[Problem]:
    found = {}
    for order in _ORDERS:
        known = [(name, getattr(fields, name)) for name in order if getattr(fields, name)]
        for (before, earlier), (after, later) in pairwise(known):
            if later < earlier:
                what = f"{moment_text(later)} is before {NAMES[before]} ({moment_text(earlier)})"
                found[after] = Problem(after, what, "correct one of the two", FIELD)
    return list(found.values())
