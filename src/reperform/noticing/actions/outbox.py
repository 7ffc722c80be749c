"""Messages that are to be sent: kept in the transaction that keeps what they are about."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from reperform.accounts.models import Organization
from reperform.base.canonical import canonical_json
from reperform.noticing.models import Delivery, Notice, Webhook
from reperform.noticing.notice import Kind
from reperform.noticing.slack import slack_payload
from reperform.noticing.webhook import DeliveryState, Format, Message, Told, payload


def add_deliveries(
    organization: Organization, *, began: Sequence[Notice], over: Sequence[Notice], at: datetime
) -> None:
    """Keep a message to each webhook about those of its kinds; none where there is nothing.

    That webhooks do not arrive is told to none: it would be one more that does not.
    """
    for row in Webhook.objects.filter(organization=organization, retired_on=None):
        kinds = set(row.kinds or (each.value for each in Kind)) - {Kind.UNTOLD.value}
        wanted = [[each for each in part if each.kind in kinds] for part in (began, over)]
        if any(wanted):
            message = Message(
                organization=organization.name,
                url=_url(organization),
                at=at,
                began=tuple(_told(each) for each in wanted[0]),
                over=tuple(_told(each) for each in wanted[1]),
            )
            add_delivery(row, message, at=at)


def add_delivery(row: Webhook, message: Message, *, at: datetime) -> Delivery:
    """Keep one message in the form of its webhook; the caller holds the organization's lock."""
    made: Mapping[str, object] = (
        slack_payload(message) if row.format == Format.SLACK.value else payload(message)
    )
    latest = Delivery.objects.filter(webhook=row).aggregate(latest=Max("number"))["latest"]
    return Delivery.objects.create(
        webhook=row,
        number=1 + (latest or 0),
        message=f"msg_{secrets.token_hex(16)}",
        body=canonical_json(made).decode(),
        made_at=at,
        state=DeliveryState.WAITING.value,
        not_before=at,
    )


def _told(row: Notice) -> Told:
    return Told(
        number=row.number,
        kind=row.kind,
        subject=row.subject,
        title=row.title,
        since=row.since,
        text=row.text,
        todo=row.todo,
        over_at=row.over_at,
    )


def _url(organization: Organization) -> str:
    site = settings.SITE_URL
    return f"{site}/o/{organization.slug}/notices/" if site else ""
