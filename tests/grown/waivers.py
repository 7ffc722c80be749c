"""Many waivers, in every state."""

from datetime import datetime, timedelta

from django.db.models import Max

from reperform.accounts.models import Membership, Organization
from reperform.program.models import Waiver

_BATCH = 2_000


def grow_waivers(
    organization: Organization, members: list[Membership], count: int, at: datetime
) -> None:
    """Add waivers until there are `count`."""
    rows = Waiver.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    Waiver.objects.bulk_create(
        (
            Waiver(
                organization=organization,
                number=number,
                test="CHG-01.T1",
                test_sha256="1" * 64,
                items=[f"c{number}"],
                reason=f"Reason {number}",
                first=at.date() - timedelta(days=60),
                last=at.date() + timedelta(days=number % 90 - 30),
                asker=members[number % len(members)],
                asked_by="test",
                asked_at=at,
                is_approved=is_approved,
                decided_by="" if is_approved is None else "other",
                decided_at=None if is_approved is None else at,
                changed_by="test",
                changed_at=at,
            )
            for number in range(there + 1, count + 1)
            for is_approved in [(None, True, False, True)[number % 4]]
        ),
        batch_size=_BATCH,
    )
