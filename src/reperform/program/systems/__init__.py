"""Systems of record: which system is the identity provider, and which keeps the roster of people.

A reconciliation compares one list with that of another source.  Which system's list that is, the
organization says; where it has not, nothing is compared, for all systems taken as one would hide
what the right one lacks.  Systems are named as rows of populations name them, in `system`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "systems"
_LONGEST = 300


class SystemRole(StrEnum):
    """What a system is to the organization."""

    IDENTITY_PROVIDER = "identity provider"
    HR_ROSTER = "HR roster"
    CODE_HOST = "code host"
    DEPLOYMENT_SOURCE = "deployment source"

    @property
    def field(self) -> str:
        """Its name in forms, answers and the trail."""
        return self.value.lower().replace(" ", "_")


Systems = Mapping[SystemRole, tuple[str, ...]]
"""Role -> systems; a role without one is not decided."""


def read_systems(content: Mapping[str, Any]) -> tuple[Systems, list[Problem]]:
    """Return which systems have which role, and what is wrong with what was said.

    Args:
        content: by `SystemRole.field`, texts or lists of them; what is left out is not decided.
    """
    reader = Reader(content, SLUG)
    reader.refuse_others([role.field for role in SystemRole], "the systems of record")
    found: dict[SystemRole, tuple[str, ...]] = {}
    for role in SystemRole:
        named = tuple(dict.fromkeys(reader.lines(role.field)))
        if any(len(each) > _LONGEST or not each.isprintable() for each in named):
            reader.problem(role.field, "holds what is no name", "copy it from a population's rows")
        elif named:
            found[role] = named
    return found, reader.problems


def systems_content(systems: Systems) -> dict[str, list[str]]:
    """Return it as JSON values, every role by its field; an empty list where none is decided."""
    return {role.field: list(systems.get(role, ())) for role in SystemRole}
