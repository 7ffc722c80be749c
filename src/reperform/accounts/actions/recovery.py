"""Ways back into an account, for who runs the installation; and what a proved mailbox undoes."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction

from reperform.accounts.models import Membership, User
from reperform.ledger.actions import record


@transaction.atomic
def note_way_back(*, user: User, clears_factors: bool, by: str, at: datetime) -> None:
    """Keep, in each organization of a person, that they were given a link to set a password.

    Args:
        user: whose account it is.
        clears_factors: whether their second factors are removed, which they lost.
        by: who gives it.
        at: when.
    """
    if clears_factors:
        Authenticator.objects.filter(user=user).delete()
    for each in Membership.objects.filter(user=user).select_related("organization"):
        record(
            log=each.organization.log,
            act="member.way-back",
            by=by,
            at=at,
            subject=f"member {user.email}",
            after={"second_factors_removed": clears_factors},
        )


@transaction.atomic
def prove_mailbox(*, user: User, at: datetime) -> None:
    """Take an account over for who reads its mailbox, when nobody had proved that they do.

    A provider or a directory made it, and may have left a passkey, a link or a session: these
    go, and each organization of the person is told so.
    """
    unproved = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=False)
    if not unproved.update(verified=True):
        return
    factors, _ = Authenticator.objects.filter(user=user).delete()
    links, _ = SocialAccount.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    for each in Membership.objects.filter(user=user).select_related("organization"):
        record(
            log=each.organization.log,
            act="member.mailbox-proved",
            by=user.email,
            at=at,
            subject=f"member {user.email}",
            before={"proved": False, "second_factors": factors > 0, "links": links > 0},
            after={"proved": True, "second_factors": False, "links": False},
        )
