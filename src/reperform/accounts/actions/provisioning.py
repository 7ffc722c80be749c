"""People as a provisioning system (SCIM) makes, changes and closes them.

The system is an organization's own: it sees and changes what concerns that organization.  An
account is the person's: its address and password are never changed here, and its name only while
they belong to no other organization.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F

from reperform.accounts.actions.group_roles import FIRST_ROLE, follow_groups
from reperform.accounts.actions.members import put_member
from reperform.accounts.models import Membership, Organization, ProvisionedPerson, User
from reperform.accounts.permissions import Role
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.ledger.queries import changes


class UserNameTakenError(RefusalError):
    """The organization has another record with this user name, or of this person."""

    slug = "user-name-taken"


@dataclass(frozen=True, slots=True)
class Said:
    """What the system says of a person.

    Attributes:
        user_name: theirs in that system.
        external_id: its own key for them; may be empty.
        address: e-mail address that they sign in with; empty when it says none.
        name: what others see.
        is_active: whether they may sign in here.
        document: the whole resource, as SCIM has it.
    """

    user_name: str
    external_id: str
    address: str
    name: str
    is_active: bool
    document: Mapping[str, Any]


@transaction.atomic
def provision(
    *, organization: Organization, said: Said, by: str, at: datetime
) -> ProvisionedPerson:
    """Make the record of a person, their account when there is none, and their membership.

    Raises:
        UserNameTakenError: there is a record with this user name, or of this person.
        LastAdministratorError: the person is the last administrator, and shall not be active.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse_taken(organization, said, but=None)
    members = Membership.objects.filter(organization=organization)
    was = members.filter(user__email__iexact=said.address).first() if said.address else None
    before = _standing(was) if was else None
    person = ProvisionedPerson.objects.create(
        organization=organization,
        user_name=said.user_name,
        external_id=said.external_id,
        document=dict(said.document),
        created_at=at,
        changed_at=at,
    )
    state = _follow(person, said, at=at, is_new=True)
    record(
        log=organization.log,
        act="person.provisioned",
        by=by,
        at=at,
        subject=f"person {person.pk}",
        before=before,
        after={"document": dict(said.document), **state},
    )
    return person


@transaction.atomic
def change_provisioned(
    *, person: ProvisionedPerson, said: Said, seen: int | None = None, by: str, at: datetime
) -> ProvisionedPerson:
    """Change the record of a person, and whether they may sign in here.

    Args:
        person: whose record.
        said: what the system says of them.
        seen: the version that it looked at; None when it does not say.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        UserNameTakenError: another record has this user name, or is of this person.
        LastAdministratorError: nobody would be left to administer the organization.
    """
    organization = Organization.objects.select_for_update().get(pk=person.organization_id)
    person = ProvisionedPerson.objects.get(pk=person.pk)
    _refuse_stale(person, seen)
    if dict(said.document) == person.document:
        return person
    _refuse_taken(organization, said, but=person)
    before = {"document": person.document, **_standing(person.membership)}
    person.user_name, person.external_id = said.user_name, said.external_id
    person.document, person.changed_at = dict(said.document), at
    person.version += 1
    person.save()
    state = _follow(person, said, at=at, is_new=False)
    record(
        log=organization.log,
        act="person.changed",
        by=by,
        at=at,
        subject=f"person {person.pk}",
        before=before,
        after={"document": dict(said.document), **state},
    )
    return person


@transaction.atomic
def deprovision(
    *, person: ProvisionedPerson, seen: int | None = None, by: str, at: datetime
) -> None:
    """Close a person's membership, and forget the record of them; one that is gone stays gone.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        LastAdministratorError: nobody would be left to administer the organization.
    """
    organization = Organization.objects.select_for_update().get(pk=person.organization_id)
    kept = ProvisionedPerson.objects.filter(pk=person.pk).first()
    if kept is None:
        return  # somebody was faster
    _refuse_stale(kept, seen)
    before, membership = _standing(kept.membership), kept.membership
    if membership:
        role = Role(membership.role)
        membership, _, _ = put_member(membership=membership, role=role, is_active=False, at=at)
    key = kept.pk
    kept.groups.update(version=F("version") + 1)
    kept.delete()
    record(
        log=organization.log,
        act="person.deprovisioned",
        by=by,
        at=at,
        subject=f"person {key}",
        before={"document": kept.document, **before},
        after=_standing(membership),
    )


def _refuse_stale(person: ProvisionedPerson, seen: int | None) -> None:
    if seen is None or person.version == seen:
        return
    last = changes(person.organization.log, subject=f"person {person.pk}").first()
    raise StaleVersionError(
        person.user_name,
        seen=seen,
        current=person.version,
        by=last.by if last else "somebody",
        content=person.document,
    )


def _standing(membership: Membership | None) -> dict[str, object]:
    """Return what the ledger says of who a record is about, and what they are here."""
    if membership is None:
        return {"member": None}
    return {
        "member": membership.user.email,
        "role": membership.role,
        "is_active": membership.is_active,
    }


def _refuse_taken(organization: Organization, said: Said, *, but: ProvisionedPerson | None) -> None:
    others = ProvisionedPerson.objects.filter(organization=organization)
    if but:
        others = others.exclude(pk=but.pk)
    if others.filter(user_name__iexact=said.user_name).exists():
        raise UserNameTakenError(
            f"no record was written: there is one for {said.user_name}",
            why="Two records of one person would say different things of them.",
            todo="change the record that is there",
        )
    unknown = but is None or but.membership_id is None
    if unknown and others.filter(membership__user__email__iexact=said.address).exists():
        raise UserNameTakenError(
            f"no record was written: another record is of {said.address}",
            why="Closing one of them would leave the person in by the other.",
            todo="change the record that is there",
        )


def _follow(
    person: ProvisionedPerson, said: Said, *, at: datetime, is_new: bool
) -> dict[str, object]:
    """Let account and membership follow the record; return what the membership became."""
    membership = person.membership
    made_now = membership is None
    if membership is None and said.address:
        membership = _membership(person.organization, said, at=at, is_new=is_new)
        person.membership = membership
        person.save(update_fields=["membership"])
    if membership is None:
        return _standing(None)
    Membership.objects.filter(pk=membership.pk).update(external_id=said.external_id)
    membership, _, _ = put_member(
        membership=membership, role=Role(membership.role), is_active=said.is_active, at=at
    )
    if said.name and _belongs_here_only(membership):
        User.objects.filter(pk=membership.user_id).update(name=said.name)
    if made_now and follow_groups(person.organization, [person.pk], at=at):
        membership.refresh_from_db()
    return _standing(membership)


def _membership(
    organization: Organization, said: Said, *, at: datetime, is_new: bool
) -> Membership:
    user = User.objects.filter(email__iexact=said.address).first()
    if user is None:
        user = User(email=said.address.lower(), name=said.name, date_joined=at)
        user.set_unusable_password()
        user.save()
        # The system says so; that the person reads this mailbox is not proved yet.
        EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    membership, made = Membership.objects.get_or_create(
        user=user,
        organization=organization,
        defaults={"role": FIRST_ROLE.value, "since": at, "is_active": said.is_active},
    )
    if not made and is_new and not membership.is_active:
        # Who comes back does not come back as what they were.
        membership.role = FIRST_ROLE.value
        membership.save(update_fields=["role"])
    return membership


def _belongs_here_only(membership: Membership) -> bool:
    elsewhere = Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk)
    return not elsewhere.exists()
