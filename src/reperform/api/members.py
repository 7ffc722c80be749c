"""Members and invitations, for programs."""

from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.accounts import queries
from reperform.accounts.actions.members import (
    change_member,
    invite,
    renew_invitation,
    revoke_invitation,
)
from reperform.accounts.models import Invitation, Membership
from reperform.accounts.permissions import Role
from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged

router = Router()

RoleName = Literal[
    "administrator", "compliance manager", "control owner", "employee", "read-only", "auditor"
]


class MemberOut(Schema):
    """One member."""

    number: int
    email: str
    name: str
    role: str
    is_active: bool
    since: datetime

    @staticmethod
    def of(member: Membership) -> "MemberOut":
        """Return a member as an answer."""
        return MemberOut(
            number=member.pk,
            email=member.user.email,
            name=member.user.name,
            role=member.role,
            is_active=member.is_active,
            since=member.since,
        )


class MemberIn(Schema):
    """What a member becomes."""

    role: RoleName
    is_active: bool


class InvitationIn(Schema):
    """Whom to invite, as what."""

    email: str = Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")
    role: RoleName


class InvitationOut(Schema):
    """An open invitation."""

    number: int
    email: str
    role: str
    expires_at: datetime

    @staticmethod
    def of(invitation: Invitation) -> "InvitationOut":
        """Return an invitation as an answer."""
        return InvitationOut(
            number=invitation.pk,
            email=invitation.email,
            role=invitation.role,
            expires_at=invitation.expires_at,
        )


class NewInvitationOut(InvitationOut):
    """An invitation that was made; `secret` is not shown again."""

    secret: str


@router.get("", response=Page[MemberOut], auth=takes("members.view"))
def list_members(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List every member, active ones first."""
    return paged(queries.members(request.auth.organization), offset, limit, MemberOut.of)


@router.get("/{int:number}", response=MemberOut, auth=takes("members.view"))
def read_member(request: ApiRequest, number: int) -> MemberOut:
    """Return one member."""
    members = queries.members(request.auth.organization)
    return MemberOut.of(get_object_or_404(members, pk=number))


@router.get("/invitations", response=Page[InvitationOut], auth=takes("members.view"))
def list_invitations(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the open invitations, newest first."""
    found = queries.open_invitations(request.auth.organization)
    return paged(found, offset, limit, InvitationOut.of)


@router.post("/invitations", response={201: NewInvitationOut}, auth=takes("members.edit"))
def make_invitation(request: ApiRequest, body: InvitationIn) -> Status[NewInvitationOut]:
    """Invite a person; send them the link `/invitation/<secret>/`."""
    invitation, secret = invite(
        organization=request.auth.organization,
        email=body.email,
        role=Role(body.role),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _new(invitation, secret))


def _new(invitation: Invitation, secret: str) -> NewInvitationOut:
    return NewInvitationOut(
        number=invitation.pk,
        email=invitation.email,
        role=invitation.role,
        expires_at=invitation.expires_at,
        secret=secret,
    )


@router.post(
    "/invitations/{int:number}/renew", response=NewInvitationOut, auth=takes("members.edit")
)
def renew(request: ApiRequest, number: int) -> NewInvitationOut:
    """Make another link for an open invitation; the earlier one opens nothing any more."""
    found = get_object_or_404(queries.open_invitations(request.auth.organization), pk=number)
    return _new(*renew_invitation(invitation=found, by=request.auth.name, at=request.auth.at))


@router.delete("/invitations/{int:number}", response={204: None}, auth=takes("members.edit"))
def withdraw_invitation(request: ApiRequest, number: int) -> Status[None]:
    """Withdraw an open invitation."""
    found = get_object_or_404(queries.open_invitations(request.auth.organization), pk=number)
    revoke_invitation(invitation=found, by=request.auth.name, at=request.auth.at)
    return Status(204, None)


@router.put("/{int:number}", response=MemberOut, auth=takes("members.edit"))
def edit_member(request: ApiRequest, number: int, body: MemberIn) -> Any:  # noqa: ANN401 - ninja makes it
    """Give a member another role, or let them in or out."""
    members = queries.members(request.auth.organization)
    found = get_object_or_404(members, pk=number)
    change_member(
        membership=found,
        role=Role(body.role),
        is_active=body.is_active,
        by=request.auth.name,
        at=request.auth.at,
    )
    return MemberOut.of(get_object_or_404(members, pk=number))
