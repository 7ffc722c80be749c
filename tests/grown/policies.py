"""Policies with versions in force and a draft, accepted by some."""

from datetime import datetime

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.program.models import Person, Policy, PolicyAcceptance, PolicyVersion

_TEXT = "## Rules\n\n- Somebody does something each month.\n"
_ACCEPTED = 5


def grow_policies(
    organization: Organization, owners: list[Membership], count: int, at: datetime
) -> None:
    """Add policies until there are `count`; the first is called as an address of the tests."""
    there = Policy.objects.filter(organization=organization).count()
    people = list(Person.objects.filter(organization=organization)[:_ACCEPTED])
    for number in range(there, count):
        policy = Policy.objects.create(
            organization=organization,
            key=f"policy-{number}" if number else "access-control",
            title=f"Policy {number}",
            owner=owners[0],
            review_due=at.date(),
            accept_days=30,
            changed_by="test",
            changed_at=at,
        )
        for version in (1, 2, 3):
            made = PolicyVersion(
                policy=policy,
                number=version,
                text=f"{_TEXT}\nVersion {version}.\n",
                sha256=sha256_hex(_TEXT.encode()),
                author=owners[0],
                written_by="test",
                written_at=at,
            )
            if version < 3:
                made.submitted_by, made.submitted_at = "test", at
                made.approver, made.approved_by, made.approved_at = owners[1], "test", at
                made.effective_on = made.asks_since = at.date()
                made.asks_from = version
            made.save()
            PolicyAcceptance.objects.bulk_create(
                PolicyAcceptance(
                    version=made,
                    person=person,
                    sha256=made.sha256,
                    on=at.date(),
                    by="test",
                    at=at,
                )
                for person in people
                if version < 3
            )
