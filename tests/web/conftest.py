"""An organization with a member in every role, and a stranger, for tests of pages."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def larkspur(db: None) -> Organization:
    """The organization that a test is about."""
    return found_organization(name="Larkspur", by="test", at=AT)


@pytest.fixture
def member(larkspur: Organization) -> Callable[[Role], User]:
    """Makes a member of Larkspur with a role."""

    def make(role: Role) -> User:
        user, _ = User.objects.get_or_create(
            email=f"{role.name.lower()}@larkspur.example", defaults={"date_joined": AT}
        )
        Membership.objects.get_or_create(
            user=user, organization=larkspur, defaults={"role": role.value, "since": AT}
        )
        return user

    return make


@pytest.fixture
def stranger(db: None) -> User:
    """An administrator of another organization."""
    other = found_organization(name="Other", by="test", at=AT)
    user = User.objects.create(email="stranger@other.example", date_joined=AT)
    Membership.objects.create(
        user=user, organization=other, role=Role.ADMINISTRATOR.value, since=AT
    )
    return user


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Makes a browser in which a user is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def manager(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    """A browser of Larkspur's compliance manager."""
    return signed_in(member(Role.COMPLIANCE_MANAGER))
