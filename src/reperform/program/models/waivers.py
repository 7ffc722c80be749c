"""Waivers: departures from what a test of a control demands, asked for and decided by people."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Membership, Organization


class Waiver(models.Model):
    """Somebody asks that deviations be accepted, another decides.  It is never deleted.

    Once it is decided, nothing of it changes; one that was approved may be withdrawn.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    test = models.CharField(max_length=40)
    """Id of the test, as in `AC-01.T1`."""
    test_sha256 = models.CharField(max_length=64)
    """Of the test's file as it was when the waiver was asked for."""
    items = models.JSONField(default=list)
    """As results name them; empty for every item of the test."""
    reason = models.TextField()
    compensating_control = models.CharField(max_length=12, blank=True)
    """Code of the adopted control that makes up for it."""
    compensating = models.TextField(blank=True)
    first = models.DateField()
    last = models.DateField()
    asker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=320)
    asked_at = models.DateTimeField()
    is_approved = models.BooleanField(null=True)
    """None while nobody has decided."""
    decided_by = models.CharField(max_length=320, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    """What whoever decided says of it."""
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=320, blank=True)
    withdrawn_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="waiver_number_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="waiver_days_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
            models.CheckConstraint(
                condition=Q(is_approved=None, decided_at=None, decided_by="")
                | (Q(is_approved__isnull=False, decided_at__isnull=False) & ~Q(decided_by="")),
                name="waiver_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_because="")
                | (Q(withdrawn_on__isnull=False, is_approved=True) & ~Q(withdrawn_because="")),
                name="waiver_withdrawn_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-number"], name="waiver_newest_first"),
            models.Index(fields=["organization", "test"], name="waiver_of_test"),
        )

    def __str__(self) -> str:
        return f"WVR-{self.number} {self.test}"
