"""Making, changing and retiring webhooks; having a message tried, or sent again."""

import base64
import os
from datetime import datetime

from django.conf import settings
from django.db import transaction

from reperform.accounts.models import Organization
from reperform.accounts.sealing import WEBHOOKS, Sealer
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.ledger.actions import record
from reperform.noticing.actions.outbox import add_delivery
from reperform.noticing.models import Delivery, Webhook
from reperform.noticing.notice import Kind
from reperform.noticing.webhook import (
    MOST_ATTEMPTS,
    SECRET_BYTES,
    SECRET_PREFIX,
    SLUG,
    DeliveryState,
    Format,
    Message,
    WebhookFields,
    WebhookRefusedError,
    place_of,
    webhook_content,
)
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale

MOST_IN_USE = 20
"""More would make a flood of each look."""


@transaction.atomic
def make_webhook(
    *, organization: Organization, fields: WebhookFields, by: str, at: datetime
) -> tuple[Webhook, str]:
    """Keep a webhook, and return it with the secret that its messages are signed with.

    The secret is shown to whoever made it, and never again; empty where nothing is signed.

    Args:
        organization: whose notices it is told of.
        fields: with an address.
        by: who makes it.
        at: when.

    Raises:
        WebhookRefusedError: there are too many.
    """
    lock(organization)
    if Webhook.objects.filter(organization=organization, retired_on=None).count() >= MOST_IN_USE:
        raise _refused("title", f"would be one of more than {MOST_IN_USE}", "retire one first")
    secret = _new_secret() if fields.format is Format.JSON else ""
    row = Webhook(organization=organization, number=next_number(Webhook, organization), version=0)
    _write(row, fields, by=by, at=at)
    row.sealed_secret = _sealer(organization).seal(secret) if secret else ""
    row.save()
    record(
        log=organization.log,
        act="webhook.made",
        by=by,
        at=at,
        subject=f"webhook {row.number}",
        after=webhook_content(fields) | {"place": row.place},
    )
    return row, secret


