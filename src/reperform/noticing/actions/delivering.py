"""Posting messages: claimed by one worker, tried with growing waits, given up visibly.

A message may arrive twice, when a worker dies between posting and keeping that it did: it has the
same id then, by which a receiver knows it.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F

from reperform.accounts.models import Organization
from reperform.accounts.sealing import WEBHOOKS, Sealer
from reperform.connectors.calls.posting import Posted, post
from reperform.ledger.actions import record
from reperform.noticing.models import Delivery, DeliveryAttempt, Webhook
from reperform.noticing.queries.webhooks import deliverable
from reperform.noticing.webhook import GONE, DeliveryState, next_attempt, signature
from reperform.program.actions.rows import lock

LEASE = timedelta(minutes=2)
"""Longer than one attempt can take."""
PATIENCE = 10.0
"""Seconds to wait for a receiver's connection, and for its next bytes."""
_TRIES = 5
_LOST = "the worker stopped in the middle"
_BY = "the worker"
Clock = Callable[[], datetime]


def deliver_once(*, clock: Clock, organization: Organization | None = None) -> Delivery | None:
    """Post one message that is due, and keep what came of it; None when there is none.

    Args:
        clock: gives the time in UTC.
        organization: whose only; None for all.
    """
    found = deliverable(clock(), organization)
    for delivery in found.select_related("webhook__organization")[:_TRIES]:
        if _take(delivery, at=clock()):
            posted = _posted(delivery, at=clock())
            return end_delivery(delivery=delivery, posted=posted, at=clock())
    return None


@transaction.atomic
def _take(delivery: Delivery, *, at: datetime) -> bool:
    """Return whether a message became ours."""
    as_seen = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, claim=delivery.claim)
    taken = as_seen.update(
        state=DeliveryState.RUNNING.value,
        claim=secrets.token_hex(16),
        claimed_until=at + LEASE,
        attempts=F("attempts") + 1,
    )
    if not taken:
        return False
    delivery.refresh_from_db()
    lost = DeliveryAttempt.objects.filter(delivery=delivery, ended_at=None)
    lost.update(ended_at=at, reason=_LOST)
    DeliveryAttempt.objects.create(delivery=delivery, number=delivery.attempts, began_at=at)
    return True


def _posted(delivery: Delivery, *, at: datetime) -> Posted:
    row = delivery.webhook
    if row.retired_on:
        return Posted(GONE, "the webhook is retired")
    sealer = Sealer(settings.SECRET_KEY, f"{WEBHOOKS} {row.organization.log}")
    try:
        address = sealer.open(row.sealed_address)
        secret = sealer.open(row.sealed_secret) if row.sealed_secret else ""
    except InvalidToken:
        return Posted(0, "its address cannot be opened: the server's secret is another one by now")
    body = delivery.body.encode()
    signed = signature(secret, message=delivery.message, at=at, body=body) if secret else {}
    private = settings.PRIVATE_SOURCES
    found = post(address, body, headers=signed, private=private, seconds=PATIENCE)
    return _discreet(found, address, row)


def _discreet(posted: Posted, address: str, row: Webhook) -> Posted:
    """Take the address out of what a receiver says: some repeat it."""
    path = address.removeprefix(row.place)
    told = posted.told.replace(address, row.place)
    return Posted(
        posted.status, told.replace(path, "/...") if path.strip("/") else told, posted.wait
    )


@transaction.atomic
def end_delivery(*, delivery: Delivery, posted: Posted, at: datetime) -> Delivery:
    """Keep how an attempt ended; one that was not taken is tried again, or given up.

    One that another worker has taken meanwhile stays as it is.

    Args:
        delivery: as it was claimed.
        posted: what came of it.
        at: when.
    """
    organization = delivery.webhook.organization
    lock(organization)
    claim = delivery.claim
    delivery.refresh_from_db()
    if delivery.claim != claim or delivery.state != DeliveryState.RUNNING.value:
        return delivery
    tried = DeliveryAttempt.objects.filter(delivery=delivery, number=delivery.attempts)
    tried.update(ended_at=at, status=posted.status, reason=posted.told)
    again = next_attempt(delivery.attempts, delivery.allowed, at, posted.wait)
    delivery.claim, delivery.claimed_until = "", None
    if posted.is_taken:
        delivery.state, delivery.ended_at = DeliveryState.DONE.value, at
    elif again and posted.status != GONE:
        delivery.state, delivery.not_before = DeliveryState.WAITING.value, again
    else:
        delivery.state, delivery.ended_at = DeliveryState.GIVEN_UP.value, at
    delivery.save()
    if delivery.state == DeliveryState.GIVEN_UP.value:
        record(
            log=organization.log,
            act="webhook.given_up",
            by=_BY,
            at=at,
            subject=f"webhook {delivery.webhook.number}",
            after={
                "message": delivery.number,
                "attempts": delivery.attempts,
                "reason": posted.told,
            },
        )
    return delivery
