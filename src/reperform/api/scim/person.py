"""A person as SCIM has them, and what of it concerns us."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from scim2_models import (
    URN,
    CaseExact,
    Context,
    Email,
    GroupMembership,
    InvalidValueException,
    Mutability,
    Name,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)

from reperform.accounts.actions.provisioning import Said

TOLERANT = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
"""Directories send attributes that nobody asked for: they are not kept."""

_NOT_SAID = ("id", "meta", "groups")
"""What is ours to say of a person."""

_LONGEST = {"user_name": 254, "external_id": 200, "display_name": 200}
_LONGEST_NAME = 150
_MOST_ADDRESSES = 20
_is_address = EmailValidator()


class Person(Resource[Any]):
    """The attributes of a User that are kept.  Source: RFC 7643, 4.1."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true, CaseExact.false] = None
    """What the directory calls the person; usually their e-mail address."""
    name: Name | None = None
    """The parts of the person's name."""
    display_name: str | None = None
    """The name that others see."""
    emails: list[Email] | None = None
    """E-mail addresses; the primary one, or the first, is whom they sign in as."""
    active: bool | None = None
    """Whether the person may sign in to the organization; they may when it is not said."""
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The groups that the person is in; changed at the groups."""


Person.__name__ = Person.__qualname__ = "User"


def said_of(person: Person) -> Said:
    """Return what a person's resource says.

    Raises:
        InvalidValueException: a text is empty, too long, or no text of people; the address that
            would be signed in with is not one.
    """
    for field, longest in _LONGEST.items():
        text = getattr(person, field) or ""
        if len(text) > longest:
            raise InvalidValueException(detail=f"{field} has more than {longest} characters")
    if not (person.user_name or "").strip():
        raise InvalidValueException(detail="userName is empty")
    if len(person.emails or ()) > _MOST_ADDRESSES:
        raise InvalidValueException(detail=f"emails has more than {_MOST_ADDRESSES} values")
    document = person.model_dump(scim_ctx=Context.DEFAULT)
    document = {name: document[name] for name in document if name not in _NOT_SAID}
    return Said(
        user_name=str(person.user_name),
        external_id=person.external_id or "",
        address=_address(person),
        name=_name(person)[:_LONGEST_NAME],
        is_active=person.active is not False,
        document=document,
    )


def _address(person: Person) -> str:
    values = [each for each in person.emails or () if each.value]
    primary = next((each for each in values if each.primary), values[0] if values else None)
    if primary:
        if not _is_good(str(primary.value)):
            raise InvalidValueException(detail="emails: the value is not an e-mail address")
        return str(primary.value)
    return str(person.user_name) if _is_good(str(person.user_name)) else ""


def _is_good(text: str) -> bool:
    try:
        _is_address(text)
    except ValidationError:
        return False
    return len(text) <= _LONGEST["user_name"]


def _name(person: Person) -> str:
    name = person.name
    parts = [name.given_name, name.family_name] if name else []
    return (
        person.display_name
        or (name.formatted if name else "")
        or " ".join(part for part in parts if part)
        or ""
    )
