"""Versions of what management wrote of its system."""

from django.db import models

from reperform.accounts.models import Organization


class DescriptionVersion(models.Model):
    """What management wrote for one field of the system description, once."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=40)
    """Name of the field, see `program.description`."""
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "field", "number"], name="description_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} {self.number} of {self.organization}"
