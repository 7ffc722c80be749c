"""Questions about reviews of access: progress, lines, what is open and what is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Count,
    Prefetch,
    Q,
    QuerySet,
    Sum,
)

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import PERMISSIONS
from reperform.program.access_reviews import Decision, Flag, ReviewFields
from reperform.program.access_reviews.accounts import AccountLine, flags_of
from reperform.program.models import (
    AccessReview,
    Account,
    AccountDecision,
    AccountList,
    Asset,
    ReviewedSystem,
)

TO_CARRY_OUT = (Decision.CHANGE.value, Decision.REMOVE.value)


def possible_reviewers(organization: Organization) -> QuerySet[Membership]:
    """Return the members who may decide in a review, by address."""
    return _having(organization, "access_reviews.decide")


def possible_review_owners(organization: Organization) -> QuerySet[Membership]:
    """Return the members who may run a review, by address."""
    return _having(organization, "access_reviews.edit")


def _having(organization: Organization, permission: str) -> QuerySet[Membership]:
    roles = [role.value for role in PERMISSIONS[permission]]
    rows = Membership.objects.filter(organization=organization, is_active=True, role__in=roles)
    return rows.select_related("user").order_by("user__email")


def reviews(organization: Organization, *, state: str = "") -> QuerySet[AccessReview]:
    """Return reviews, the newest first: `open`, `late` is a filter of pages, `finished`, or all."""
    rows = AccessReview.objects.filter(organization=organization).select_related("owner__user")
    if state in ("open", "finished"):
        rows = rows.filter(finished_on__isnull=state == "open")
    return rows.order_by("-due_on", "-number")


def review_row(organization: Organization, number: int) -> AccessReview | None:
    """Return one review; None when the organization has none of that number."""
    return reviews(organization).filter(number=number).first()


def review_fields(review: AccessReview) -> ReviewFields:
    """Return what a review says."""
    systems = review.systems.values_list("asset__number", "reviewer_id")
    return ReviewFields(
        title=review.title,
        owner=review.owner_id,
        due_on=review.due_on,
        systems=tuple(sorted(systems)),
        unused_days=review.unused_days,
        removal_days=review.removal_days,
        note=review.note,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review, or one of its systems, is.

    Attributes:
        accounts: on the lists.
        decided: of these.
        without_list: systems of which no list was brought.
    """

    accounts: int
    decided: int
    without_list: int

    @property
    def open(self) -> int:
        """Accounts of which nothing is decided."""
        return self.accounts - self.decided

    @property
    def is_complete(self) -> bool:
        """Whether every account of every system is decided."""
        return not self.open and not self.without_list


def progress_of(reviews: Iterable[AccessReview]) -> dict[int, Progress]:
    """Return how far each review is, by its primary key, in two queries."""
    keys = [each.pk for each in reviews]
    listed = ReviewedSystem.objects.filter(review__in=keys).values("review")
    accounts = {
        row["review"]: (row["rows"] or 0, row["without"])
        for row in listed.annotate(rows=Sum("list__rows"), without=Count("pk", filter=Q(list=None)))
    }
    decisions = AccountDecision.objects.filter(system__review__in=keys)
    decided = dict(
        decisions.exclude(decision=Decision.NOT_MINE.value)
        .values_list("system__review")
        .annotate(count=Count("pk"))
    )
    return {
        key: Progress(
            accounts.get(key, (0, 0))[0], decided.get(key, 0), accounts.get(key, (0, 0))[1]
        )
        for key in keys
    }


@dataclass(frozen=True, slots=True)
class System:
    """A system of a review with how far it is."""

    row: ReviewedSystem
    progress: Progress

    def is_late(self, today: date) -> bool:
        """Return whether its reviewer is late."""
        review = self.row.review
        is_open = review.finished_on is None and not self.progress.is_complete
        return is_open and review.due_on < today


def systems_of(review: AccessReview) -> list[System]:
    """Return the systems of a review by name, in one query."""
    return systems_as(ReviewedSystem.objects.filter(review=review).order_by("asset__name"))


def systems_as(rows: QuerySet[ReviewedSystem]) -> list[System]:
    """Return systems with how far they are, in one query."""
    is_decided = ~Q(decisions__decision=Decision.NOT_MINE.value)
    found = rows.select_related("asset", "reviewer__user", "list__file", "review").annotate(
        decided=Count("decisions", filter=is_decided)
    )
    return [
        System(row, Progress(row.list.rows if row.list else 0, row.decided, int(row.list is None)))
        for row in found
    ]


def system_row(review: AccessReview, asset: int) -> ReviewedSystem | None:
    """Return one system of a review by its asset's number; None when it is not in it."""
    rows = ReviewedSystem.objects.filter(review=review, asset__number=asset)
    return rows.select_related(
        "asset", "reviewer__user", "list__file", "review__owner__user"
    ).first()


@dataclass(frozen=True, slots=True)
class Line:
    """One account of a review, whose it is, why it is marked, and what was decided."""

    account: Account
    flags: tuple[Flag, ...]
    decision: AccountDecision | None

    @property
    def is_open(self) -> bool:
        """Whether somebody must still decide."""
        return self.decision is None or self.decision.decision == Decision.NOT_MINE.value


def lines_of(system: ReviewedSystem, rows: Iterable[int] | None = None) -> list[Line]:
    """Return the accounts of a system's list, or some rows of it, in two queries."""
    if system.list is None:
        return []
    own = AccountDecision.objects.filter(system=system).select_related(
        "settled_in__file", "seen_in__file"
    )
    accounts = Account.objects.filter(list=system.list).select_related("person").order_by("row")
    if rows is not None:
        accounts = accounts.filter(row__in=list(rows))
    found = accounts.prefetch_related(Prefetch("decisions", queryset=own, to_attr="decided"))
    taken_on = system.list.taken_at.date()
    return [
        Line(
            account,
            flags_of(
                line_of(account),
                is_matched=account.person is not None,
                left_on=account.person.ended_on if account.person else None,
                taken_on=taken_on,
                unused_days=system.review.unused_days,
            ),
            next(iter(account.decided), None),
        )
        for account in found
    ]


def line_of(account: Account) -> AccountLine:
    """Return an account as its list says it."""
    return AccountLine(
        row=account.row,
        key=account.key,
        name=account.name,
        email=account.email,
        access=account.access,
        privileged=account.privileged,
        enabled=account.enabled,
        last_used=account.last_used,
        never_used=account.never_used,
    )


def is_own(account: Account, member: Membership) -> bool:
    """Return whether an account is the member's own, as far as the list and the match say."""
    address = member.user.email.lower()
    person = account.person.email.lower() if account.person else ""
    return address in (person, account.email, account.key.lower())


def may_decide(line: Line, system: ReviewedSystem, member: Membership) -> bool:
    """Return whether a member may decide of an account.

    Nobody decides of an own account.  The reviewer decides; what the reviewer may not, or leaves
    to somebody else, whoever runs the review decides.
    """
    if is_own(line.account, member):
        return False
    if system.reviewer_id == member.pk:
        return True
    is_left = line.decision is not None and line.decision.decision == Decision.NOT_MINE.value
    was_for_another = (
        line.decision is not None and line.decision.by.split(" ")[0] == member.user.email
    )
    is_reviewers = is_own(line.account, system.reviewer)
    return member.pk == system.review.owner_id and (is_left or is_reviewers or was_for_another)


def lists_of(asset: Asset) -> QuerySet[AccountList]:
    """Return the lists of accounts of an asset, the latest first."""
    rows = AccountList.objects.filter(asset=asset)
    return rows.select_related("file").order_by("-taken_at")
