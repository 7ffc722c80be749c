"""The links of the demo open accounts that belong to examples alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client, override_settings

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.cli.example.door import link_for

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def example(db: None) -> Organization:
    return found_organization(name="Example", by="test", at=AT, is_example=True)


@pytest.fixture
def person(example: Organization) -> Membership:
    user = User.objects.create(email="ana@larkspur.example", date_joined=AT)
    return Membership.objects.create(
        user=user, organization=example, role=Role.EMPLOYEE.value, since=AT
    )


def opened(membership: Membership) -> int:
    with override_settings(ROOT_URLCONF="reperform.cli.example.door"):
        return Client().get(link_for(membership)).status_code


def test_a_person_of_an_example_is_signed_in(person: Membership) -> None:
    """The link leads to the overview, with nothing to type."""
    with override_settings(ROOT_URLCONF="reperform.cli.example.door"):
        client = Client()
        answer = client.get(link_for(person))

        assert answer.headers["Location"] == "/o/example/"
        assert client.get("/o/example/").status_code == 200


def test_a_member_of_a_real_organization_is_not(
    larkspur: Organization, member: Callable[[Role], User]
) -> None:
    """Also not when somebody made a link for them."""
    assert opened(member(Role.ADMINISTRATOR).memberships.get()) == 404


def test_an_account_that_joined_a_real_organization_is_not(
    person: Membership, larkspur: Organization
) -> None:
    """The link would open that one too."""
    assert opened(person) == 302
    Membership.objects.create(
        user=person.user, organization=larkspur, role=Role.EMPLOYEE.value, since=AT
    )

    assert opened(person) == 404


def test_somebody_who_left_is_not(person: Membership) -> None:
    """As anywhere else."""
    person.is_active = False
    person.save()

    assert opened(person) == 404


def test_the_application_itself_has_no_such_link(person: Membership) -> None:
    """Only the demo's own table of URLs knows it."""
    assert Client().get(link_for(person)).status_code == 404
