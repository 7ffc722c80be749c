"""Every act that the trail keeps: what is done, and what its entry must then say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role

EARLIER = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
AT = EARLIER + timedelta(hours=3, minutes=17)
"""When each act is done; everything that it needs was there before."""
BY = "ada@larkspur.example by token nightly"


@dataclass
class Place:
    """A new organization, and a folder for what an act takes from outside."""

    organization: Organization
    folder: Path

    def member(self, role: Role = Role.EMPLOYEE, name: str = "") -> Membership:
        email = f"{name or role.name.lower()}@larkspur.example"
        return Membership.objects.create(
            user=User.objects.create(email=email, date_joined=EARLIER),
            organization=self.organization,
            role=role.value,
            since=EARLIER,
        )


@dataclass
class Case:
    """An act on a new organization.

    Attributes:
        prepare: makes what the act needs, and returns the act, which can be done twice.
        acts: what the entries are about, in order; more than one where the action says so.
        before: of the first entry, what was.
        after: of the first entry, what is.
        by: who did it; another than the caller where the action itself knows.
        again: how many entries the same once more leaves; the reason when it leaves any.
    """

    prepare: Callable[[Place], Callable[[], object]]
    acts: tuple[str, ...]
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    by: str = BY
    again: int | str = 0
