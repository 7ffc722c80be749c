"""Shapes of what the operations on reviews of access take and answer."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from reperform.api.answers import ProblemOut
from reperform.program.access_reviews import reference
from reperform.program.access_reviews.cycle import Cycle
from reperform.program.access_reviews.lists import ReadList
from reperform.program.models import AccessReview, AccountDecision, AccountList
from reperform.program.queries.access_reviews import Line, Progress, System


class ReviewOut(Schema):
    """One review and how far it is; `owner` is a member's number."""

    number: int
    reference: str
    version: int
    title: str
    note: str
    owner: int
    due_on: date
    unused_days: int
    removal_days: int
    finished_on: date | None
    finished_by: str
    accounts: int
    decided: int
    without_list: int

    @staticmethod
    def of(row: AccessReview, progress: Progress) -> "ReviewOut":
        """Return a review as an answer."""
        return ReviewOut(
            number=row.number,
            reference=reference(row.number),
            version=row.version,
            title=row.title,
            note=row.note,
            owner=row.owner_id,
            due_on=row.due_on,
            unused_days=row.unused_days,
            removal_days=row.removal_days,
            finished_on=row.finished_on,
            finished_by=row.finished_by,
            accounts=progress.accounts,
            decided=progress.decided,
            without_list=progress.without_list,
        )


class SystemOut(Schema):
    """A system of a review: its asset, its reviewer, its list, and how far it is."""

    asset: int
    name: str
    reviewer: int
    list: int | None
    sha256: str
    accounts: int
    decided: int
    is_late: bool

    @staticmethod
    def of(system: System, today: date) -> "SystemOut":
        """Return a system as an answer."""
        row = system.row
        return SystemOut(
            asset=row.asset.number,
            name=row.asset.name,
            reviewer=row.reviewer_id,
            list=row.list.number if row.list else None,
            sha256=row.list.file.sha256 if row.list else "",
            accounts=system.progress.accounts,
            decided=system.progress.decided,
            is_late=system.is_late(today),
        )


class ReviewWholeOut(ReviewOut):
    """One review with its systems."""

    systems: list[SystemOut]


class ReviewIn(Schema):
    """The whole review anew: title, owner, due_on, unused_days, removal_days, note, systems."""

    content: dict[str, Any]


class ReviewChangeIn(ReviewIn):
    """As `ReviewIn`; `seen` is the version that it changes."""

    seen: int


class ReviewSeenIn(Schema):
    """The version of the review that was seen."""

    seen: int


class ReopenIn(ReviewSeenIn):
    """Why a finished review is opened again."""

    reason: str


class AccountOut(Schema):
    """One account of a review; null is what the list does not say; `person` null: not matched."""

    row: int
    key: str
    name: str
    email: str
    access: str
    privileged: bool | None
    enabled: bool | None
    last_used: date | None
    never_used: bool
    person: int | None
    matched_by: str
    marks: list[str]
    decision: str
    change_to: str
    reason: str
    by: str
    at: datetime | None
    version: int

    @staticmethod
    def of(line: Line) -> "AccountOut":
        """Return an account as an answer."""
        account, there = line.account, line.decision
        return AccountOut(
            row=account.row,
            key=account.key,
            name=account.name,
            email=account.email,
            access=account.access,
            privileged=account.privileged,
            enabled=account.enabled,
            last_used=account.last_used,
            never_used=account.never_used,
            person=account.person.number if account.person else None,
            matched_by=account.matched_by,
            marks=[each.value for each in line.flags],
            decision=there.decision if there else "",
            change_to=there.change_to if there else "",
            reason=there.reason if there else "",
            by=there.by if there else "",
            at=there.at if there else None,
            version=there.version if there else 0,
        )


class DecisionIn(Schema):
    """What is decided of the account in a row; `seen` is the version that was seen, 0 for none."""

    row: int
    decision: Literal["keep", "change", "remove", "not mine"]
    change_to: str = ""
    reason: str = ""
    seen: int = 0


class DecisionsIn(Schema):
    """Decisions on accounts of one system: all of them are taken, or none."""

    decisions: Annotated[list[DecisionIn], Field(max_length=200)]


class CountOut(Schema):
    """How many were decided."""

    count: int


class ListOut(Schema):
    """A list of accounts and where it comes from; `file` is downloaded under /files."""

    number: int
    asset: int
    form: str
    rows: int
    source: str
    query: str
    taken_at: datetime
    taken_by: str
    is_whole: bool | None
    file: int
    sha256: str

    @staticmethod
    def of(row: AccountList) -> "ListOut":
        """Return a list as an answer."""
        return ListOut(
            number=row.number,
            asset=row.asset.number,
            form=row.form,
            rows=row.rows,
            source=row.source,
            query=row.query,
            taken_at=row.taken_at,
            taken_by=row.taken_by,
            is_whole=row.is_whole,
            file=row.file.number,
            sha256=row.file.sha256,
        )


class ListDryRunOut(Schema):
    """What a file says; with a problem it is not kept."""

    form: str
    accounts: int
    mapping: dict[str, int]
    warnings: list[str]
    problems: list[ProblemOut]

    @staticmethod
    def of(read: ReadList) -> "ListDryRunOut":
        """Return what a file says as an answer."""
        return ListDryRunOut(
            form=read.form,
            accounts=len(read.accounts),
            mapping=dict(read.mapping or {}),
            warnings=list(read.warnings),
            problems=[ProblemOut.of(each) for each in read.problems],
        )


class RemovalOut(Schema):
    """What was decided to be removed or changed, and what later lists show.

    `state` is `gone`, `disabled` or `changed` when the list `list` shows it carried out,
    `still there` when it shows that it is not, and `not known` while no list says.
    """

    review: int
    asset: int
    account: str
    decision: str
    change_to: str
    reason: str
    due_on: date | None
    is_overdue: bool
    state: str
    list: int | None
    sha256: str

    @staticmethod
    def of(row: AccountDecision, today: date) -> "RemovalOut":
        """Return a removal as an answer."""
        shown_by = row.settled_in or row.seen_in
        is_open = row.settled_in is None
        return RemovalOut(
            review=row.system.review.number,
            asset=row.system.asset.number,
            account=row.account.key,
            decision=row.decision,
            change_to=row.change_to,
            reason=row.reason,
            due_on=row.due_on,
            is_overdue=is_open and row.due_on is not None and row.due_on < today,
            state=row.settled_as or ("still there" if row.seen_in else "not known"),
            list=shown_by.number if shown_by else None,
            sha256=shown_by.file.sha256 if shown_by else "",
        )


class CycleOut(Schema):
    """When a system must be reviewed; `due_on` is null while that cannot be said."""

    asset: int
    name: str
    months: int | None
    reviewed_on: date | None
    due_on: date | None
    is_overdue: bool

    @staticmethod
    def of(cycle: Cycle) -> "CycleOut":
        """Return a cycle as an answer."""
        return CycleOut(
            asset=cycle.asset,
            name=cycle.name,
            months=cycle.months,
            reviewed_on=cycle.reviewed_on,
            due_on=cycle.due_on,
            is_overdue=cycle.is_overdue,
        )
