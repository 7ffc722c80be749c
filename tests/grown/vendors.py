"""Many vendors, each with a review; the first with everything that a page of one can show."""

from datetime import datetime, timedelta

from django.db.models import Max

from reperform.accounts.models import Membership, Organization
from reperform.program.models import SocReport, Vendor, VendorCondition, VendorReview

_BATCH = 2_000
_CLASSES = ("critical", "high", "medium", "low", "")
_OF_THE_FIRST = 3
"""Reviews, conditions and reports of the first vendor for each ten vendors."""


def grow_vendors(
    organization: Organization, owners: list[Membership], count: int, at: datetime
) -> None:
    """Add vendors until there are `count`."""
    rows = Vendor.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    day = at.date()
    made = Vendor.objects.bulk_create(
        (
            Vendor(
                organization=organization,
                number=number,
                name=f"Vendor {number}",
                service="Does something",
                owner=owners[number % len(owners)],
                criticality=_CLASSES[number % len(_CLASSES)],
                is_subservice={1: True, 2: None}.get(number % 50, False),
                started_on=day - timedelta(days=number % 700),
                first_reviewed_on=day - timedelta(days=number % 650),
                reviewed_on=day - timedelta(days=number % 650),
                outcome="acceptable",
                due_on=day + timedelta(days=number % 400 - 50),
                ended_on=day if number % 20 == 19 else None,
                end_reason="Replaced",
                changed_by="test",
                changed_at=at,
            )
            for number in range(there + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
    reviewer = owners[0]
    VendorReview.objects.bulk_create(
        (_review(vendor, 1, reviewer, at) for vendor in made), batch_size=_BATCH
    )
    _first(organization, reviewer, count, at)


def _review(vendor: Vendor, number: int, reviewer: Membership, at: datetime) -> VendorReview:
    return VendorReview(
        vendor=vendor,
        number=number,
        kind="periodic",
        reviewed_on=at.date(),
        reviewer=reviewer,
        looked_at=["own checks"],
        outcome="acceptable with conditions",
        findings="Nothing new",
        by="test",
        at=at,
    )


def _first(organization: Organization, reviewer: Membership, count: int, at: datetime) -> None:
    vendor = Vendor.objects.filter(organization=organization, number=1).first()
    if vendor is None:
        return
    until = max(_OF_THE_FIRST, _OF_THE_FIRST * count // 10)
    first, last = at.date() - timedelta(days=365), at.date()
    for number in range(2, until + 1):
        VendorReview.objects.get_or_create(
            vendor=vendor, number=number, defaults=_values(_review(vendor, number, reviewer, at))
        )
    review = VendorReview.objects.get(vendor=vendor, number=1)
    for number in range(1, until + 1):
        VendorCondition.objects.get_or_create(
            vendor=vendor,
            number=number,
            defaults={
                "review": review,
                "text": "Turn on SSO",
                "due_on": last,
                "changed_by": "test",
                "changed_at": at,
            },
        )
        SocReport.objects.get_or_create(
            vendor=vendor,
            number=number,
            defaults={
                "kind": "SOC 2",
                "type": 2,
                "first": first,
                "last": last,
                "cuecs": [
                    {"text": "MFA", "reference": "1", "controls": ["AC-01"], "not_applicable": ""}
                ],
                "changed_by": "test",
                "changed_at": at,
            },
        )


def _values(row: VendorReview) -> dict[str, object]:
    names = ("kind", "reviewed_on", "reviewer", "looked_at", "outcome", "findings", "by", "at")
    return {name: getattr(row, name) for name in names}
