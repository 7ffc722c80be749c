"""What the database keeps of the ledger: leaves in order, and the changes that they seal.

A leaf holds digests only and stays for good.  A change holds what was done in clear, by whom;
it may be erased when the law demands it, and the leaf then says that something was here.
"""

from django.db import models


class Head(models.Model):
    """How many leaves a log has; whoever holds this row's lock appends the next."""

    log = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.log}: {self.size}"


class Leaf(models.Model):
    """One entry of a log: a DSSE envelope, see docs/spec/ledger.md."""

    log = models.ForeignKey(Head, on_delete=models.PROTECT, related_name="leaves")
    number = models.PositiveBigIntegerField()
    entry = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "number"], name="leaf_once_for_each_number"),
        )

    def __str__(self) -> str:
        return f"{self.log_id}/{self.number}"


class TrailVerification(models.Model):
    """A check of a log from its first entry to its last, and what it found."""

    log = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=320)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    """Hexadecimal; empty when entries were missing, so that there was none."""
    differences = models.JSONField()
    """Texts, the first of them; empty when the log was whole."""
    count = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(fields=["log", "-id"], name="verification_newest_first"),)

    def __str__(self) -> str:
        return f"{self.log} at {self.at:%Y-%m-%d %H:%M}: {self.count} differences"


class Change(models.Model):
    """What one act changed, in clear: who, when, before, after."""

    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, primary_key=True)
    log = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=320)
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    content = models.BinaryField()
    """32 random bytes, then the canonical JSON that the leaf's digest is over."""

    class Meta:
        indexes = (
            models.Index(fields=["log", "-leaf"], name="change_newest_first"),
            models.Index(fields=["log", "subject", "-leaf"], name="change_of_subject"),
            models.Index(fields=["log", "act", "-leaf"], name="change_of_act"),
            models.Index(fields=["log", "by", "-leaf"], name="change_by"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.subject}"
