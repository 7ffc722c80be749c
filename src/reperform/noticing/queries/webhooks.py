"""Webhooks, their messages, and which messages are to be sent."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from reperform.accounts.models import Organization
from reperform.noticing.models import Delivery, DeliveryAttempt, Webhook
from reperform.noticing.notice import Kind, Noticed, Topic
from reperform.noticing.webhook import DeliveryState

_ENDED = (DeliveryState.DONE.value, DeliveryState.GIVEN_UP.value)


def webhooks(organization: Organization) -> QuerySet[Webhook]:
    """Return the webhooks, those in use first, each with the state of its newest message."""
    newest = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-number")
    found = Webhook.objects.filter(organization=organization)
    return found.annotate(
        newest_state=Subquery(newest.values("state")[:1]),
        newest_at=Subquery(newest.values("made_at")[:1]),
    ).order_by("retired_on", "number")


def webhook_row(organization: Organization, number: int) -> Webhook | None:
    """Return one webhook; None when the organization has none of that number."""
    return Webhook.objects.filter(organization=organization, number=number).first()


def deliveries(webhook: Webhook) -> QuerySet[Delivery]:
    """Return the messages to a webhook, the newest first, each with how it was tried last."""
    last = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-number")
    return (
        Delivery.objects.filter(webhook=webhook)
        .annotate(
            last_status=Subquery(last.values("status")[:1]),
            last_reason=Subquery(last.values("reason")[:1]),
        )
        .order_by("-number")
    )


def deliverable(at: datetime, organization: Organization | None = None) -> QuerySet[Delivery]:
    """Return the messages that somebody may send, the longest due first.

    Nothing of the example organization is sent.

    Args:
        at: now.
        organization: whose only; None for all.
    """
    waits = Q(state=DeliveryState.WAITING.value, not_before__lte=at)
    lapsed = Q(state=DeliveryState.RUNNING.value, claimed_until__lt=at)
    found = Delivery.objects.filter(waits | lapsed, webhook__organization__is_example=False)
    if organization:
        found = found.filter(webhook__organization=organization)
    return found.order_by("not_before", "pk")


def untold(organization: Organization, _: datetime) -> Iterator[Noticed]:
    """Yield the webhooks whose newest message that ended was given up; in one query."""
    ended = Delivery.objects.filter(webhook=OuterRef("pk"), state__in=_ENDED).order_by("-ended_at")
    reasons = DeliveryAttempt.objects.filter(delivery__webhook=OuterRef("pk")).exclude(reason="")
    found = Webhook.objects.filter(organization=organization, retired_on=None).annotate(
        ended_state=Subquery(ended.values("state")[:1]),
        ended_at=Subquery(ended.values("ended_at")[:1]),
        ended_number=Subquery(ended.values("number")[:1]),
        ended_reason=Subquery(reasons.order_by("-pk").values("reason")[:1]),
    )
    rows = found.filter(ended_state=DeliveryState.GIVEN_UP.value).order_by("number")
    for number, title, ended_at, message, reason in rows.values_list(
        "number", "title", "ended_at", "ended_number", "ended_reason"
    ):
        yield Noticed(
            kind=Kind.UNTOLD,
            topic=Topic.CONNECTIONS,
            subject=f"HOOK-{number}",
            title=title,
            since=ended_at,
            text=f"message {message} was given up: {reason}"[:600],
            todo="put right what receives it, and have what was given up sent again",
            page="webhook",
            key=str(number),
            is_gathered=True,
        )
