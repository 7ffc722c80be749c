"""Bringing the list of a system's accounts: a review is made of it, and it settles removals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record
from reperform.program.access_reviews.accounts import (
    AccountLine,
    Match,
    carried_out,
    matches,
)
from reperform.program.access_reviews.evidence import Origin
from reperform.program.access_reviews.lists import ReadList, read_list
from reperform.program.actions.access_reviews import ReviewRefusedError, refuse_finished
from reperform.program.actions.assets import Brought
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.rows import lock, next_number
from reperform.program.actions.uploads import forget_upload
from reperform.program.assets import reference
from reperform.program.models import (
    Account,
    AccountDecision,
    AccountList,
    Asset,
    KeptFile,
    Person,
    ReviewedSystem,
)
from reperform.program.queries.access_reviews import TO_CARRY_OUT, line_of
from reperform.program.queries.account_lists import known_people


class ListInUseError(RefusalError):
    """Accounts of the review's list are decided: another list would take their decisions away."""

    slug = "account-list-in-use"


def purpose_of(asset: int) -> str:
    """Return what a list that waits for its import is kept as."""
    return f"accounts of {asset}"


@transaction.atomic
def bring_list(
    *,
    organization: Organization,
    asset: int,
    file: Brought,
    mapping: Mapping[str, int] | None,
    origin: Origin,
    review: int | None,
    member: Membership,
    by: str,
    at: datetime,
) -> AccountList:
    """Keep the list of a system's accounts byte for byte.

    Removals that were decided before it was taken are held against it: an account that it does
    not have, and that a whole list would have, is gone; one that it has is still there.

    Args:
        organization: whose system it is.
        asset: number of the system, which exists.
        file: the list.
        mapping: column by field, of a table; None to guess.
        origin: where it comes from.
        review: number of the open review that is made of it; None for evidence of removals alone.
        member: who brings it; a file that was kept for them is forgotten.
        by: who brings it.
        at: when; not before the list was taken.

    Raises:
        ListRefusedError: it is no whole list of accounts.
        FileRefusedError: it is no table.
        ReviewRefusedError: a row cannot be read, or the system is not in the review.
        ReviewFinishedError: the review is finished.
        ListInUseError: accounts of the review's list are decided.
    """
    lock(organization)
    system = Asset.objects.get(organization=organization, number=asset)
    said = read_list(
        file.content, name=file.name, mapping=mapping, privileged_words=origin.privileged_words
    )
    if said.problems:
        raise ReviewRefusedError(said.problems)
    reviewed = _reviewed(system, review)
    kept = keep_file(
        organization=organization,
        name=file.name,
        content=file.content,
        readable_with="access_reviews.view",
        by=by,
        at=at,
    )
    made = _keep(system, said, kept, origin, by=by, at=at)
    found = matches(said.accounts, known_people(organization), day=origin.taken_at.date())
    _keep_accounts(made, said.accounts, found)
    settled = _settle(made, said.accounts)
    if reviewed is not None:
        reviewed.list = made
        reviewed.save(update_fields=["list"])
    forget_upload(member=member, purpose=purpose_of(asset))
    record(
        log=organization.log,
        act="accounts.listed",
        by=by,
        at=at,
        subject=reference(asset),
        after={
            "list": made.number,
            "form": said.form,
            "rows": made.rows,
            "matched": len(found),
            "source": origin.source,
            "query": origin.query,
            "taken_at": origin.taken_at.isoformat(),
            "taken_by": origin.taken_by,
            "is_whole": origin.is_whole,
            "privileged_words": origin.privileged_words,
            "review": review,
            "file": describe_file(kept),
            **({"removals": settled} if settled else {}),
        },
    )
    return made


def _reviewed(asset: Asset, review: int | None) -> ReviewedSystem | None:
    """Return the system of the review that the list is for."""
    if review is None:
        return None
    found = ReviewedSystem.objects.filter(
        asset=asset, review__organization=asset.organization, review__number=review
    ).select_related("review")
    reviewed = found.first()
    if reviewed is None:
        raise ReviewRefusedError(
            [Problem("review", "does not have it", "add it there", "review-field")]
        )
    refuse_finished(reviewed.review)
    if reviewed.decisions.exists():
        raise ListInUseError(
            f"the list was not taken: accounts of {asset.name} are decided in this review",
            why="Another list would take the decisions away that somebody made.",
            todo="bring it without the review, as evidence of removals, or start another review",
        )
    return reviewed


def _keep(
    asset: Asset, said: ReadList, file: KeptFile, origin: Origin, *, by: str, at: datetime
) -> AccountList:
    return AccountList.objects.create(
        organization=asset.organization,
        number=next_number(AccountList, asset.organization),
        asset=asset,
        file=file,
        form=said.form,
        source=origin.source,
        query=origin.query,
        taken_at=origin.taken_at,
        taken_by=origin.taken_by,
        is_whole=origin.is_whole,
        privileged_words=origin.privileged_words,
        rows=len(said.accounts),
        by=by,
        at=at,
    )


def _keep_accounts(
    made: AccountList, accounts: Sequence[AccountLine], found: Mapping[int, Match]
) -> None:
    people = Person.objects.filter(organization=made.organization)
    keys = dict(people.values_list("number", "pk"))
    Account.objects.bulk_create(
        (
            Account(
                list=made,
                row=each.row,
                key=each.key,
                name=each.name,
                email=each.email,
                access=each.access,
                privileged=each.privileged,
                enabled=each.enabled,
                last_used=each.last_used,
                never_used=each.never_used,
                person_id=keys[match.person] if match else None,
                matched_by=match.by if match else "",
            )
            for each in accounts
            for match in [found.get(each.row)]
        ),
        batch_size=1_000,
    )


def _settle(made: AccountList, accounts: Sequence[AccountLine]) -> dict[str, str]:
    """Hold open removals against a new list; return what it shows, by account."""
    waiting = AccountDecision.objects.filter(
        system__asset=made.asset,
        decision__in=TO_CARRY_OUT,
        settled_in=None,
        at__lt=made.taken_at,
    ).select_related("account", "system__list")
    now: dict[str, list[AccountLine]] = defaultdict(list)
    for each in accounts:
        now[each.key].append(each)
    alike: dict[int, bool] = {}
    shown: dict[str, str] = {}
    for decision in waiting:
        before = decision.account.list_id
        if before not in alike:
            keys = Account.objects.filter(list=before).values_list("key", flat=True)
            alike[before] = any(key in now for key in keys)
        outcome = carried_out(
            decision.decision,
            line_of(decision.account),
            now.get(decision.account.key, ()),
            is_whole=made.is_whole,
            is_alike=alike[before],
        )
        if outcome == "still":
            decision.seen_in = made
        elif outcome:
            decision.settled_in, decision.settled_as = made, outcome
        if outcome:
            decision.save(update_fields=["seen_in", "settled_in", "settled_as"])
            shown[decision.account.key] = outcome
    return shown
