"""The inventory of systems and other assets, and which data flows between them."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.program.models.files import KeptFile


class Asset(models.Model):
    """A system, a store of data, a device or a place.  Kept after it was retired."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    """These and the other choices are of `program.assets`; empty is not decided."""
    purpose = models.TextField(blank=True)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    environment = models.CharField(max_length=30, blank=True)
    classification = models.CharField(max_length=30, blank=True)
    """The highest class of data that it holds."""
    criticality = models.CharField(max_length=30, blank=True)
    vendor = models.CharField(max_length=200, blank=True)
    """Who operates it, as the register of vendors names them; empty for the organization."""
    in_boundary = models.BooleanField(null=True)
    """Whether it belongs to the system that is examined; None while nobody decided."""
    internet_facing = models.BooleanField(null=True)
    has_accounts = models.BooleanField(null=True)
    """Whether people sign in to it, so that their access is reviewed."""
    review_months = models.PositiveIntegerField(null=True)
    """At most so many months between two reviews of access."""
    since = models.DateField(null=True)
    retired_on = models.DateField(null=True)
    retired_because = models.TextField(blank=True)
    disposal = models.CharField(max_length=30, blank=True)
    """What became of the data and the media; empty while nobody said."""
    disposal_note = models.TextField(blank=True)
    disposal_proof = models.ForeignKey(
        KeptFile, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="asset_number_once"),
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(retired_on=None),
                name="asset_name_once",
            ),
            models.CheckConstraint(
                condition=Q(retired_on=None, disposal="")
                | Q(retired_on__isnull=False) & ~Q(retired_because=""),
                name="asset_retired_for_a_reason",
            ),
        )
        indexes = (models.Index(fields=["organization", "name", "number"], name="asset_by_name"),)

    def __str__(self) -> str:
        return self.name


class DataFlow(models.Model):
    """Data that goes from one asset or outside party to another."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, related_name="flows_out")
    source_party = models.CharField(max_length=200, blank=True)
    """An outside party, when it comes from no asset."""
    target = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, related_name="flows_in")
    target_party = models.CharField(max_length=200, blank=True)
    data = models.CharField(max_length=300)
    classification = models.CharField(max_length=30, blank=True)
    protocol = models.CharField(max_length=100, blank=True)
    encrypted = models.BooleanField(null=True)
    """On its way; None while nobody knows."""
    note = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    ended_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="flow_number_once"),
            models.CheckConstraint(
                condition=(Q(source=None) ^ Q(source_party=""))
                & (Q(target=None) ^ Q(target_party="")),
                name="flow_from_one_to_one",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(ended_because=""), name="flow_ended_for_a_reason"
            ),
        )
        indexes = (
            models.Index(fields=["organization", "ended_on", "number"], name="flow_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.data}"
