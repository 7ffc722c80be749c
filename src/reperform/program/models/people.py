"""People who work for the organization, whether or not they sign in here."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Organization


class Person(models.Model):
    """Somebody of the workforce, from a first to a last day.

    Kept after they left: a period asks who was there.  Who comes back is a new row, with the same
    address.  What they were on a day is their `Posting` of that day.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=320, blank=True)
    """In lower case; a member who signs in with it is this person."""
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    """Last day of work; None while nobody knows of one."""
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
        indexes = (
            models.Index(fields=["organization", "email"], name="person_by_email"),
            models.Index(fields=["organization", "name", "number"], name="person_by_name"),
            models.Index(fields=["organization", "started_on"], name="person_by_start"),
            models.Index(fields=["organization", "ended_on"], name="person_by_end"),
        )

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """What somebody was from one day to another: the first is how they joined, others are moves.

    The postings of a person that stand cover each of their days once.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    number = models.PositiveIntegerField()
    """1, 2, ... of the person, in the order in which they were entered."""
    from_day = models.DateField()
    until = models.DateField(null=True)
    """The day before the next posting begins; None for the last one."""
    position = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=200, blank=True)
    manager = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="leads", blank=True
    )
    kind = models.CharField(
        max_length=20, choices=[(each, each) for each in ("employee", "contractor")]
    )
    """See `program.people.Kind`."""
    note = models.CharField(max_length=1000, blank=True)
    withdrawn = models.CharField(max_length=1000, blank=True)
    """Why a move did not happen or was entered by mistake; empty while it stands."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "number"], name="posting_number_once"),
            models.UniqueConstraint(
                fields=["person", "from_day"],
                condition=Q(withdrawn=""),
                name="posting_once_for_each_day",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | ~Q(withdrawn="") | Q(until__gte=F("from_day")),
                name="posting_ends_after_its_start",
            ),
        )
        indexes = (models.Index(fields=["from_day"], name="posting_by_day"),)

    def __str__(self) -> str:
        return f"{self.position or self.kind} from {self.from_day}"
