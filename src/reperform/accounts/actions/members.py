"""Inviting people, and what members become."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction

from reperform.accounts.models import Invitation, Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.accounts.tokens import new_secret, secret_sha256
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record

INVITATION_DAYS = 7


class InvitationRefusedError(RefusalError):
    """An invitation cannot be made or used."""

    slug = "invitation-refused"


class LastAdministratorError(RefusalError):
    """An organization would be left without an administrator."""

    slug = "last-administrator"


@transaction.atomic
def invite(
    *, organization: Organization, email: str, role: Role, by: str, at: datetime
) -> tuple[Invitation, str]:
    """Make a link by which one person becomes a member; return it and its secret, shown once.

    Raises:
        InvitationRefusedError: somebody with that address is a member already.
    """
    members = Membership.objects.filter(organization=organization, user__email__iexact=email)
    if email and members.exists():
        raise InvitationRefusedError(
            f"{email} was not invited: there is a member with this address",
            why="A second membership would leave two roles for one person.",
            todo="change the member's role instead",
        )
    secret = new_secret()
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role.value,
        secret_sha256=secret.sha256,
        invited_by=by,
        created_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    record(
        log=organization.log,
        act="member.invited",
        by=by,
        at=at,
        subject=f"invitation {invitation.pk}",
        after={"email": email, "role": role.value, "expires_at": invitation.expires_at},
    )
    return invitation, secret.text


def open_invitation(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation that a link's secret opens.

    Raises:
        InvitationRefusedError: there is none, or it was used, revoked or has expired.
    """
    invitation = (
        Invitation.objects.select_related("organization")
        .filter(secret_sha256=secret_sha256(secret))
        .first()
    )
    is_open = (
        invitation is not None
        and invitation.accepted_at is None
        and invitation.revoked_at is None
        and at < invitation.expires_at
    )
    if invitation is None or not is_open:
        raise InvitationRefusedError(
            "the invitation was not opened: the link was used, withdrawn, or has expired",
            why="A link works once, for seven days, so that a lost one opens nothing.",
            todo="ask an administrator of the organization for another",
        )
    return invitation


@transaction.atomic
def accept_invitation(*, secret: str, user: User, at: datetime) -> Membership:
    """Make `user` a member, as the invitation says.

    Raises:
        InvitationRefusedError: the link opens nothing, or is for another address.
    """
    invitation = open_invitation(secret, at=at)
    if invitation.email and invitation.email.lower() != user.email.lower():
        raise InvitationRefusedError(
            f"the invitation was not accepted: it is for {invitation.email}, not {user.email}",
            why="Whoever holds a forwarded link would get somebody else's role.",
            todo="sign in with the address that was invited, or ask for another invitation",
        )
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(
        accepted_by=user, accepted_at=at
    )
    if not used:
        return accept_invitation(secret=secret, user=user, at=at)
    membership, is_new = Membership.objects.get_or_create(
        user=user,
        organization=invitation.organization,
        defaults={"role": invitation.role, "since": at},
    )
    before = None if is_new else {"role": membership.role, "is_active": membership.is_active}
    if not is_new:
        membership.role, membership.is_active = invitation.role, True
        membership.save(update_fields=["role", "is_active"])
    record(
        log=invitation.organization.log,
        act="member.joined",
        by=user.email,
        at=at,
        subject=f"member {user.email}",
        before=before,
        after={"role": membership.role, "is_active": True, "invitation": invitation.pk},
    )
    return membership


