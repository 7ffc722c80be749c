"""What a list of accounts would be matched to."""

from reperform.accounts.models import Organization
from reperform.program.access_reviews.accounts import Known
from reperform.program.models import AccountList, Person


def known_people(organization: Organization) -> list[Known]:
    """Return the whole workforce, those who left too."""
    rows = Person.objects.filter(organization=organization).order_by("number")
    return [
        Known(number, name, email, started_on, ended_on)
        for number, name, email, started_on, ended_on in rows.values_list(
            "number", "name", "email", "started_on", "ended_on"
        )
    ]


def account_list(organization: Organization, number: int) -> AccountList | None:
    """Return one list; None when the organization has none of that number."""
    rows = AccountList.objects.filter(organization=organization, number=number)
    return rows.select_related("asset", "file").first()
