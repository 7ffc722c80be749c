"""What reviews of access leave to be done: removals, systems that are due, a member's own work."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reperform.accounts.models import Membership, Organization
from reperform.program.access_reviews import Decision
from reperform.program.access_reviews.cycle import Cycle, cycle_of
from reperform.program.models import AccessReview, AccountDecision, Asset, ReviewedSystem
from reperform.program.queries.access_reviews import TO_CARRY_OUT, System, systems_as

MOST_SYSTEMS = 200
"""Systems that a member is told of, those due first."""


def removals(organization: Organization) -> QuerySet[AccountDecision]:
    """Return every removal and change that was decided, those due first first."""
    rows = AccountDecision.objects.filter(
        system__review__organization=organization, decision__in=TO_CARRY_OUT
    )
    return rows.select_related(
        "account", "system__asset", "system__review", "settled_in__file", "seen_in__file"
    ).order_by("due_on", "pk")


def open_removals(organization: Organization) -> QuerySet[AccountDecision]:
    """Return the removals and changes that no later list shows carried out."""
    return removals(organization).filter(settled_in=None)


def cycles(organization: Organization, *, today: date) -> list[Cycle]:
    """Return when each system with accounts must be reviewed, the most overdue first."""
    rows = Asset.objects.filter(organization=organization, retired_on=None, has_accounts=True)
    found = [
        cycle_of(number, name, months, since=since, reviewed_on=reviewed_on, today=today)
        for number, name, months, since, reviewed_on in rows.annotate(
            reviewed_on=Max("reviews__review__finished_on")
        ).values_list("number", "name", "review_months", "since", "reviewed_on")
    ]
    return sorted(found, key=lambda each: (each.due_on or date.max, each.name))


def open_systems_of(member: Membership) -> list[System]:
    """Return the systems of open reviews that a member reviews or runs, those due first first."""
    rows = ReviewedSystem.objects.filter(
        Q(reviewer=member) | Q(review__owner=member),
        review__organization=member.organization_id,
        review__finished_on=None,
    )
    return systems_as(rows.order_by("review__due_on", "pk")[:MOST_SYSTEMS])


def reviews_to_finish(member: Membership) -> QuerySet[AccessReview]:
    """Return the open reviews that a member runs and in which every system is decided."""
    rows = AccessReview.objects.filter(
        organization=member.organization_id, owner=member, finished_on=None
    )
    decided = AccountDecision.objects.filter(system=OuterRef("pk")).exclude(
        decision=Decision.NOT_MINE.value
    )
    counts = decided.order_by().values("system").annotate(count=Count("pk")).values("count")
    is_open = ReviewedSystem.objects.filter(review=OuterRef("pk")).annotate(
        decided=Coalesce(Subquery(counts), 0)
    )
    left = is_open.filter(Q(list=None) | Q(list__rows__gt=F("decided")))
    return rows.exclude(Exists(left)).order_by("due_on", "number")


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """What matters first: open reviews, and removals that nothing shows carried out."""

    open: int
    late: int
    finished: int
    removals: int
    removals_open: int
    removals_overdue: int


def review_counts(organization: Organization, *, today: date) -> ReviewCounts:
    """Return what matters first, in two queries."""
    is_open = Q(finished_on=None)
    of_reviews = AccessReview.objects.filter(organization=organization).aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_on__lt=today)),
        finished=Count("pk", filter=~is_open),
    )
    is_waiting = Q(settled_in=None)
    of_removals = removals(organization).aggregate(
        removals=Count("pk"),
        removals_open=Count("pk", filter=is_waiting),
        removals_overdue=Count("pk", filter=is_waiting & Q(due_on__lt=today)),
    )
    return ReviewCounts(**of_reviews, **of_removals)
