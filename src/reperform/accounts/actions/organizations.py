"""Founding an organization and changing its settings."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from reperform.accounts import queries
from reperform.accounts.actions.groups import GroupRoleRefusedError
from reperform.accounts.actions.members import invite
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.ledger.queries import changes


class LockedOutError(RefusalError):
    """A setting would lock its own administrators out."""

    slug = "locked-out"


@transaction.atomic
def found_organization(
    *, name: str, by: str, at: datetime, slug: str = "", is_example: bool = False
) -> Organization:
    """Make an organization; its log in the ledger begins with this."""
    organization = Organization.objects.create(
        name=name, slug=_free_slug(slug or name), is_example=is_example, created_at=at
    )
    record(
        log=organization.log,
        act="organization.founded",
        by=by,
        at=at,
        subject="organization",
        after={"name": name, "slug": organization.slug, "is_example": is_example},
    )
    return organization


@transaction.atomic
def found_with_administrator(
    *, name: str, administrator: str, by: str, at: datetime
) -> tuple[Organization, str]:
    """Make an organization, and the invitation of its first administrator by e-mail address.

    Who runs the installation does this; they are no member themselves.  Return the organization
    and the invitation's secret.
    """
    organization = found_organization(name=name, by=by, at=at)
    _, secret = invite(
        organization=organization, email=administrator, role=Role.ADMINISTRATOR, by=by, at=at
    )
    return organization, secret


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:50] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@dataclass(frozen=True, slots=True)
class Settings:
    """What an administrator decides for the whole organization."""

    name: str
    requires_second_factor: bool
    """Whether members see nothing before they have an authenticator app or a passkey."""
    requires_provider: bool = False
    """Whether pages open only to who signed in by one of the organization's own providers."""
    groups_make_administrators: bool = False
    """Whether a group of the directory may have the role of administrators."""


@transaction.atomic
def change_settings(
    *, organization: Organization, settings: Settings, seen: int, by: str, at: datetime
) -> None:
    """Change what an organization is called, and how its members sign in.

    Args:
        organization: whose.
        settings: as they shall be.
        seen: the version of the settings that `by` looked at.
        by: who changes them.
        at: when.

    Raises:
        StaleVersionError: somebody changed them in the meantime.
        LockedOutError: no administrator could sign in afterwards.
        GroupRoleRefusedError: a group makes administrators, and shall not be able to.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    before, after = asdict(settings_of(organization)), asdict(settings)
    if seen != organization.settings_version:
        last = changes(organization.log, subject="organization").first()
        raise StaleVersionError(
            "the organization",
            seen=seen,
            current=organization.settings_version,
            by=last.by if last else "somebody",
            content=before,
        )
    if before == after:
        return
    if settings.requires_second_factor and not before["requires_second_factor"]:
        _refuse_without_second_factor(organization)
    if settings.requires_provider and not before["requires_provider"]:
        _refuse_without_provider(organization)
    if not settings.groups_make_administrators:
        _refuse_ruling_group(organization)
    Organization.objects.filter(pk=organization.pk).update(
        settings_version=F("settings_version") + 1, **after
    )
    record(
        log=organization.log,
        act="organization.changed",
        by=by,
        at=at,
        subject="organization",
        before=before,
        after=after,
    )


@transaction.atomic
def allow_other_ways(*, organization: Organization, by: str, at: datetime) -> None:
    """Let members sign in otherwise than by a provider again; who runs the installation does it."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    settings = replace(settings_of(organization), requires_provider=False)
    change_settings(
        organization=organization,
        settings=settings,
        seen=organization.settings_version,
        by=by,
        at=at,
    )


def settings_of(organization: Organization) -> Settings:
    """Return the settings as they are."""
    return Settings(
        name=organization.name,
        requires_second_factor=organization.requires_second_factor,
        requires_provider=organization.requires_provider,
        groups_make_administrators=organization.groups_make_administrators,
    )


def _refuse_ruling_group(organization: Organization) -> None:
    ruling = queries.provisioned_groups(organization).filter(role=Role.ADMINISTRATOR.value).first()
    if ruling:
        raise GroupRoleRefusedError(
            f"groups go on making administrators: {ruling} has the role",
            why="Its people would stay administrators by a group that may not make any.",
            todo=f"give {ruling} another role first, on Groups of the directory",
        )


def _refuse_without_second_factor(organization: Organization) -> None:
    administrators = Membership.objects.filter(
        organization=organization,
        role=Role.ADMINISTRATOR.value,
        is_active=True,
        user__is_active=True,
    ).select_related("user")
    if not any(is_mfa_enabled(each.user) for each in administrators):
        raise LockedOutError(
            "the second factor was not made a rule: no administrator has one",
            why="Who makes a rule shows first that it can be kept; else all would be locked out.",
            todo="set up an authenticator app or a passkey for yourself, then make it the rule",
        )


def _refuse_without_provider(organization: Organization) -> None:
    linked = SocialAccount.objects.filter(
        provider__in=[each.key for each in organization.providers.all()],
        user__memberships__organization=organization,
        user__memberships__role=Role.ADMINISTRATOR.value,
        user__memberships__is_active=True,
    )
    if not linked.exists():
        raise LockedOutError(
            "the provider was not made a rule: no administrator is linked to one",
            why="Who makes a rule shows first that it can be kept; else all would be locked out.",
            todo="sign in by the provider once as an administrator, then make it the rule",
        )
