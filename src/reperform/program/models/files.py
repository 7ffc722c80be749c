"""Files that people bring: proofs, reports of vendors, lists of accounts."""

from django.db import models

from reperform.accounts.models import Organization


class KeptFile(models.Model):
    """A file, kept byte for byte below the installation's folder `files`; never overwritten."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    """As the person who brought it knows it, with the ending that its content has."""
    kind = models.CharField(max_length=20)
    """What the content is, see `program.files`."""
    size = models.PositiveBigIntegerField()
    """Bytes of the content."""
    sha256 = models.CharField(max_length=64)
    """Of the content: what somebody who holds the file can compute."""
    blob = models.CharField(max_length=64)
    """SHA-256 of the salted file, which is also its name in the folder."""
    readable_with = models.CharField(max_length=40)
    """The permission that lets somebody read it, as in `vendors.view`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="file_number_once"),
        )

    def __str__(self) -> str:
        return self.name
