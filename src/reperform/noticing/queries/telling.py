"""Whom to tell of what, and when."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role, granted, may
from reperform.accounts.queries import members
from reperform.noticing.models import BeingTold, Letter, Notice, Telling, ToldNotice
from reperform.noticing.preferences import Preferences, read_preferences
from reperform.noticing.queries.notices import notices, topics_for

_OVER_TOLD = timedelta(days=10)
"""What is over is told for so long: a weekly digest, and quiet days after it."""


def audience(organization: Organization) -> list[Membership]:
    """Return who may be told of anything: who looks after the program, and owners of notices."""
    owners = Notice.objects.filter(organization=organization, owner__isnull=False, over_at=None)
    own = set(owners.values_list("owner", flat=True))
    people = members(organization).filter(is_active=True, user__is_active=True)
    return [
        each
        for each in people.select_related("user", "organization").order_by("user__email")
        if may(Role(each.role), "notices.view")
        and (may(Role(each.role), "notices.edit") or each.pk in own)
    ]


def pending_for(member: Membership, *, at: datetime) -> list[Notice]:
    """Return what a member was not told of yet: what holds, and what lately was over before.

    Somebody new is told of what holds, and not of what was over before they came.
    """
    role = Role(member.role)
    found = notices(member.organization, topics=topics_for(granted(role)))
    if not may(role, "notices.edit"):
        found = found.filter(owner=member)
    told = ToldNotice.objects.filter(notice=OuterRef("pk"), member=member)
    lately = Q(over_at__gt=max(at - _OVER_TOLD, member.since), noticed_at__gte=member.since)
    rows = found.filter(Q(over_at=None) | lately).exclude(Exists(told))
    return list(rows.order_by("number"))


def preferences_of(member: Membership) -> Preferences:
    """Return how a member wants to be told; as usual where they decided nothing."""
    row = being_told_row(member)
    return read_preferences(row.content)[0] if row else Preferences()


def being_told_row(member: Membership) -> BeingTold | None:
    """Return what a member decided about being told; None for nothing."""
    return BeingTold.objects.filter(member=member).first()


def tellings_due(at: datetime, organization: Organization | None = None) -> QuerySet[Telling]:
    """Return the members whose letter may be due, the longest first; nobody of the example's."""
    found = Telling.objects.filter(next_at__lte=at, member__organization__is_example=False)
    if organization:
        found = found.filter(member__organization=organization)
    return found.select_related("member__user", "member__organization").order_by("next_at", "pk")


def letters_to_send(at: datetime, organization: Organization | None = None) -> QuerySet[Letter]:
    """Return the letters that somebody may send, the longest due first."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    found = Letter.objects.filter(free, sent_at=None, given_up_at=None, not_before__lte=at)
    found = found.filter(member__is_active=True, member__user__is_active=True)
    if organization:
        found = found.filter(member__organization=organization)
    return found.select_related("member__user", "member__organization").order_by("not_before", "pk")


def letters_of(member: Membership) -> QuerySet[Letter]:
    """Return the letters to a member, the newest first."""
    return Letter.objects.filter(member=member).order_by("-made_at", "-pk")
