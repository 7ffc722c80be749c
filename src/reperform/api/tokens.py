"""API tokens, for programs that make and revoke them."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.accounts import queries
from reperform.accounts.actions.tokens import LONGEST_DAYS, make_token, revoke_token
from reperform.accounts.models import ApiToken
from reperform.accounts.permissions import PERMISSIONS
from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged

router = Router()


class TokenOut(Schema):
    """A token that is not revoked; its secret is known to nobody but its bearer."""

    number: int
    name: str
    ending: str = Field(description="The last four characters of its secret.")
    scopes: list[str]
    made_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To five minutes; null: never.")


class NewTokenOut(TokenOut):
    """A token that was made; `secret` is not shown again."""

    secret: str


class TokenIn(Schema):
    """The token to make: within the scopes and the life of the one that asks."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
    scopes: list[str] = Field(min_length=1, max_length=len(PERMISSIONS))
    days: int = Field(ge=1, le=LONGEST_DAYS)


def _facts(token: ApiToken) -> dict[str, Any]:
    return {
        "number": token.pk,
        "name": token.name,
        "ending": token.ending,
        "scopes": token.scopes,
        "made_by": token.made_by.user.email,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


@router.get("", response=Page[TokenOut], auth=takes("tokens.edit"))
def list_tokens(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the tokens that were not revoked, newest first; expired ones among them."""
    found = queries.tokens(request.auth.organization)
    return paged(found, offset, limit, lambda each: TokenOut(**_facts(each)))


@router.post("", response={201: NewTokenOut}, auth=takes("tokens.edit"))
def add_token(request: ApiRequest, body: TokenIn) -> Status[NewTokenOut]:
    """Make a token that acts as the same member; it is revoked with the one that made it."""
    token, secret = make_token(
        membership=request.auth.membership,
        name=body.name,
        scopes=body.scopes,
        days=body.days,
        by=request.auth.name,
        at=request.auth.at,
        within=request.auth.token,
    )
    return Status(201, NewTokenOut(secret=secret, **_facts(token)))


@router.delete("/{int:number}", response={204: None}, auth=takes("tokens.edit"))
def end_token(request: ApiRequest, number: int) -> Status[None]:
    """Revoke a token: one's own; with the scope `members.edit`, anybody's.

    What it made is revoked with it.
    """
    found = queries.revocable_tokens(request.auth.membership)
    if "members.edit" not in request.auth.permissions:
        found = found.filter(made_by=request.auth.membership)
    revoke_token(
        token=get_object_or_404(found, pk=number), by=request.auth.name, at=request.auth.at
    )
    return Status(204, None)
