"""A group as SCIM has it, and what of it concerns us."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    InvalidValueException,
    Mutability,
    Reference,
    Required,
    Resource,
    User,
)

from reperform.accounts.actions.groups import GroupSaid

_LONGEST = 200


class Member(ComplexAttribute):
    """Somebody in a group; their id is what counts."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of a user."""
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]  # by its name
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The user's address."""
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """What it is: a User."""


class Group(Resource[Any]):
    """The attributes of a Group that are kept.  Source: RFC 7643, 4.2."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    """What people call the group."""
    members: list[Member] | None = None
    """Who is in it: users that were made here.  Groups in groups are not kept."""


def group_said(group: Group) -> GroupSaid:
    """Return what a group's resource says.

    Raises:
        InvalidValueException: a text is empty or too long, or a member is not named by an id.
    """
    for field in ("display_name", "external_id"):
        if len(getattr(group, field) or "") > _LONGEST:
            raise InvalidValueException(detail=f"{field} has more than {_LONGEST} characters")
    if not (group.display_name or "").strip():
        raise InvalidValueException(detail="displayName is empty")
    return GroupSaid(
        display_name=str(group.display_name),
        external_id=group.external_id or "",
        people=frozenset(_person(each) for each in group.members or ()),
    )


def _person(member: Member) -> UUID:
    if (member.type or "User").lower() != "user":
        raise InvalidValueException(detail="members: a group in a group is not kept")
    try:
        return UUID(str(member.value))
    except ValueError:
        raise InvalidValueException(detail="members: the value is not the id of a user") from None
