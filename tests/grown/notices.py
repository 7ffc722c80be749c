"""Many notices; of the older ones none holds any more."""

from datetime import datetime, timedelta

from django.db.models import Max

from reperform.accounts.models import Membership, Organization
from reperform.noticing.models import (
    Delivery,
    DeliveryAttempt,
    Look,
    Notice,
    RemediationDays,
    Webhook,
)
from reperform.noticing.notice import Kind, Topic

_BATCH = 2_000
_HOLDING = 200
"""More than anybody looks after."""


def grow_notices(
    organization: Organization, owners: list[Membership], count: int, at: datetime
) -> None:
    """Add notices until there are `count`, and say that one looked."""
    rows = Notice.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    kinds, topics = list(Kind), list(Topic)
    Notice.objects.bulk_create(
        (
            Notice(
                organization=organization,
                number=number,
                kind=kinds[number % len(kinds)].value,
                topic=topics[number % len(topics)].value,
                subject=f"CON-{number}",
                title=f"Endpoints {number}",
                since=at - timedelta(hours=count - number),
                text="no run was complete since 2026-08-01",
                todo="collect now",
                page="connection",
                key=str(number),
                owner=owners[number % len(owners)],
                noticed_at=at - timedelta(hours=count - number),
                over_at=at if number <= count - _HOLDING or number % 3 == 0 else None,
            )
            for number in range(there + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
    Look.objects.get_or_create(
        organization=organization,
        defaults={"at": at, "whole_at": at, "next_at": at + timedelta(days=400)},
    )
    RemediationDays.objects.get_or_create(
        organization=organization,
        defaults={"critical": 7, "high": 30, "changed_by": "test", "changed_at": at},
    )
    _grow_webhooks(organization, count, at)


def _grow_webhooks(organization: Organization, count: int, at: datetime) -> None:
    """Add webhooks, and messages to the first until there are `count`; none waits to be sent."""
    for number in range(1, 4):
        Webhook.objects.get_or_create(
            organization=organization,
            number=number,
            defaults={
                "title": f"Channel {number}",
                "format": "json",
                "place": "https://hooks.example.com",
                "changed_by": "test",
                "changed_at": at,
            },
        )
    first = Webhook.objects.get(organization=organization, number=1)
    made = Delivery.objects.bulk_create(
        (
            Delivery(
                webhook=first,
                number=number,
                message=f"msg_{organization.pk.hex[:8]}_{number}",
                body="{}",
                made_at=at,
                state="given up" if number % 9 == 0 else "done",
                not_before=at,
                attempts=1,
                ended_at=at,
            )
            for number in range(first.deliveries.count() + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
    DeliveryAttempt.objects.bulk_create(
        (
            DeliveryAttempt(delivery=each, number=1, began_at=at, ended_at=at, status=200)
            for each in made
        ),
        batch_size=_BATCH,
    )
