"""The role that a directory's groups give: which one counts, and when it is given."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from reperform.accounts.actions.members import put_member
from reperform.accounts.models import (
    Membership,
    Organization,
    ProvisionedGroup,
    ProvisionedPerson,
)
from reperform.accounts.permissions import Role

FIRST_ROLE = Role.EMPLOYEE
"""What a provisioned person is until a group or an administrator gives them another role."""

_ORDER = (
    Role.ADMINISTRATOR,
    Role.COMPLIANCE_MANAGER,
    Role.CONTROL_OWNER,
    Role.READ_ONLY,
    Role.AUDITOR,
    Role.EMPLOYEE,
)
"""Of several groups, the first of these counts."""
_RULER = Role.ADMINISTRATOR.value


def strongest(roles: Iterable[str]) -> str:
    """Return the role that counts of those that somebody's groups give; empty for none.

    >>> strongest(["employee", "control owner", ""])
    'control owner'
    """
    given = set(roles)
    return next((role.value for role in _ORDER if role.value in given), "")


def follow_groups(
    organization: Organization, people: Iterable[UUID], *, at: datetime
) -> dict[str, str]:
    """Give people the roles that their groups give now, for an action that records it.

    A role that an administrator gave by hand stays until what the groups give changes.  Whom an
    administrator made an administrator, groups neither promote nor demote.

    Returns:
        e-mail address -> role, of each whose role became another.

    Raises:
        LastAdministratorError: nobody would be left to administer the organization.
    """
    roles: dict[UUID, list[str]] = {key: [] for key in people}
    giving = ProvisionedGroup.objects.filter(organization=organization, people__in=list(roles))
    for key, role in giving.exclude(role="").values_list("people", "role"):
        if key in roles and (organization.groups_make_administrators or role != _RULER):
            roles[key].append(role)
    found = ProvisionedPerson.objects.filter(organization=organization, pk__in=list(roles))
    followed: dict[str, list[ProvisionedPerson]] = {}
    became: dict[Role, list[Membership]] = {}
    for person in found.select_related("membership__user", "membership__organization"):
        now = strongest(roles[person.pk])
        if now == person.group_role or person.membership is None:
            continue
        by_hand = person.membership.role != person.group_role
        if by_hand and person.membership.role == _RULER:
            continue
        followed.setdefault(now, []).append(person)
        role = Role(now) if now else FIRST_ROLE
        if (now or not by_hand) and role.value != person.membership.role:
            became.setdefault(role, []).append(person.membership)
    for now, those in followed.items():
        own = ProvisionedPerson.objects.filter(pk__in=[each.pk for each in those])
        own.update(group_role=now)
    return _given(became, at=at)


def _given(became: dict[Role, list[Membership]], *, at: datetime) -> dict[str, str]:
    """Give each the role; whoever ruled until now is looked at one by one."""
    for role, memberships in became.items():
        ruling = [each for each in memberships if each.role == _RULER]
        others = [each.pk for each in memberships if each.role != _RULER]
        Membership.objects.filter(pk__in=others).update(role=role.value)
        for each in ruling:
            put_member(membership=each, role=role, is_active=each.is_active, at=at)
    return {each.user.email: role.value for role, those in became.items() for each in those}
