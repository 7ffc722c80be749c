"""API tokens: made, shown once, revoked."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from reperform.accounts.models import ApiToken, Membership
from reperform.accounts.permissions import Role, granted
from reperform.accounts.tokens import new_secret, secret_sha256
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record

LONGEST_DAYS = 365
PREFIX = "rpf_"
_USE_NOTED_EVERY = timedelta(minutes=5)


class TokenRefusedError(RefusalError):
    """A token cannot be made as asked."""

    slug = "token-refused"


@transaction.atomic
def make_token(
    *,
    membership: Membership,
    name: str,
    scopes: Collection[str],
    days: int,
    by: str,
    at: datetime,
    within: ApiToken | None = None,
) -> tuple[ApiToken, str]:
    """Make a token that acts as `membership`, within `scopes`; return it and its secret.

    Args:
        membership: whom it acts as; what they lose, it loses.
        name: what its owner calls it.
        scopes: names of permissions.
        days: how long it lives.
        by: who makes it.
        at: when.
        within: the token that makes this one: it has no scope and no day more than that, and
            is revoked with it.

    Raises:
        TokenRefusedError: it would have more than its maker, nothing at all, or live too long.
    """
    allowed = granted(Role(membership.role))
    if within is not None:
        allowed &= frozenset(within.scopes)
    beyond = sorted(set(scopes) - allowed)
    if beyond or not scopes:
        raise TokenRefusedError(
            f"no token was made: {', '.join(beyond) or 'no scope'} is not what its maker has",
            why="A token must never be able to do more than who made it.",
            todo="choose at least one scope among those of your own",
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenRefusedError(
            f"no token was made: {days} days is not between 1 and {LONGEST_DAYS}",
            why="A token that never expires is found by somebody, some day.",
            todo=f"choose at most {LONGEST_DAYS} days",
        )
    expires_at = at + timedelta(days=days)
    if within is not None and expires_at > within.expires_at:
        raise TokenRefusedError(
            f"no token was made: it would outlive the token that makes it ({within.expires_at})",
            why="A token that can renew itself never expires.",
            todo="choose fewer days, or make it on the page",
        )
    secret = new_secret(PREFIX)
    token = ApiToken.objects.create(
        organization=membership.organization,
        made_by=membership,
        made_with=within,
        name=name,
        secret_sha256=secret.sha256,
        ending=secret.text[-4:],
        scopes=sorted(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    record(
        log=membership.organization.log,
        act="token.made",
        by=by,
        at=at,
        subject=f"token {token.pk}",
        after={"name": name, "scopes": sorted(scopes), "expires_at": token.expires_at},
    )
    return token, secret.text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: str, at: datetime) -> None:
    """Make a token, and each that it made, worthless from now on."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        record(
            log=token.organization.log,
            act="token.revoked",
            by=by,
            at=at,
            subject=f"token {token.pk}",
            before={"name": token.name, "revoked": False},
            after={"name": token.name, "revoked": True},
        )
    for made in ApiToken.objects.filter(made_with=token, revoked_at=None):
        revoke_token(token=made, by=by, at=at)


def token_of(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the live token with this secret, and note that it was used; None for any other."""
    token = (
        ApiToken.objects.select_related("organization", "made_by__user")
        .filter(
            secret_sha256=secret_sha256(secret),
            revoked_at=None,
            expires_at__gt=at,
            made_by__is_active=True,
            made_by__user__is_active=True,
        )
        .first()
    )
    if token and (token.last_used_at is None or at - token.last_used_at > _USE_NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token
