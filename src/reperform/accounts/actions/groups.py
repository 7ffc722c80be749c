"""Groups of a directory (SCIM): made, changed and removed by it, and given a role here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from reperform.accounts.actions.group_roles import follow_groups
from reperform.accounts.models import Organization, ProvisionedGroup, ProvisionedPerson
from reperform.accounts.permissions import Role
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.ledger.queries import changes

MOST_GROUPS = 1_000
MOST_PEOPLE = 10_000


class GroupRefusedError(RefusalError):
    """A group cannot be kept as the directory says it."""

    slug = "group-refused"


class GroupRoleRefusedError(RefusalError):
    """A group cannot give this role."""

    slug = "group-role-refused"


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """What the directory says of a group.

    Attributes:
        display_name: as people there call it.
        external_id: its own key for it; may be empty.
        people: the records of those who are in it.
    """

    display_name: str
    external_id: str
    people: frozenset[UUID]


@transaction.atomic
def make_group(
    *, organization: Organization, said: GroupSaid, by: str, at: datetime
) -> ProvisionedGroup:
    """Make a group; it gives no role until an administrator says which.

    Raises:
        GroupRefusedError: somebody in it is no record of the organization, or there are too many.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if ProvisionedGroup.objects.filter(organization=organization).count() >= MOST_GROUPS:
        raise _refused(f"there are {MOST_GROUPS:,} groups", "push only groups that give a role")
    _refuse_unknown(organization, said.people)
    group = ProvisionedGroup.objects.create(
        organization=organization,
        display_name=said.display_name,
        external_id=said.external_id,
        created_at=at,
        changed_at=at,
    )
    group.people.set(_records(said.people))
    _touch(said.people)
    record(
        log=organization.log,
        act="group.provisioned",
        by=by,
        at=at,
        subject=f"group {group.pk}",
        after={**_told(group), "people": _named(said.people)},
    )
    return group


@transaction.atomic
def change_group(
    *, group: ProvisionedGroup, said: GroupSaid, seen: int | None = None, by: str, at: datetime
) -> ProvisionedGroup:
    """Change a group's name and who is in it; roles follow.

    Args:
        group: the one to change.
        said: the group as it shall be.
        seen: the version that the directory looked at; None when it does not say.
        by: who changes it.
        at: when.

    Raises:
        GroupRefusedError: somebody in it is no record of the organization.
        StaleVersionError: somebody changed it in the meantime.
        LastAdministratorError: nobody would be left to administer the organization.
    """
    organization = Organization.objects.select_for_update().get(pk=group.organization_id)
    group = ProvisionedGroup.objects.get(pk=group.pk)
    _refuse_stale(group, seen)
    was = frozenset(group.people.values_list("pk", flat=True))
    joined, left = said.people - was, was - said.people
    before = _told(group)
    group.display_name, group.external_id = said.display_name, said.external_id
    if _told(group) == before and not joined and not left:
        return group
    _refuse_unknown(organization, joined)
    group.changed_at, group.version = at, group.version + 1
    group.save()
    group.people.remove(*_records(left))
    group.people.add(*_records(joined))
    named = {"joined": _named(joined), "left": _named(left)}
    roles = follow_groups(organization, joined | left, at=at)
    _touch(joined | left)
    record(
        log=organization.log,
        act="group.changed",
        by=by,
        at=at,
        subject=f"group {group.pk}",
        before=before,
        after={**_told(group), **named, "became": roles},
    )
    return group


@transaction.atomic
def remove_group(
    *, group: ProvisionedGroup, seen: int | None = None, by: str, at: datetime
) -> None:
    """Remove a group, and the role that it gave; one that is gone stays gone.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        LastAdministratorError: nobody would be left to administer the organization.
    """
    organization = Organization.objects.select_for_update().get(pk=group.organization_id)
    kept = ProvisionedGroup.objects.filter(pk=group.pk).first()
    if kept is None:
        return  # somebody was faster
    _refuse_stale(kept, seen)
    people = frozenset(kept.people.values_list("pk", flat=True))
    before, key = {**_told(kept), "people": _named(people)}, kept.pk
    kept.delete()
    roles = follow_groups(organization, people, at=at)
    _touch(people)
    record(
        log=organization.log,
        act="group.removed",
        by=by,
        at=at,
        subject=f"group {key}",
        before=before,
        after={"became": roles},
    )


@transaction.atomic
def give_group_role(
    *, group: ProvisionedGroup, role: Role | None, seen: int, by: str, at: datetime
) -> ProvisionedGroup:
    """Decide which role a group gives to who is in it; None for none.

    Raises:
        GroupRoleRefusedError: it is the administrator's, and the organization does not let groups
            give it.
        StaleVersionError: somebody changed the group in the meantime.
        LastAdministratorError: nobody would be left to administer the organization.
    """
    organization = Organization.objects.select_for_update().get(pk=group.organization_id)
    group = ProvisionedGroup.objects.get(pk=group.pk)
    _refuse_stale(group, seen)
    before = _told(group)
    group.role = role.value if role else ""
    if _told(group) == before:
        return group
    if role is Role.ADMINISTRATOR and not organization.groups_make_administrators:
        raise GroupRoleRefusedError(
            f"{group.display_name} was not given the role: a group makes no administrators here",
            why="Whoever may put people into a group of the directory would decide who rules the"
            " program, unseen by those who rule it now.",
            todo="make administrators by hand on Members, or let groups make them in the settings",
        )
    group.changed_at, group.version = at, group.version + 1
    group.save()
    roles = follow_groups(organization, group.people.values_list("pk", flat=True), at=at)
    record(
        log=organization.log,
        act="group.given-role",
        by=by,
        at=at,
        subject=f"group {group.pk}",
        before=before,
        after={**_told(group), "became": roles},
    )
    return group


def _told(group: ProvisionedGroup) -> dict[str, object]:
    names = ("display_name", "external_id", "role")
    return {name: getattr(group, name) for name in names}


def _records(people: Collection[UUID]) -> QuerySet[ProvisionedPerson]:
    return ProvisionedPerson.objects.filter(pk__in=people)


def _named(people: Collection[UUID]) -> list[str]:
    """Return who is meant, as the directory calls them: a key alone would name nobody later."""
    return sorted(_records(people).values_list("user_name", flat=True))


def _touch(people: Collection[UUID]) -> None:
    """Count a change of each person's resource, which says their groups."""
    _records(people).update(version=F("version") + 1)


def _refuse_unknown(organization: Organization, people: Collection[UUID]) -> None:
    if len(people) > MOST_PEOPLE:
        raise _refused(f"it has more than {MOST_PEOPLE:,} people", "push smaller groups")
    own = ProvisionedPerson.objects.filter(organization=organization, pk__in=people)
    known = set(own.values_list("pk", flat=True))
    unknown = sorted(str(each) for each in set(people) - known)
    if unknown:
        raise _refused(f"there is no user {unknown[0]}", "make the user first, then the group")


def _refuse_stale(group: ProvisionedGroup, seen: int | None) -> None:
    if seen is None or group.version == seen:
        return
    last = changes(group.organization.log, subject=f"group {group.pk}").first()
    raise StaleVersionError(
        group.display_name,
        seen=seen,
        current=group.version,
        by=last.by if last else "somebody",
        content=_told(group),
    )


def _refused(what: str, todo: str) -> GroupRefusedError:
    return GroupRefusedError(
        f"the group was not kept: {what}",
        why="A group that is kept in part would give roles to others than it says.",
        todo=todo,
    )
