"""A review as it goes out to an auditor: lists with digests, accounts, and decisions."""

from dataclasses import dataclass
from datetime import date, datetime

from reperform.program.access_reviews.accounts import AccountLine


@dataclass(frozen=True, slots=True)
class ExportedList:
    """A system of a review and the list it was reviewed by; empty texts when there is none."""

    system: str
    reviewer: str
    file: str = ""
    sha256: str = ""
    form: str = ""
    source: str = ""
    query: str = ""
    taken_at: datetime | None = None
    taken_by: str = ""
    is_whole: bool | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """An account, whose it is, why it is marked, and what was decided and became of it."""

    system: str
    account: AccountLine
    person: str
    matched_by: str
    marks: tuple[str, ...]
    decision: str = ""
    change_to: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    due_on: date | None = None
    became: str = ""
    shown_by: str = ""
    """SHA-256 of the list that shows it."""


@dataclass(frozen=True, slots=True)
class ExportedReview:
    """A whole review."""

    reference: str
    title: str
    owner: str
    due_on: date
    finished_on: date | None
    finished_by: str
    reopened_because: str
    lists: tuple[ExportedList, ...]
    lines: tuple[ExportedLine, ...]
