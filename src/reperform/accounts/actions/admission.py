"""Who may sign in by an organization's identity provider, and as whom.

The threat: whoever controls a provider can make it say any address.  So a provider signs in only
members of its own organization, and never, by its own word, somebody who belongs elsewhere too:
such a person links it themselves, while signed in otherwise.  THREAT_MODEL.md has the reasons.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from reperform.accounts.actions.group_roles import FIRST_ROLE
from reperform.accounts.models import (
    AutomaticLink,
    IdentityProvider,
    Invitation,
    Membership,
    User,
)
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record


class NotAdmittedError(RefusalError):
    """A provider's word does not open this account."""

    slug = "not-admitted"


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a provider says of who signs in, once its signature was found good.

    Attributes:
        uid: what it calls them, for good.
        address: their e-mail address; may be empty.
        is_proved: whether it says that the address was proved, or is trusted without.
        name: what they are called; may be empty.
    """

    uid: str
    address: str
    is_proved: bool
    name: str


@transaction.atomic
def admit(*, provider: IdentityProvider, said: Assertion, at: datetime) -> SocialAccount:
    """Return the link by which somebody signs in, making it the first time.

    Raises:
        NotAdmittedError: they are no member of the provider's organization, or belong elsewhere
            too and have not linked the provider themselves.
    """
    link = (
        SocialAccount.objects.select_related("user")
        .filter(provider=provider.key, uid=said.uid)
        .first()
    )
    if link is None:
        return _first_time(provider, said, at=at)
    _refuse_outsider(provider, link.user)
    if AutomaticLink.objects.filter(account=link).exists():
        _refuse_if_elsewhere(provider, link.user)
    return link


def _first_time(provider: IdentityProvider, said: Assertion, *, at: datetime) -> SocialAccount:
    if not said.address or not said.is_proved:
        raise _not_admitted(
            f"{provider.name} does not say that it proved an e-mail address of yours",
            "ask an administrator whether the provider sends the address and that it is verified",
        )
    user = User.objects.filter(email__iexact=said.address).first()
    if user is not None:
        _refuse_outsider(provider, user)
        _refuse_if_elsewhere(provider, user)
    else:
        user = _newcomer(provider, said, at=at)
    link = SocialAccount.objects.create(user=user, provider=provider.key, uid=said.uid)
    AutomaticLink.objects.create(account=link, made_at=at)
    record(
        log=provider.organization.log,
        act="member.linked",
        by=f"provider {provider.name}",
        at=at,
        subject=f"member {user.email}",
        after={"provider": str(provider.pk), "automatic": True},
    )
    return link


def _newcomer(provider: IdentityProvider, said: Assertion, *, at: datetime) -> User:
    """Make the account of who was invited, or of anybody where the provider makes members."""
    invitation = (
        Invitation.objects.filter(
            organization=provider.organization,
            email__iexact=said.address,
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=at,
        )
        .order_by("-created_at")
        .first()
    )
    if invitation is None and not provider.makes_members:
        raise _not_admitted(
            f"{said.address} is neither a member of {provider.organization} nor invited",
            "ask an administrator of the organization for an invitation",
        )
    user = User(email=said.address.lower(), name=said.name[:150], date_joined=at)
    user.set_unusable_password()
    user.save()
    # The provider says so; that the person reads this mailbox was not proved to us.
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    role = invitation.role if invitation else FIRST_ROLE.value
    Membership.objects.create(user=user, organization=provider.organization, role=role, since=at)
    if invitation:
        Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user, accepted_at=at)
    record(
        log=provider.organization.log,
        act="member.joined",
        by=f"provider {provider.name}",
        at=at,
        subject=f"member {user.email}",
        after={"role": role, "invitation": invitation.pk if invitation else None},
    )
    return user


def refuse_link(*, provider: IdentityProvider, user: User, uid: str) -> None:
    """Refuse a link that a signed-in person asks for, when it is not theirs to make.

    Raises:
        NotAdmittedError: they are no member of the provider's organization, or the identity is
            linked to another account.
    """
    _refuse_outsider(provider, user)
    taken = SocialAccount.objects.filter(provider=provider.key, uid=uid).exclude(user=user)
    if taken.exists():
        raise _not_admitted(
            "another account is linked to this identity",
            "sign in with that account, or ask an administrator",
        )


@transaction.atomic
def note_own_link(
    *, provider: IdentityProvider, account: SocialAccount, user: User, at: datetime
) -> None:
    """Keep that a person linked a provider themselves: it may sign them in from now on."""
    AutomaticLink.objects.filter(account=account).delete()
    record(
        log=provider.organization.log,
        act="member.linked",
        by=user.email,
        at=at,
        subject=f"member {user.email}",
        after={"provider": str(provider.pk), "automatic": False},
    )


def _refuse_outsider(provider: IdentityProvider, user: User) -> None:
    is_member = Membership.objects.filter(
        user=user, organization=provider.organization, is_active=True, user__is_active=True
    ).exists()
    if not is_member:
        raise _not_admitted(
            f"this account is not an active member of {provider.organization}",
            "ask an administrator of the organization for an invitation",
        )


def _refuse_if_elsewhere(provider: IdentityProvider, user: User) -> None:
    elsewhere = Membership.objects.filter(user=user).exclude(organization=provider.organization)
    if elsewhere.exists():
        raise _not_admitted(
            "this account belongs to another organization too, and did not link the provider",
            "sign in as you usually do, and link it yourself on the page Your sign-in",
        )


def _not_admitted(what: str, todo: str) -> NotAdmittedError:
    return NotAdmittedError(
        f"you were not signed in: {what}",
        why="A provider opens accounts of its own organization only; else whoever controls one"
        " could sign in as anybody.",
        todo=todo,
    )
