"""People who work for the organization, whether or not they sign in here."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Organization


class Person(models.Model):
    """Somebody of the workforce.  Kept after they left: a period asks who was there."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=320, blank=True)
    """In lower case; a member who signs in with it is this person."""
    position = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=200, blank=True)
    manager = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reports", blank=True
    )
    kind = models.CharField(max_length=20, default="employee")
    """Employee or contractor, see `program.people`."""
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    """Last day of work; None while they work there."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="person_number_once"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(ended_on=None) & ~Q(email=""),
                name="person_email_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="person_ends_after_the_start",
            ),
        )
        indexes = (models.Index(fields=["organization", "email"], name="person_by_email"),)

    def __str__(self) -> str:
        return self.name
