"""Addresses that are told what was noticed, and every message to them."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.noticing.webhook import MOST_ATTEMPTS, DeliveryState, Format

_FORMATS = [(each.value, each.value) for each in Format]
_STATES = [(each.value, each.value) for each in DeliveryState]
_OPEN = Q(state__in=[DeliveryState.WAITING.value, DeliveryState.RUNNING.value])


class Webhook(models.Model):
    """An address that messages are posted to."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    format = models.CharField(max_length=10, choices=_FORMATS)
    place = models.CharField(max_length=300)
    """What is shown of its address."""
    sealed_address = models.TextField()
    sealed_secret = models.TextField(blank=True)
    """What messages are signed with; empty where the format has no signature, and once retired."""
    kinds = models.JSONField(default=list)
    """Of notices that it is told of; empty for all."""
    retired_on = models.DateField(null=True)
    retired_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="webhook_number_once"),
            models.CheckConstraint(
                condition=Q(retired_on=None, retired_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retired_reason="")),
                name="webhook_retired_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"HOOK-{self.number} {self.title}"


class Delivery(models.Model):
    """One message to a webhook: the same bytes and id, however often it is tried."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    number = models.PositiveIntegerField()
    """1, 2, ... of the webhook."""
    message = models.CharField(max_length=40, unique=True)
    body = models.TextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=_STATES)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField(default=MOST_ATTEMPTS)
    """How often it may be tried; more when somebody has it sent again."""
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["webhook", "number"], name="delivery_number_once"),
            models.CheckConstraint(
                condition=(_OPEN & Q(ended_at=None)) | (~_OPEN & Q(ended_at__isnull=False)),
                name="delivery_ended_or_open",
            ),
        )
        indexes = (
            models.Index(fields=["state", "not_before"], name="delivery_to_do"),
            models.Index(fields=["webhook", "-number"], name="delivery_newest_first"),
        )

    def __str__(self) -> str:
        return f"message {self.number} to {self.webhook}"


class DeliveryAttempt(models.Model):
    """One time that a message was posted."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(default=0)
    """Of HTTP; 0 while there is no answer, and when there was none."""
    reason = models.TextField(blank=True)
    """Why it was not taken; empty when it was, and while it goes on."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["delivery", "number"], name="delivery_attempt_once"),
        )

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.delivery}"
