"""What was noticed at connections, and who was told."""

from django.db import models

from reperform.accounts.models import Membership, Organization
from reperform.evidence.models.connections import Connection
from reperform.evidence.notice import NoticeKind

_KINDS = [(each.value, each.value) for each in NoticeKind]


class Notice(models.Model):
    """One thing that was noticed, from when it began to hold until it did not any more."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=_KINDS)
    since = models.DateTimeField()
    text = models.TextField()
    """As it was when it was noticed."""
    noticed_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    """When it was seen to hold no more; None while it does."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["connection", "kind", "since"], name="notice_once"),
        )
        indexes = (
            models.Index(fields=["organization", "-noticed_at"], name="notice_of_organization"),
        )

    def __str__(self) -> str:
        return f"{self.connection}: {self.kind}"


class ToldNotice(models.Model):
    """A notice and somebody whom a letter told of it: once."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="told")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True)
    """None while the letter is being sent."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["notice", "member"], name="notice_told_once"),
        )

    def __str__(self) -> str:
        return f"{self.notice} told to {self.member}"
