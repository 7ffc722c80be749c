"""Starting, changing, finishing and reopening reviews of access."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record
from reperform.program.access_reviews import SLUG, ReviewFields, reference, review_content
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.models import AccessReview, Asset, ReviewedSystem
from reperform.program.queries.access_reviews import (
    possible_review_owners,
    possible_reviewers,
    progress_of,
    review_fields,
    systems_of,
)


class ReviewRefusedError(RefusalError):
    """A review names what the organization does not have, or would lose what was decided."""

    slug = "review-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was saved: {problems[0].where} {problems[0].what}",
            why="A review with a hole in it would be taken for one of every account.",
            todo=problems[0].todo,
        )
        self.problems = tuple(problems)


class ReviewFinishedError(RefusalError):
    """The review is finished and signed off."""

    slug = "review-finished"


class ReviewIncompleteError(RefusalError):
    """An account of the review is not decided, or a system has no list."""

    slug = "review-incomplete"


@transaction.atomic
def make_review(
    *, organization: Organization, fields: ReviewFields, by: str, at: datetime
) -> AccessReview:
    """Start a review.

    Raises:
        ReviewRefusedError: a system is no asset in use with accounts, or somebody may not do it.
    """
    lock(organization)
    review = AccessReview(
        organization=organization, number=next_number(AccessReview, organization), version=0
    )
    _write(review, fields, by=by, at=at)
    record(
        log=organization.log,
        act="access_review.made",
        by=by,
        at=at,
        subject=reference(review.number),
        after=review_content(fields),
    )
    return review


@transaction.atomic
def change_review(
    *,
    organization: Organization,
    number: int,
    fields: ReviewFields,
    seen: int,
    by: str,
    at: datetime,
) -> AccessReview:
    """Change a review that is open: its days, its systems, who reviews them.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ReviewFinishedError: it is finished.
        ReviewRefusedError: see `make_review`; or a system would go of which something is decided.
    """
    lock(organization)
    review = AccessReview.objects.get(organization=organization, number=number)
    refuse_stale(review, reference(number), seen=seen)
    refuse_finished(review)
    before = review_content(review_fields(review))
    if before == review_content(fields):
        return review
    _write(review, fields, by=by, at=at)
    was, is_now = difference(before, review_content(fields))
    record(
        log=organization.log,
        act="access_review.changed",
        by=by,
        at=at,
        subject=reference(number),
        before=was,
        after=is_now,
    )
    return review


@transaction.atomic
def finish_review(
    *, organization: Organization, number: int, seen: int, by: str, at: datetime
) -> AccessReview:
    """Sign a review off: every account of every system is decided.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ReviewFinishedError: it is finished already.
        ReviewIncompleteError: an account is not decided, or a system has no list.
    """
    lock(organization)
    review = AccessReview.objects.get(organization=organization, number=number)
    refuse_stale(review, reference(number), seen=seen)
    refuse_finished(review)
    progress = progress_of([review])[review.pk]
    if not progress.is_complete or not progress.accounts:
        raise ReviewIncompleteError(
            f"{reference(number)} was not finished: {progress.open} accounts are not decided, and"
            f" {progress.without_list} systems have no list",
            why="A review that leaves accounts out does not say that access is right.",
            todo="decide every account, and bring the list of every system",
        )
    review.finished_on, review.finished_by = at.date(), by
    _changed(review, by=by, at=at)
    record(
        log=organization.log,
        act="access_review.finished",
        by=by,
        at=at,
        subject=reference(number),
        before={"finished_on": None},
        after={
            "finished_on": at.date().isoformat(),
            "accounts": progress.accounts,
            "lists": {
                f"AST-{each.row.asset.number}": each.row.list.file.sha256
                for each in systems_of(review)
                if each.row.list
            },
        },
    )
    return review


@transaction.atomic
def reopen_review(
    *, organization: Organization, number: int, reason: str, seen: int, by: str, at: datetime
) -> AccessReview:
    """Open a finished review again, for a reason; its sign-off stays in the trail.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ReviewRefusedError: it is open, or no reason is given.
    """
    lock(organization)
    review = AccessReview.objects.get(organization=organization, number=number)
    refuse_stale(review, reference(number), seen=seen)
    if review.finished_on is None:
        problem = Problem("review", "is open", "there is nothing to reopen", SLUG)
        raise ReviewRefusedError([problem])
    reader = Reader({"reason": reason}, SLUG)
    reason = reader.text("reason", needed="say why: an auditor will ask")
    if reader.problems:
        raise ReviewRefusedError(reader.problems)
    before = {"finished_on": review.finished_on.isoformat(), "finished_by": review.finished_by}
    review.finished_on, review.finished_by, review.reopened_because = None, "", reason
    _changed(review, by=by, at=at)
    record(
        log=organization.log,
        act="access_review.reopened",
        by=by,
        at=at,
        subject=reference(number),
        before=before,
        after={"finished_on": None, "finished_by": "", "reason": reason},
    )
    return review


def refuse_finished(review: AccessReview) -> None:
    """Refuse to change what was signed off.

    Raises:
        ReviewFinishedError: the review is finished.
    """
    if review.finished_on:
        raise ReviewFinishedError(
            f"{reference(review.number)} was not changed: it was finished on {review.finished_on}",
            why="What somebody signed off must stay what they saw.",
            todo="reopen it with a reason, and finish it again",
        )


def _write(review: AccessReview, fields: ReviewFields, *, by: str, at: datetime) -> None:
    organization = review.organization
    owner = fields.owner or 0
    if not possible_review_owners(organization).filter(pk=owner):
        raise ReviewRefusedError([_problem("owner", "is no member who may run a review")])
    reviewers = {each.pk: each for each in possible_reviewers(organization)}
    wanted = dict(fields.systems)
    assets = Asset.objects.filter(
        organization=organization, number__in=wanted, retired_on=None, has_accounts=True
    )
    found = {each.number: each for each in assets}
    for number, who in wanted.items():
        if number not in found:
            raise ReviewRefusedError([_problem("systems", f"AST-{number} has no accounts here")])
        if who not in reviewers:
            what = f"AST-{number} has a reviewer who may not decide"
            raise ReviewRefusedError([_problem("systems", what)])
    review.title, review.note, review.owner_id = fields.title, fields.note, owner
    assert fields.due_on is not None  # noqa: S101 - read_review demands it
    review.due_on, review.unused_days = fields.due_on, fields.unused_days
    review.removal_days = fields.removal_days
    _changed(review, by=by, at=at)
    there = {each.asset.number: each for each in review.systems.select_related("asset")}
    for number in set(there) - set(wanted):
        if there[number].decisions.exists():
            what = f"AST-{number} would go, and accounts of it are decided"
            raise ReviewRefusedError([_problem("systems", what)])
        there[number].delete()
    for number, who in wanted.items():
        system = there.get(number) or ReviewedSystem(review=review, asset=found[number])
        system.reviewer = reviewers[who]
        system.save()


def _changed(review: AccessReview, *, by: str, at: datetime) -> None:
    review.version, review.changed_by, review.changed_at = review.version + 1, by, at
    review.save()


def _problem(where: str, what: str) -> Problem:
    return Problem(where, what, "choose one that is in the list", SLUG)
