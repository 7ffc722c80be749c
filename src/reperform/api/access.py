"""Who calls: a bearer's token, and what it may."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import HttpBearer

from reperform.accounts.actions.tokens import token_of
from reperform.accounts.models import ApiToken, Membership, Organization
from reperform.accounts.permissions import PERMISSIONS, Role, granted


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which organization, and what they may."""

    name: str
    organization: Organization
    permissions: frozenset[str]
    at: datetime
    membership: Membership
    """Whom the token acts as."""
    token: ApiToken


class ApiRequest(HttpRequest):
    """A request with a token that is good."""

    auth: Caller


class takes(HttpBearer):  # noqa: N801 - reads as a word: `auth=takes("scope.view")`
    """`Authorization: Bearer rpf_...` whose token has one permission.  Source: RFC 6750.

    It is asked before the body is read: who may not do it learns nothing about its form.
    """

    def __init__(self, permission: str) -> None:
        """Take `permission`, which is one of the table's."""
        super().__init__()
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002 - ninja's signature
        """Return the caller; None when the token opens nothing (any more).

        Raises:
            PermissionDenied: the token is good, but has not this permission.
        """
        at = datetime.now(UTC)
        found = token_of(token, at=at)
        if found is None:
            return None
        member = found.made_by
        if found.organization.requires_second_factor and not is_mfa_enabled(member.user):
            return None
        # What the member lost since, the token has lost too.
        permissions = granted(Role(member.role)) & frozenset(found.scopes)
        if self.permission not in permissions:
            raise PermissionDenied
        return Caller(
            name=f"{member.user.email} by token {found.name}",
            organization=found.organization,
            permissions=permissions,
            at=at,
            membership=member,
            token=found,
        )
