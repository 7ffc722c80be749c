"""The acts on reviews of access."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.accounts.models import Membership
from reperform.accounts.permissions import Role
from reperform.program.access_reviews import Decided, Decision, ReviewFields
from reperform.program.access_reviews.evidence import Origin
from reperform.program.actions import access_reviews, account_decisions
from reperform.program.actions.account_lists import bring_list
from reperform.program.actions.assets import Brought, make_asset
from reperform.program.assets import AssetFields
from reperform.program.models import AccessReview

Act = Callable[[], object]
LIST = b"user,email,role,enabled\nada,ada@larkspur.example,admin,yes\nbo,bo@x.example,reader,no\n"
NEXT = "another one"
MOMENT = EARLIER - timedelta(hours=1)


def people(place: Place) -> tuple[Membership, Membership]:
    """Return who runs the review and who reviews."""
    found = Membership.objects.filter(organization=place.organization)
    runs = found.filter(user__email="runs@larkspur.example").first()
    reviews = found.filter(user__email="reviews@larkspur.example").first()
    return (
        runs or place.member(Role.COMPLIANCE_MANAGER, "runs"),
        reviews or place.member(Role.CONTROL_OWNER, "reviews"),
    )


def fields(place: Place) -> ReviewFields:
    runs, reviews = people(place)
    return ReviewFields("Access in June", runs.pk, date(2026, 8, 31), ((1, reviews.pk),))


def review(place: Place) -> None:
    asset = AssetFields("Console", has_accounts=True, review_months=3)
    make_asset(organization=place.organization, fields=asset, by="test", at=EARLIER)
    access_reviews.make_review(
        organization=place.organization, fields=fields(place), by="test", at=EARLIER
    )


def bring(
    place: Place,
    *,
    by: str = "test",
    at: datetime = EARLIER,
    taken_at: datetime = MOMENT,
    content: bytes = LIST,
    for_review: int | None = 1,
) -> None:
    bring_list(
        organization=place.organization,
        asset=1,
        file=Brought("accounts.csv", content),
        mapping=None,
        origin=Origin("Console", "list users", taken_at, "Ada", is_whole=True),
        review=for_review,
        member=people(place)[0],
        by=by,
        at=at,
    )


def decide(
    place: Place, decisions: Sequence[Decided], *, by: str = "test", at: datetime = EARLIER
) -> int:
    return account_decisions.decide_accounts(
        organization=place.organization,
        review=1,
        asset=1,
        decisions=decisions,
        member=people(place)[1],
        by=by,
        at=at,
    )


REASON = "a service account"
BOTH = (
    Decided(1, Decision.REMOVE, reason="gone"),
    Decided(2, Decision.KEEP, reason=REASON),
)


def making(place: Place) -> Act:
    review(place)
    return lambda: access_reviews.make_review(
        organization=place.organization, fields=fields(place), by=BY, at=AT
    )


def changing(place: Place) -> Act:
    review(place)
    seen = count(1)
    return lambda: access_reviews.change_review(
        organization=place.organization,
        number=1,
        fields=replace(fields(place), unused_days=30),
        seen=next(seen),
        by=BY,
        at=AT,
    )


def listing(place: Place) -> Act:
    review(place)
    return lambda: bring(place, by=BY, at=AT)


def deciding(place: Place) -> Act:
    review(place)
    bring(place)
    seen = count(0)

    def act() -> None:
        version = next(seen)
        decide(place, [replace(each, seen=version) for each in BOTH], by=BY, at=AT)

    return act


def keeping(place: Place) -> Act:
    review(place)
    content = b"user,enabled\n" + b"ada@larkspur.example,yes\n"
    from reperform.program.models import Person  # noqa: PLC0415 - here only

    Person.objects.create(
        organization=place.organization,
        number=1,
        name="Ada",
        email="ada@larkspur.example",
        started_on=date(2025, 1, 1),
        changed_by="test",
        changed_at=EARLIER,
    )
    bring(place, content=content)
    return lambda: account_decisions.keep_unmarked(
        organization=place.organization,
        review=1,
        asset=1,
        member=people(place)[1],
        by=BY,
        at=AT,
    )


def finishing(place: Place) -> Act:
    review(place)
    bring(place)
    decide(place, BOTH)
    return lambda: access_reviews.finish_review(
        organization=place.organization, number=1, seen=1, by=BY, at=AT
    )


def reopening(place: Place) -> Act:
    finishing(place)()
    version = AccessReview.objects.get(organization=place.organization).version
    return lambda: access_reviews.reopen_review(
        organization=place.organization,
        number=1,
        reason="An account was missed.",
        seen=version,
        by=BY,
        at=AT,
    )


CASES: dict[str, Case] = {
    "program.actions.access_reviews.make_review": Case(
        making,
        ("access_review.made",),
        after={"title": "Access in June", "due_on": "2026-08-31"},
        again=NEXT,
    ),
    "program.actions.access_reviews.change_review": Case(
        changing, ("access_review.changed",), {"unused_days": 90}, {"unused_days": 30}
    ),
    "program.actions.account_lists.bring_list": Case(
        listing,
        ("accounts.listed",),
        after={"rows": 2, "source": "Console", "is_whole": True, "review": 1},
        again="a list that was brought twice",
    ),
    "program.actions.account_decisions.decide_accounts": Case(
        deciding,
        ("access_review.decided",),
        after={"system": "AST-1", "row 1: ada": {"decision": "remove", "reason": "gone"}},
    ),
    "program.actions.account_decisions.keep_unmarked": Case(
        keeping,
        ("access_review.decided",),
        after={"row 1: ada@larkspur.example": {"decision": "keep"}},
    ),
    "program.actions.access_reviews.finish_review": Case(
        finishing,
        ("access_review.finished",),
        {"finished_on": None},
        {"finished_on": "2026-08-01", "accounts": 2},
    ),
    "program.actions.access_reviews.reopen_review": Case(
        reopening,
        ("access_review.reopened",),
        {"finished_on": "2026-08-01"},
        {"finished_on": None, "reason": "An account was missed."},
    ),
}
NO_ACTS = {
    "program.actions.access_reviews.refuse_finished": "refuses, or does nothing",
    "program.actions.account_lists.purpose_of": "a name",
}
