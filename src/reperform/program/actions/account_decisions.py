"""Deciding, account by account, whether access is right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.access_reviews import SLUG, Decided, Decision, lacking, reference
from reperform.program.actions.access_reviews import ReviewRefusedError, refuse_finished
from reperform.program.actions.rows import lock
from reperform.program.models import AccountDecision, ReviewedSystem
from reperform.program.queries.access_reviews import TO_CARRY_OUT, Line, lines_of, may_decide


class DecisionNotYoursError(RefusalError):
    """Nobody decides on an own account, and only the reviewer on the others."""

    slug = "decision-not-yours"


@transaction.atomic
def decide_accounts(
    *,
    organization: Organization,
    review: int,
    asset: int,
    decisions: Sequence[Decided],
    member: Membership,
    by: str,
    at: datetime,
) -> int:
    """Decide of some accounts of a system; all of them, or none. Return how many changed.

    Args:
        organization: whose review it is.
        review: its number; it exists and has the system.
        asset: number of the system.
        decisions: one for each account.
        member: who decides.
        by: who decides, as the trail names them.
        at: when.

    Raises:
        ReviewFinishedError: the review is finished.
        StaleVersionError: somebody decided of one of them in the meantime.
        DecisionNotYoursError: one of them is the member's own account, or another's to decide.
        ReviewRefusedError: an account is not on the list or decided twice, or a decision lacks
            what it must say.
    """
    lock(organization)
    system = _system(organization, review, asset)
    lines = {each.account.row: each for each in lines_of(system, [each.row for each in decisions])}
    problems = []
    times = Counter(each.row for each in decisions)
    for each in decisions:
        line = lines.get(each.row)
        lacks = lacking(each, line.flags if line else ())
        if line is None:
            lacks = Problem(f"row {each.row}", "is not on the list", "look again", SLUG)
        elif times[each.row] > 1:
            lacks = Problem(f"row {each.row}", "is decided twice", "decide of it once", SLUG)
        elif lacks:
            lacks = replace(lacks, where=f"{lacks.where}: {line.account.key}")
        if lacks:
            problems.append(lacks)
    if problems:
        raise ReviewRefusedError(problems)
    _refuse_stale(decisions, lines)
    _refuse_others(decisions, lines, system, member)
    return _decide(system, decisions, lines, by=by, at=at)


@transaction.atomic
def keep_unmarked(
    *,
    organization: Organization,
    review: int,
    asset: int,
    member: Membership,
    by: str,
    at: datetime,
) -> int:
    """Keep every account that is not marked, not decided, and the member's to decide.

    Return how many.

    Raises:
        ReviewFinishedError: the review is finished.
    """
    lock(organization)
    system = _system(organization, review, asset)
    lines = {each.account.row: each for each in lines_of(system)}
    kept = [
        Decided(row, Decision.KEEP)
        for row, line in lines.items()
        if not line.flags and line.decision is None and may_decide(line, system, member)
    ]
    return _decide(system, kept, lines, by=by, at=at)


def _system(organization: Organization, review: int, asset: int) -> ReviewedSystem:
    system = ReviewedSystem.objects.select_related("review", "asset", "reviewer__user", "list").get(
        review__organization=organization, review__number=review, asset__number=asset
    )
    refuse_finished(system.review)
    return system


def _refuse_stale(decisions: Sequence[Decided], lines: Mapping[int, Line]) -> None:
    for each in decisions:
        there = lines[each.row].decision
        current = there.version if there else 0
        if current != each.seen:
            raise StaleVersionError(
                f"the decision on {lines[each.row].account.key}",
                seen=each.seen,
                current=current,
                by=there.by if there else "",
                content=_content(there) if there else {},
            )


def _refuse_others(
    decisions: Sequence[Decided],
    lines: Mapping[int, Line],
    system: ReviewedSystem,
    member: Membership,
) -> None:
    wrong = [
        lines[each.row].account.key
        for each in decisions
        if not may_decide(lines[each.row], system, member)
    ]
    if wrong:
        raise DecisionNotYoursError(
            f"nothing was decided: {wrong[0]} is not yours to decide",
            why="Somebody who decides on an own account, or for another, reviews nothing.",
            todo=(
                f"{system.reviewer.user} reviews {system.asset.name}; whoever runs the review"
                " decides on the reviewer's own account, and on what the reviewer leaves"
            ),
        )


def _decide(
    system: ReviewedSystem,
    decisions: Sequence[Decided],
    lines: Mapping[int, Line],
    *,
    by: str,
    at: datetime,
) -> int:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for each in decisions:
        line = lines[each.row]
        there = line.decision or AccountDecision(system=system, account=line.account, version=0)
        was = _content(there) if line.decision else None
        there.decision, there.reason = each.decision.value, each.reason
        there.change_to = each.change_to if each.decision is Decision.CHANGE else ""
        if was == _content(there):
            continue
        is_to_do = there.decision in TO_CARRY_OUT
        days = timedelta(days=system.review.removal_days)
        there.due_on = at.date() + days if is_to_do else None
        there.by, there.at, there.version = by, at, there.version + 1
        there.seen_in = there.settled_in = None
        there.settled_as = ""
        there.save()
        name = f"row {each.row}: {line.account.key}"
        before[name], after[name] = was, _content(there)
    if after:
        record(
            log=system.review.organization.log,
            act="access_review.decided",
            by=by,
            at=at,
            subject=reference(system.review.number),
            before={"system": None, **before},
            after={"system": f"AST-{system.asset.number}", **after},
        )
    return len(after)


def _content(decision: AccountDecision) -> dict[str, str]:
    said = {"decision": decision.decision, "to": decision.change_to, "reason": decision.reason}
    return {name: value for name, value in said.items() if value}