@transaction.atomic
def change_webhook(
    *,
    organization: Organization,
    number: int,
    fields: WebhookFields,
    seen: int,
    by: str,
    at: datetime,
) -> Webhook:
    """Change what a webhook is told of, or where; its format and its secret stay.

    Args:
        organization: whose it is.
        number: of the webhook, which exists.
        fields: as it is to be; an empty address keeps the one that there is.
        seen: the version that is changed.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        WebhookRefusedError: it is retired, or of another format.
    """
    lock(organization)
    row = _in_use(organization, number)
    refuse_stale(row, f"webhook {number}", seen=seen)
    if row.format != fields.format.value:
        raise _refused("format", f"is {row.format}", "make another webhook, and retire this one")
    was, place = _fields_of(row), row.place
    before, after = difference(webhook_content(was), webhook_content(fields))
    if not after and not fields.address:
        return row
    _write(row, fields, by=by, at=at)
    row.save()
    if fields.address:
        before, after = (
            before | {"place": place},
            after | {"place": row.place, "address": "another"},
        )
    record(
        log=organization.log,
        act="webhook.changed",
        by=by,
        at=at,
        subject=f"webhook {number}",
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def renew_secret(
    *, organization: Organization, number: int, by: str, at: datetime
) -> tuple[Webhook, str]:
    """Give a webhook another secret, and return that; the old one signs nothing any more.

    Raises:
        WebhookRefusedError: it is retired, or its format has no signature.
    """
    lock(organization)
    row = _in_use(organization, number)
    if row.format != Format.JSON.value:
        raise _refused("format", "has no signature", "change its address instead")
    secret = _new_secret()
    row.sealed_secret = _sealer(organization).seal(secret)
    row.version, row.changed_by, row.changed_at = row.version + 1, by, at
    row.save()
    record(
        log=organization.log,
        act="webhook.secret_renewed",
        by=by,
        at=at,
        subject=f"webhook {number}",
        after={"version": row.version},
    )
    return row, secret


@transaction.atomic
def retire_webhook(
    *, organization: Organization, number: int, reason: str, seen: int, by: str, at: datetime
) -> Webhook:
    """Tell a webhook nothing more; its address and secret are forgotten, its messages kept.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        WebhookRefusedError: it is retired already, or there is no reason.
    """
    lock(organization)
    row = _in_use(organization, number)
    refuse_stale(row, f"webhook {number}", seen=seen)
    reader = Reader({"reason": reason}, SLUG)
    why = reader.text("reason", needed="say why it is told no more", longest=2_000)
    if reader.problems:
        raise WebhookRefusedError(reader.problems)
    row.retired_on, row.retired_reason = at.date(), why
    row.sealed_address = row.sealed_secret = ""
    row.version, row.changed_by, row.changed_at = row.version + 1, by, at
    row.save()
    waiting = Delivery.objects.filter(webhook=row, state=DeliveryState.WAITING.value)
    waiting.update(state=DeliveryState.GIVEN_UP.value, ended_at=at)
    record(
        log=organization.log,
        act="webhook.retired",
        by=by,
        at=at,
        subject=f"webhook {number}",
        after={"reason": why},
    )
    return row


@transaction.atomic
def try_webhook(*, organization: Organization, number: int, by: str, at: datetime) -> Delivery:
    """Have a trial message sent by the next free worker; see the delivery for how it ends.

    Raises:
        WebhookRefusedError: it is retired.
    """
    lock(organization)
    row = _in_use(organization, number)
    trial = Message(organization.name, "", at, is_trial=True)
    delivery = add_delivery(row, trial, at=at)
    _asked(row, delivery, "webhook.tried", by=by, at=at)
    return delivery


@transaction.atomic
def send_again(*, delivery: Delivery, by: str, at: datetime) -> Delivery:
    """Have a message that was given up tried again: the same bytes, the same id.

    Raises:
        WebhookRefusedError: it is under way or taken, or its webhook is retired.
    """
    organization = delivery.webhook.organization
    lock(organization)
    row = _in_use(organization, delivery.webhook.number)
    delivery.refresh_from_db()
    if delivery.state != DeliveryState.GIVEN_UP.value:
        raise _refused("message", f"is {delivery.state}", "see how it ends")
    delivery.state, delivery.ended_at = DeliveryState.WAITING.value, None
    delivery.not_before = at
    delivery.allowed = delivery.attempts + MOST_ATTEMPTS
    delivery.save()
    _asked(row, delivery, "webhook.sent_again", by=by, at=at)
    return delivery


def _asked(row: Webhook, delivery: Delivery, act: str, *, by: str, at: datetime) -> None:
    record(
        log=row.organization.log,
        act=act,
        by=by,
        at=at,
        subject=f"webhook {row.number}",
        after={"message": delivery.number},
    )


def _write(row: Webhook, fields: WebhookFields, *, by: str, at: datetime) -> None:
    row.title, row.format = fields.title, fields.format.value
    row.kinds = [each.value for each in fields.kinds]
    if fields.address:
        row.place = place_of(fields.address)
        row.sealed_address = _sealer(row.organization).seal(fields.address)
    row.version, row.changed_by, row.changed_at = row.version + 1, by, at


def _fields_of(row: Webhook) -> WebhookFields:
    return WebhookFields(row.title, Format(row.format), "", tuple(map(Kind, row.kinds)))


def _in_use(organization: Organization, number: int) -> Webhook:
    row = Webhook.objects.get(organization=organization, number=number)
    if row.retired_on:
        raise _refused("webhook", f"{number} is retired", "make another one")
    return row


def _sealer(organization: Organization) -> Sealer:
    return Sealer(settings.SECRET_KEY, f"{WEBHOOKS} {organization.log}")


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def _refused(where: str, what: str, todo: str) -> WebhookRefusedError:
    return WebhookRefusedError([Problem(where, what, todo, SLUG)])
