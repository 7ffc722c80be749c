"""Shapes of what the operations on vendors take and answer."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from reperform.program.models import SocReport, Vendor, VendorCondition, VendorReview
from reperform.program.queries.vendors import (
    end_fields,
    report_fields,
    standing_of,
    vendor_fields,
)
from reperform.program.vendors import end_content, vendor_content
from reperform.program.vendors.report_checks import Check
from reperform.program.vendors.reports import report_content

Seen = Field(ge=0, le=1_000_000_000)


class VendorStandingOut(Schema):
    """What stands out: `started_before` is days before its first review, null for none."""

    is_overdue: bool
    started_before: int | None
    is_unassessed: bool
    lacks_report: bool
    has_open_end: bool


class VendorOut(Schema):
    """A vendor: `content` has its fields, `end` those of its end, null while it is in use.

    `owner` in the content is a member's number; `due_on` is the last day on which the next review
    is in time, null when nothing can be said.
    """

    number: int
    reference: str
    version: int
    content: dict[str, Any]
    end: dict[str, Any] | None
    first_reviewed_on: date | None
    reviewed_on: date | None
    outcome: str
    due_on: date | None
    report_last: date | None
    standing: VendorStandingOut

    @staticmethod
    def of(row: Vendor, today: date) -> "VendorOut":
        """Return a vendor as an answer."""
        ended = end_fields(row)
        return VendorOut(
            number=row.number,
            reference=f"VEN-{row.number}",
            version=row.version,
            content=vendor_content(vendor_fields(row)),
            end=end_content(ended) if ended else None,
            first_reviewed_on=row.first_reviewed_on,
            reviewed_on=row.reviewed_on,
            outcome=row.outcome,
            due_on=row.due_on,
            report_last=row.report_last,
            standing=VendorStandingOut(**asdict(standing_of(row, today=today))),
        )


class VendorIn(Schema):
    """A vendor anew; `content` has its fields."""

    content: dict[str, Any]


class VendorChangeIn(VendorIn):
    """As `VendorIn`; `seen` is the version that it changes."""

    seen: int = Seen


class VendorConditionOut(Schema):
    """A condition of a review: open, met or waived."""

    number: int
    review: int
    text: str
    due_on: date
    state: str
    settled_on: date | None
    reason: str
    version: int

    @staticmethod
    def of(row: VendorCondition) -> "VendorConditionOut":
        """Return a condition as an answer."""
        return VendorConditionOut(
            number=row.number,
            review=row.review.number,
            text=row.text,
            due_on=row.due_on,
            state=row.state,
            settled_on=row.settled_on,
            reason=row.reason,
            version=row.version,
        )


class VendorConditionIn(Schema):
    """What became of a condition; today when no day is said."""

    seen: int = Seen
    state: Literal["open", "met", "waived"]
    reason: str = ""
    settled_on: str = ""


class VendorReviewOut(Schema):
    """A review, which is never changed; `proofs` are numbers of files."""

    number: int
    kind: str
    reviewed_on: date
    reviewer: str
    looked_at: list[str]
    report: int | None
    outcome: str
    findings: str
    next_due: date | None
    proofs: list[int]
    by: str
    at: datetime

    @staticmethod
    def of(row: VendorReview) -> "VendorReviewOut":
        """Return a review as an answer."""
        return VendorReviewOut(
            number=row.number,
            kind=row.kind,
            reviewed_on=row.reviewed_on,
            reviewer=row.reviewer.user.email,
            looked_at=row.looked_at,
            report=row.report.number if row.report else None,
            outcome=row.outcome,
            findings=row.findings,
            next_due=row.next_due,
            proofs=[each.number for each in row.proofs.all()],
            by=row.by,
            at=row.at,
        )


class VendorCheckOut(Schema):
    """One check of a report against our own program."""

    about: str
    state: str
    said: str
    todo: str


class VendorReportOut(Schema):
    """A SOC report; `file` and `bridge_file` are numbers of files, null when none is kept."""

    number: int
    version: int
    content: dict[str, Any]
    file: int | None
    bridge_file: int | None

    @staticmethod
    def of(row: SocReport) -> "VendorReportOut":
        """Return a report as an answer."""
        return VendorReportOut(
            number=row.number,
            version=row.version,
            content=report_content(report_fields(row)),
            file=row.file.number if row.file else None,
            bridge_file=row.bridge_file.number if row.bridge_file else None,
        )


class VendorReportWholeOut(VendorReportOut):
    """A SOC report with what stands between it and our relying on it."""

    checks: list[VendorCheckOut]

    @staticmethod
    def whole(row: SocReport, checks: tuple[Check, ...]) -> "VendorReportWholeOut":
        """Return a report with its checks."""
        return VendorReportWholeOut(
            **VendorReportOut.of(row).dict(),
            checks=[VendorCheckOut(**asdict(each)) for each in checks],
        )


class VendorSeenIn(Schema):
    """The version that was seen."""

    seen: int = Seen


class VendorDifferenceOut(Schema):
    """Where register and scope differ; `fix` is where to put it right."""

    name: str
    said: str
    fix: Literal["register", "decide", "scope", "report"]
    vendor: int | None
    report: int | None


class VendorComparisonOut(Schema):
    """Register and scope compared: `agreed` are the names on which they agree."""

    scope_version: int
    differences: list[VendorDifferenceOut]
    agreed: list[str]


class VendorImportRowOut(Schema):
    """One row of a file, and what it would do; empty for nothing."""

    row: int
    name: str
    does: str
