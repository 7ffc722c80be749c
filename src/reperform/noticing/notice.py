"""What must not go unnoticed: of which kind, of what, since when, and what to do.

Pure.  A notice is known by its kind, its subject and the moment since which it holds: the same is
never made twice, and the next break is another notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

LONGEST_REASON = 300
SOON = timedelta(days=30)
"""How long before its end something is noticed: a report or a review takes weeks."""


class Kind(StrEnum):
    """What was noticed."""

    MISSED = "missed"
    FAILED = "failed"
    LACKING = "lacking"
    SILENT = "silent"
    HOLE = "hole"
    DEVIATES = "deviates"
    NOT_PASSED = "not passed"
    UNEVIDENCED = "unevidenced"
    BETTER = "better"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    LATE = "late"
    UNTOLD = "untold"


class Topic(StrEnum):
    """Which part of the program it is about."""

    CONNECTIONS = "connections"
    RESULTS = "results"
    EVIDENCE = "evidence"
    VENDORS = "vendors"
    POLICIES = "policies"
    CALENDAR = "calendar"
    PLAN = "plan"


MEANINGS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.MISSED: "Times at which a source was to be asked passed without an attempt.",
        Kind.FAILED: "A source could not even be asked, and will not be before its next time.",
        Kind.LACKING: "The newest run of a connection did not bring everything.",
        Kind.SILENT: "No run of a connection was complete for longer than its schedule explains.",
        Kind.HOLE: "No evidence was collected of days that have passed.",
        Kind.DEVIATES: "A test of a control passed, and finds exceptions now.",
        Kind.NOT_PASSED: "A test of a control passed, and cannot be concluded or is not run now.",
        Kind.UNEVIDENCED: "A control has less evidence than it had.",
        Kind.BETTER: "A test of a control passes that did not pass in the examination before.",
        Kind.EXPIRING: "Something that the program relies on ends within 30 days.",
        Kind.EXPIRED: "Something that the program relies on has ended.",
        Kind.OVERDUE: "The day by which something was to be done has passed.",
        Kind.LATE: "Something is open for longer than the days that were set for remediation.",
        Kind.UNTOLD: "A webhook did not take a message, and it was given up.",
    }
)
"""Kind -> what it means, as people read it who choose what they are told of."""

VIEWED_WITH: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.CONNECTIONS: "connections.view",
        Topic.RESULTS: "results.view",
        Topic.EVIDENCE: "evidence.view",
        Topic.VENDORS: "vendors.view",
        Topic.POLICIES: "policies.view",
        Topic.CALENDAR: "calendar.view",
        Topic.PLAN: "gap.view",
    }
)
"""Topic -> permission without which nobody sees a notice of it."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One notice, as it stands.

    Attributes:
        kind: what was noticed.
        topic: which part of the program it is about.
        subject: of what, as `CON-3`; with kind and `since` it names the notice.
        title: of the subject.
        since: the moment since which it holds, in UTC.
        text: what happened, in a sentence that begins in lower case; no count of days, which would
            be another one tomorrow.
        todo: what to do.
        page: name of the page of the subject.
        key: what that page's address needs, parts with `/` between; empty for nothing.
        owner: number of the member whose it is; None for nobody's.
        is_gathered: it stands for many things of one subject, which come and go: while one of the
            kind and subject holds, it is the same notice.
    """

    kind: Kind
    topic: Topic
    subject: str
    title: str
    since: datetime
    text: str
    todo: str
    page: str
    key: str = ""
    owner: int | None = None
    is_gathered: bool = False


def begin(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def passed(day: date) -> datetime:
    """Return the first moment at which a day is past."""
    return begin(day) + timedelta(days=1)


def first_line(reason: str | None) -> str:
    """Return what a reason says first, bounded.

    >>> first_line(None)
    'nobody said why'
    """
    return ((reason or "").splitlines() or ["nobody said why"])[0][:LONGEST_REASON]


def ending(day: date, *, today: date) -> Kind | None:
    """Return what is to be noticed of something that ends with a day; None while it is far.

    >>> ending(date(2026, 1, 31), today=date(2026, 1, 31)).value
    'expiring'
    """
    if day < today:
        return Kind.EXPIRED
    return Kind.EXPIRING if day <= today + SOON else None


def ending_since(day: date, kind: Kind) -> datetime:
    """Return since when something expires, or has expired, that ends with a day."""
    return passed(day) if kind is Kind.EXPIRED else begin(day - SOON)
