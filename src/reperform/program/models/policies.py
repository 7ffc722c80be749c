"""Policies, every version of their texts, and who accepted which."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Membership, Organization
from reperform.program.models.files import KeptFile
from reperform.program.models.people import Person


class Policy(models.Model):
    """A policy; what it says is in its versions."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    """What controls name it by, as `access-control`; it never changes."""
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    review_months = models.PositiveSmallIntegerField(default=12)
    review_due = models.DateField(null=True)
    """Last day on which its next review is in time; None while nothing is approved."""
    accept_days = models.PositiveSmallIntegerField(null=True)
    """Days that people have to accept it; None when nobody is asked to."""
    departments = models.JSONField(default=list)
    """Whom it is meant for; empty for every department."""
    kinds = models.JSONField(default=list)
    """The same by kind, as `contractor`; empty for every kind."""
    retired_on = models.DateField(null=True)
    retired_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    """Counts changes of the fields above, not of the text."""
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "key"], name="policy_key_once"),
            models.CheckConstraint(
                condition=Q(retired_on=None, retired_because="")
                | (Q(retired_on__isnull=False) & ~Q(retired_because="")),
                name="policy_retired_for_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "title", "key"], name="policy_by_title"),
            models.Index(fields=["organization", "review_due"], name="policy_by_review"),
        )

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """One saved text of a policy, with what fills its placeholders; never changed once saved."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    """Markdown with its placeholders."""
    values = models.JSONField(default=dict)
    """What fills each placeholder, by name."""
    placeholders = models.JSONField(default=dict)
    """What each placeholder means, with an example, by name."""
    template = models.CharField(max_length=60, blank=True)
    """Id of the library's template that it began with; empty for one's own text."""
    sha256 = models.CharField(max_length=64)
    """Of the text with its placeholders filled, in UTF-8: what people accept."""
    note = models.CharField(max_length=300, blank=True)
    """What was changed, in the author's words."""
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_by = models.CharField(max_length=320)
    written_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=320, blank=True)
    submitted_at = models.DateTimeField(null=True)
    returned_by = models.CharField(max_length=320, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_because = models.TextField(blank=True)
    approver = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.CharField(max_length=320, blank=True)
    approved_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)
    asks_from = models.PositiveIntegerField(null=True)
    """The version whose acceptance still counts: its own number, or that of an earlier one when
    the approver said that this one is a minor correction."""
    asks_since = models.DateField(null=True)
    """The day from which the version of `asks_from` is in force."""
    minor_because = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by="")
                | (Q(submitted_at__isnull=False) & ~Q(submitted_by="")),
                name="policy_version_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    approved_at=None,
                    approver=None,
                    approved_by="",
                    effective_on=None,
                    asks_from=None,
                    asks_since=None,
                )
                | (
                    Q(
                        approved_at__isnull=False,
                        approver__isnull=False,
                        effective_on__isnull=False,
                        asks_from__isnull=False,
                        asks_since__isnull=False,
                        submitted_at__isnull=False,
                        returned_at=None,
                    )
                    & ~Q(approved_by="")
                    & ~Q(approver=F("author"))
                ),
                name="policy_version_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_because="")
                | (Q(returned_at__isnull=False) & ~Q(returned_because="")),
                name="policy_version_returned_for_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=["policy", "-effective_on", "-number"], name="policy_in_force"),
        )

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"


class PolicyReview(models.Model):
    """Somebody read a policy that is in force and left it as it is."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField()
    note = models.TextField()
    """What was looked at, and why nothing needs to change."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["version", "-on"], name="policy_review_of_version"),)

    def __str__(self) -> str:
        return f"{self.version} on {self.on}"


class PolicyAcceptance(models.Model):
    """A person accepted a version: here, or elsewhere with a file as proof."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    """Of the text that was accepted."""
    on = models.DateField()
    proof = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    """The file that shows an acceptance made elsewhere; None for one made here."""
    by = models.CharField(max_length=320)
    """Who accepted, or who recorded it."""
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "person"], name="policy_accepted_once"),
        )
        indexes = (models.Index(fields=["person", "version"], name="policy_accepted_by"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"
