"""Reviewing a vendor, and settling the conditions of a review."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from reperform.accounts.models import Membership, Organization
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file
from reperform.program.actions.rows import difference, lock, refuse_stale
from reperform.program.actions.vendor_rows import (
    Brought,
    found_member,
    found_vendor,
    keep,
    refused,
    save,
)
from reperform.program.models import SocReport, Vendor, VendorCondition, VendorReview
from reperform.program.vendors import jsonable
from reperform.program.vendors.reviews import (
    ConditionState,
    ReviewFields,
    SettleFields,
    review_content,
)


@transaction.atomic
def review_vendor(
    *,
    organization: Organization,
    number: int,
    fields: ReviewFields,
    seen: int,
    reviewer: Membership,
    proofs: Sequence[Brought] = (),
    by: str,
    at: datetime,
) -> VendorReview:
    """Record a review; those before it stay as they were.

    Args:
        organization: whose vendor it is.
        number: of the vendor, which exists.
        fields: what the reviewer says.
        seen: the version of the vendor that was reviewed.
        reviewer: who reviewed, when `fields` names nobody.
        proofs: what was looked at, kept byte for byte.
        by: who enters it.
        at: when.

    Raises:
        StaleVersionError: somebody changed the vendor in the meantime.
        UploadRefusedError: a file is none that serves as proof.
        VendorRefusedError: the reviewer is no member, or the report is not there.
    """
    lock(organization)
    vendor = found_vendor(organization, number)
    refuse_stale(vendor, f"vendor {number}", seen=seen)
    if fields.reviewer is not None:
        reviewer = found_member(organization, fields.reviewer, "reviewer")
    report = SocReport.objects.filter(vendor=vendor, number=fields.report or 0).first()
    if fields.report is not None and report is None:
        raise refused("report", f"there is no report {fields.report}", "choose one of the vendor's")
    files = keep(organization, proofs, by=by, at=at)
    review = VendorReview.objects.create(
        vendor=vendor,
        number=1 + (vendor.reviews.aggregate(latest=Max("number"))["latest"] or 0),
        kind=fields.kind,
        reviewed_on=fields.reviewed_on,
        reviewer=reviewer,
        looked_at=list(fields.looked_at),
        report=report,
        outcome=fields.outcome,
        findings=fields.findings,
        next_due=fields.next_due,
        by=by,
        at=at,
    )
    review.proofs.add(*files)
    _add_conditions(vendor, review, fields, by=by, at=at)
    save(vendor, by=by, at=at)
    said = review_content(fields) | {"reviewer": reviewer.user.email}
    record(
        log=organization.log,
        act="vendor.reviewed",
        by=by,
        at=at,
        subject=f"vendor {number}",
        after={"review": review.number, **said, "proofs": [describe_file(each) for each in files]},
    )
    return review


def _add_conditions(
    vendor: Vendor, review: VendorReview, fields: ReviewFields, *, by: str, at: datetime
) -> None:
    first = 1 + (vendor.conditions.aggregate(latest=Max("number"))["latest"] or 0)
    VendorCondition.objects.bulk_create(
        VendorCondition(
            vendor=vendor,
            review=review,
            number=number,
            text=each.text,
            due_on=each.due_on,
            changed_by=by,
            changed_at=at,
        )
        for number, each in enumerate(fields.conditions, start=first)
    )


@transaction.atomic
def settle_condition(
    *,
    organization: Organization,
    number: int,
    condition: int,
    fields: SettleFields,
    seen: int,
    by: str,
    at: datetime,
) -> VendorCondition:
    """Say that a condition is met or waived, or open again.

    Args:
        organization: whose vendor it is.
        number: of the vendor, which exists.
        condition: its number within the vendor, which exists.
        fields: what became of it.
        seen: the version of the condition that is changed.
        by: who says so.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        VendorRefusedError: it was settled before its review.
    """
    lock(organization)
    vendor = found_vendor(organization, number)
    row = VendorCondition.objects.select_related("review").get(vendor=vendor, number=condition)
    refuse_stale(row, f"condition {condition} of vendor {number}", seen=seen)
    if fields.settled_on and fields.settled_on < row.review.reviewed_on:
        what = f"is before the review of {row.review.reviewed_on}"
        raise refused("settled_on", what, "write the day on which it was settled")
    old = SettleFields(ConditionState(row.state), row.settled_on, row.reason)
    if old == fields:
        return row
    row.state, row.settled_on, row.reason = fields.state, fields.settled_on, fields.reason
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
    before, after = difference(jsonable(asdict(old)), jsonable(asdict(fields)))
    record(
        log=organization.log,
        act="vendor.condition_settled",
        by=by,
        at=at,
        subject=f"vendor {number}",
        before={"condition": condition, **before},
        after={"text": row.text, **after},
    )
    return row
