"""How members want to be told, when each is to be told next, and every letter."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership
from reperform.noticing.models.notices import Notice


class BeingTold(models.Model):
    """How a member wants to be told; without a row, as usual."""

    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    content = models.JSONField(default=dict)
    """As `preferences.preferences_content` writes it."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"how {self.member} is told"


class Telling(models.Model):
    """When one is to see next whether a letter to a member is due."""

    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    next_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["next_at"], name="telling_next"),)

    def __str__(self) -> str:
        return f"telling {self.member}"


class Letter(models.Model):
    """One letter: written once, and sent until a mail server takes it."""

    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    message = models.CharField(max_length=80, unique=True)
    """Left part of its Message-ID, the same in each attempt."""
    subject = models.CharField(max_length=200)
    text = models.TextField()
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why it was not taken, of the newest attempt."""
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="letter_sent_or_given_up"
            ),
        )
        indexes = (
            models.Index(
                fields=["not_before"],
                condition=Q(sent_at=None, given_up_at=None),
                name="letter_to_send",
            ),
            models.Index(fields=["member", "-made_at"], name="letter_of_member"),
        )

    def __str__(self) -> str:
        return f"letter to {self.member}"


class ToldNotice(models.Model):
    """A notice and the letter that tells a member of it: once."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="told")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="told")
    """None of those that were told before letters were kept."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["notice", "member"], name="notice_told_once_to_member"),
        )

    def __str__(self) -> str:
        return f"{self.notice} told to {self.member}"
