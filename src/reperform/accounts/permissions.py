"""Who may do what: one table, read by pages, the API and the tests that walk them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is in an organization."""

    ADMINISTRATOR = "administrator"
    COMPLIANCE_MANAGER = "compliance manager"
    CONTROL_OWNER = "control owner"
    EMPLOYEE = "employee"
    READ_ONLY = "read-only"
    AUDITOR = "auditor"
    """Of the service auditor's firm; reads the program, and never writes it."""


_ADMIN, _MANAGER, _OWNER, _EMPLOYEE, _READER, _AUDITOR = Role
_WRITERS = frozenset({_ADMIN, _MANAGER})
_STAFF = frozenset({_ADMIN, _MANAGER, _OWNER, _READER})
_READERS = _STAFF | {_AUDITOR}
_EVERYBODY = frozenset(Role)

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "overview.view": _EVERYBODY,
        "account.edit": _EVERYBODY,
        "criteria.view": _READERS,
        "scope.view": _READERS,
        "scope.edit": _WRITERS,
        "description.view": _READERS,
        "description.edit": _WRITERS,
        "controls.view": _READERS,
        "controls.edit": _WRITERS,
        # Management's own view of its readiness: the auditor forms one independently.
        "gap.view": _STAFF,
        "gap.edit": _WRITERS,
        "tasks.edit": _WRITERS | {_OWNER},
        "results.view": _READERS,
        "results.edit": _WRITERS,
        "trail.view": _WRITERS | {_AUDITOR},
        "members.view": _WRITERS,
        "members.edit": frozenset({_ADMIN}),
        "members.provision": frozenset({_ADMIN}),
        "tokens.edit": _WRITERS,
        "settings.edit": frozenset({_ADMIN}),
    }
)
"""Permission -> the roles that have it.  What is not named here, nobody may do."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "overview.view": "See where the program stands.",
        "account.edit": "Change one's own account.",
        "criteria.view": "Read the criteria, their points of focus and what else they satisfy.",
        "scope.view": "Read the scope and its versions.",
        "scope.edit": "Decide the scope.",
        "description.view": "Read the system description and its versions.",
        "description.edit": "Write the system description.",
        "controls.view": "Read the controls and which criteria they reach.",
        "controls.edit": "Adopt, tailor, write and retire controls.",
        "gap.view": "Read the gap analysis and management's view of its readiness.",
        "gap.edit": "Assess criteria, and import an earlier assessment.",
        "tasks.edit": "Change tasks of the plan, and say that one is done.",
        "results.view": "Read examinations, their results, and the evidence bundles.",
        "results.edit": "Keep examinations.",
        "trail.view": "Read who changed what, when.",
        "members.view": "Read who is a member and who is invited: names and e-mail addresses.",
        "members.edit": "Invite people, change their roles, and let them out.",
        "members.provision": "Make and close memberships over SCIM, and read whom it made.",
        "tokens.edit": "Make and revoke API tokens, of no more than its own scopes.",
        "settings.edit": "Change the organization's name and how people sign in.",
    }
)
"""Permission -> what it lets somebody do, as people who choose a token's scopes read it."""


def may(role: Role, permission: str) -> bool:
    """Return whether somebody with `role` has `permission`.

    Raises:
        KeyError: there is no such permission, which is an error of the program.

    >>> may(Role.READ_ONLY, "scope.view"), may(Role.READ_ONLY, "scope.edit")
    (True, False)
    """
    return role in PERMISSIONS[permission]


def granted(role: Role) -> frozenset[str]:
    """Return every permission that `role` has."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role in roles)
