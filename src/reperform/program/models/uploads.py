"""Files between their dry run and their import."""

from django.db import models

from reperform.accounts.models import Membership


class PendingUpload(models.Model):
    """A file between its dry run and its import: one for each member and purpose, for an hour."""

    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=40, default="assessment")
    """What it is imported as, as in `people`."""
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "purpose"], name="upload_once"),)

    def __str__(self) -> str:
        return f"{self.file_name} of {self.member}"
