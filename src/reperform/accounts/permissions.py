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
        "tokens.edit": _WRITERS,
        "settings.edit": frozenset({_ADMIN}),
    }
)
"""Permission -> the roles that have it.  What is not named here, nobody may do."""


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
