"""Questions about who belongs where."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q, QuerySet

from reperform.accounts.models import (
    ApiToken,
    IdentityProvider,
    Invitation,
    Membership,
    Organization,
    ProvisionedGroup,
    ProvisionedPerson,
    User,
)
from reperform.accounts.permissions import Role, may


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return where `user` is an active member, by the organization's name."""
    return (
        Membership.objects.filter(user=user, is_active=True, user__is_active=True)
        .select_related("organization", "user")
        .order_by("organization__name")
    )


def membership(user: User, slug: str) -> Membership | None:
    """Return what `user` is in the organization `slug`; None for a stranger."""
    return memberships_of(user).filter(organization__slug=slug).first()


def members(organization: Organization) -> QuerySet[Membership]:
    """Return every member, active ones first."""
    return (
        Membership.objects.filter(organization=organization)
        .select_related("user")
        .order_by("-is_active", "user__email")
    )


def without_second_factor(organization: Organization) -> QuerySet[Membership]:
    """Return the active members who have neither an authenticator app nor a passkey."""
    having = Authenticator.objects.filter(
        type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).values("user")
    return members(organization).filter(is_active=True).exclude(user__in=having)


def providers(organization: Organization) -> QuerySet[IdentityProvider]:
    """Return the organization's identity providers, by name."""
    return IdentityProvider.objects.filter(organization=organization).order_by("name", "pk")


def provider_of_key(key: str) -> IdentityProvider | None:
    """Return the provider that django-allauth knows by `key`; None for any other."""
    kind, _, number = key.partition("-")
    try:
        found = UUID(hex=number)
    except ValueError:
        return None
    return (
        IdentityProvider.objects.filter(pk=found, kind=kind).select_related("organization").first()
    )


def providers_named(slug: str) -> list[IdentityProvider]:
    """Return the providers of the organization `slug`; none when there is no such organization."""
    found = IdentityProvider.objects.filter(organization__slug=slug).order_by("name", "pk")
    return list(found.select_related("organization"))


def provisioned(organization: Organization) -> QuerySet[ProvisionedPerson]:
    """Return what the organization's provisioning system says of people, oldest first."""
    return (
        ProvisionedPerson.objects.filter(organization=organization)
        .select_related("organization", "membership__user")
        .order_by("created_at", "pk")
    )


def provisioned_groups(organization: Organization) -> QuerySet[ProvisionedGroup]:
    """Return the groups that the organization's provisioning system made, by name."""
    return (
        ProvisionedGroup.objects.filter(organization=organization)
        .select_related("organization")
        .order_by("display_name", "pk")
    )


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Return the invitations that nobody accepted and nobody withdrew, newest first."""
    return Invitation.objects.filter(
        organization=organization, accepted_at=None, revoked_at=None
    ).order_by("-created_at")


def tokens(organization: Organization) -> QuerySet[ApiToken]:
    """Return the tokens that were not revoked, newest first."""
    return (
        ApiToken.objects.filter(organization=organization, revoked_at=None)
        .select_related("made_by__user")
        .order_by("-created_at")
    )


def revocable_tokens(membership: Membership) -> QuerySet[ApiToken]:
    """Return the tokens that a member may revoke: their own; who changes members, everybody's."""
    found = tokens(membership.organization)
    if may(Role(membership.role), "members.edit"):
        return found
    return found.filter(made_by=membership)


def organizations() -> list[tuple[Organization, int]]:
    """Return every organization of the installation and its number of active members, by name."""
    active = Count("members", filter=Q(members__is_active=True))
    counted = Organization.objects.annotate(people=active).order_by("name", "slug")
    return [(each, each.people) for each in counted]


def organization_named(slug: str) -> Organization | None:
    """Return the organization with this short name; None when there is none."""
    return Organization.objects.filter(slug=slug).first()


def person_of(email: str) -> User | None:
    """Return who signs in with this address; None when nobody does."""
    return User.objects.filter(email__iexact=email, is_active=True).first()


def has_no_members() -> bool:
    """Return whether the installation is new: nobody can log in yet."""
    return not User.objects.exists()
