"""Groups of the organization's directory (SCIM), for programs: which role each gives."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from reperform.accounts import queries
from reperform.accounts.actions.groups import give_group_role
from reperform.accounts.models import ProvisionedGroup
from reperform.accounts.permissions import Role
from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, paged
from reperform.api.members import RoleName

router = Router()


class DirectoryGroupOut(Schema):
    """A group; who is in it is the directory's to say."""

    id: UUID
    name: str
    external_id: str
    role: str | None = Field(description="The role that it gives; null for none.")
    people: int = Field(description="How many are in it.")
    changed_at: datetime
    version: int

    @staticmethod
    def of(group: ProvisionedGroup) -> "DirectoryGroupOut":
        """Return a group, counted, as an answer."""
        return DirectoryGroupOut(
            id=group.pk,
            name=group.display_name,
            external_id=group.external_id,
            role=group.role or None,
            people=getattr(group, "size", 0),
            changed_at=group.changed_at,
            version=group.version,
        )


class GroupRoleIn(Schema):
    """Which role a group shall give."""

    role: RoleName | None
    seen: int = Field(ge=1, le=2**31 - 1, description="The version that was read before.")


def _groups(request: ApiRequest) -> Any:  # noqa: ANN401 - a query of counted groups
    return queries.provisioned_groups(request.auth.organization).annotate(size=Count("people"))


@router.get("", response=Page[DirectoryGroupOut], auth=takes("members.view"))
def list_directory_groups(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the groups that the directory pushed, by name."""
    return paged(_groups(request), offset, limit, DirectoryGroupOut.of)


@router.get("/{uuid:group}", response=DirectoryGroupOut, auth=takes("members.view"))
def read_directory_group(request: ApiRequest, group: UUID) -> DirectoryGroupOut:
    """Return one group."""
    return DirectoryGroupOut.of(get_object_or_404(_groups(request), pk=group))


@router.put(
    "/{uuid:group}/role",
    response={200: DirectoryGroupOut, 409: Refused, 422: Refused},
    auth=takes("members.edit"),
)
def put_group_role(request: ApiRequest, group: UUID, body: GroupRoleIn) -> DirectoryGroupOut:
    """Decide which role a group gives; 409 when somebody changed the group since `seen`."""
    found = get_object_or_404(_groups(request), pk=group)
    give_group_role(
        group=found,
        role=Role(body.role) if body.role else None,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return DirectoryGroupOut.of(get_object_or_404(_groups(request), pk=group))
