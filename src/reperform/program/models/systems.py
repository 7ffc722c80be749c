"""Which systems are the organization's systems of record; each change is another version."""

from django.db import models

from reperform.accounts.models import Organization


class SystemsVersion(models.Model):
    """What stood from one change to the next."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """See `program.systems.systems_content`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="systems_number_once"),
        )

    def __str__(self) -> str:
        return f"version {self.number} of the systems of record of {self.organization}"
