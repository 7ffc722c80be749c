"""Whom a file that comes in may name."""

from reperform.accounts.models import Membership, Organization


def members_by_address(organization: Organization) -> dict[str, int]:
    """Return the number of each active member by e-mail address in small letters."""
    members = Membership.objects.filter(organization=organization, is_active=True)
    return {email.lower(): number for email, number in members.values_list("user__email", "pk")}