@transaction.atomic
def join(*, secret: str, email: str, name: str, password: str, at: datetime) -> Membership:
    """Make the account of an invited person, and make them a member.

    Args:
        secret: of the invitation's link.
        email: the address that they sign in with.
        name: what others see.
        password: already found good enough.
        at: when.

    Raises:
        InvitationRefusedError: the link opens nothing, is for another address, or there is an
            account with this address, which must sign in.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise InvitationRefusedError(
            f"no account was made: there is one for {email}",
            why="A link must not set the password of an account that exists.",
            todo="sign in, then open the link again",
        )
    user = User(email=email.lower(), name=name, date_joined=at)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept_invitation(secret=secret, user=user, at=at)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: str, at: datetime) -> None:
    """Withdraw an invitation that nobody accepted yet."""
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=at
    )
    if changed:
        record(
            log=invitation.organization.log,
            act="invitation.revoked",
            by=by,
            at=at,
            subject=f"invitation {invitation.pk}",
            before={"revoked": False},
            after={"revoked": True},
        )


@transaction.atomic
def renew_invitation(*, invitation: Invitation, by: str, at: datetime) -> tuple[Invitation, str]:
    """Make a new link for an open invitation, for another seven days; the old one opens nothing.

    Raises:
        InvitationRefusedError: it was accepted or withdrawn meanwhile.
    """
    secret = new_secret()
    renewed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        secret_sha256=secret.sha256, expires_at=at + timedelta(days=INVITATION_DAYS)
    )
    if not renewed:
        raise InvitationRefusedError(
            "the invitation was not renewed: it was accepted or withdrawn meanwhile",
            why="A second link would make a second member.",
            todo="look at the members, and invite again if they are not there",
        )
    again = Invitation.objects.select_related("organization").get(pk=invitation.pk)
    record(
        log=again.organization.log,
        act="invitation.renewed",
        by=by,
        at=at,
        subject=f"invitation {again.pk}",
        before={"expires_at": invitation.expires_at},
        after={"expires_at": again.expires_at},
    )
    return again, secret.text


@transaction.atomic
def change_member(
    *, membership: Membership, role: Role, is_active: bool, by: str, at: datetime
) -> None:
    """Give a member another role, or let them in or out.

    Raises:
        LastAdministratorError: nobody would be left to administer the organization.
    """
    membership, before, after = put_member(
        membership=membership, role=role, is_active=is_active, at=at
    )
    if before != after:
        record(
            log=membership.organization.log,
            act="member.changed",
            by=by,
            at=at,
            subject=f"member {membership.user.email}",
            before=before,
            after=after,
        )


def put_member(
    *, membership: Membership, role: Role, is_active: bool, at: datetime
) -> tuple[Membership, dict[str, object], dict[str, object]]:
    """Make a member what they shall be, for an action that records it; return before and after.

    Who is let out loses their tokens for good, and their sessions when they belong nowhere else.

    Raises:
        LastAdministratorError: nobody would be left to administer the organization.
    """
    # Two administrators who demote each other at once wait for each other here.
    Organization.objects.select_for_update().get(pk=membership.organization_id)
    membership = Membership.objects.select_related("user", "organization").get(pk=membership.pk)
    before: dict[str, object] = {"role": membership.role, "is_active": membership.is_active}
    after: dict[str, object] = {"role": role.value, "is_active": is_active}
    if before == after:
        return membership, before, after
    was = membership.is_active and membership.role == Role.ADMINISTRATOR.value
    stays = role is Role.ADMINISTRATOR and is_active
    others = Membership.objects.filter(
        organization=membership.organization,
        role=Role.ADMINISTRATOR.value,
        is_active=True,
        user__is_active=True,
    ).exclude(pk=membership.pk)
    if was and not stays and not others.exists():
        raise LastAdministratorError(
            f"{membership.user} was not changed: no other member is an active administrator",
            why="Nobody could invite, change or remove members any more.",
            todo="make somebody else an administrator first",
        )
    membership.role, membership.is_active = role.value, is_active
    membership.save(update_fields=["role", "is_active"])
    if not is_active:
        _close(membership, at=at)
    return membership, before, after


def _close(membership: Membership, *, at: datetime) -> None:
    membership.tokens.filter(revoked_at=None).update(revoked_at=at)
    if not Membership.objects.filter(user=membership.user, is_active=True).exists():
        for session in UserSession.objects.filter(user=membership.user):
            session.end()
