"""What was noticed, and when one last looked."""

from django.db import models

from reperform.accounts.models import Membership, Organization
from reperform.noticing.notice import Kind, Topic

_KINDS = [(each.value, each.value) for each in Kind]
_TOPICS = [(each.value, each.value) for each in Topic]


class Notice(models.Model):
    """One thing that was noticed, from when it began to hold until it did not any more."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=_KINDS)
    topic = models.CharField(max_length=12, choices=_TOPICS)
    subject = models.CharField(max_length=120)
    """Of what, as `CON-3`."""
    title = models.CharField(max_length=300)
    since = models.DateTimeField()
    text = models.TextField()
    todo = models.TextField()
    page = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True)
    """See `notice.Noticed`."""
    owner = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    noticed_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    """When it was seen to hold no more; None while it does."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "kind", "subject", "since"], name="noticed_once"
            ),
            models.UniqueConstraint(fields=["organization", "number"], name="notice_number_once"),
        )
        indexes = (
            models.Index(fields=["organization", "-number"], name="notice_newest_first"),
            models.Index(fields=["organization", "over_at", "-number"], name="notice_holding"),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.kind}"


class Look(models.Model):
    """When one last looked for what is to be noticed, and when one looks next."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    """Of the newest look, at whatever part."""
    whole_at = models.DateTimeField(null=True)
    """Of the newest look at everything; None before the first."""
    next_at = models.DateTimeField()
    """When everything is to be looked at again."""

    class Meta:
        indexes = (models.Index(fields=["next_at"], name="look_next"),)

    def __str__(self) -> str:
        return f"look of {self.organization}"
