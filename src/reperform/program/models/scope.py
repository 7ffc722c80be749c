"""Versions of the scope."""

from django.db import models

from reperform.accounts.models import Organization


class ScopeVersion(models.Model):
    """The scope as it was decided once; the highest number is the scope."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """See `program.scope.document`."""
    library = models.CharField(max_length=64)
    """Digest of the library that it was decided with."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="scope_version_once"),
        )

    def __str__(self) -> str:
        return f"scope {self.number} of {self.organization}"
