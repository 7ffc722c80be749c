"""People of the example: who joins as what, and who leaves."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from reperform.accounts.actions.members import change_member, invite, join
from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml

_FILE = "people.yaml"


def found(folder: Path) -> Organization:
    """Found the organization, labelled as an example."""
    told = read_yaml(folder, _FILE)
    return found_organization(
        name=told["organization"],
        slug=told["slug"],
        is_example=True,
        by=told["people"][0]["email"],
        at=moment(told["founded"]),
    )


def acts(folder: Path) -> Iterator[Act]:
    """Yield who joins and who leaves."""
    people = read_yaml(folder, _FILE)["people"]
    administrator = people[0]["email"]
    for person in people:
        yield _joining(person, administrator)
        if "leaves" in person:
            yield _leaving(person, administrator)


def _joining(person: Mapping[str, str], administrator: str) -> Act:
    at = moment(person["joins"])

    def do(organization: Organization) -> None:
        _, secret = invite(
            organization=organization,
            email=person["email"],
            role=Role(person["role"]),
            by=administrator,
            at=at - timedelta(minutes=5),
        )
        # Nobody knows the password: the demo's links are the only way in.
        password = secrets.token_urlsafe(32)
        join(secret=secret, email=person["email"], name=person["name"], password=password, at=at)

    return Act(at, do)


def _leaving(person: Mapping[str, str], administrator: str) -> Act:
    at = moment(person["leaves"])

    def do(organization: Organization) -> None:
        change_member(
            membership=Membership.objects.get(
                organization=organization, user__email=person["email"]
            ),
            role=Role(person["role"]),
            is_active=False,
            by=administrator,
            at=at,
        )

    return Act(at, do)
