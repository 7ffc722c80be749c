"""Who works for the organization."""

from datetime import date

from django.db.models import Q, QuerySet

from reperform.accounts.models import Membership, Organization
from reperform.program.models import Person


def people(organization: Organization) -> QuerySet[Person]:
    """Return everybody who works or worked there, by name."""
    return Person.objects.filter(organization=organization).order_by("name", "number")


def people_on(organization: Organization, day: date) -> QuerySet[Person]:
    """Return who works there on `day`, the last day of work included."""
    still = Q(ended_on=None) | Q(ended_on__gte=day)
    return people(organization).filter(still, started_on__lte=day)


def person_of(membership: Membership, *, day: date) -> Person | None:
    """Return the person that a member is, by e-mail address; None when the register has none."""
    address = membership.user.email.lower()
    return people_on(membership.organization, day).filter(email=address).first()
