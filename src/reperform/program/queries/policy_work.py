"""What policies ask of a member: to accept, to approve, to review."""

from collections.abc import Iterator
from datetime import date, timedelta

from reperform.accounts.models import Membership
from reperform.accounts.permissions import Role, may
from reperform.program.models import Person
from reperform.program.queries.policies import in_review_order, policies_like
from reperform.program.queries.policy_acceptances import pending_acceptances
from reperform.program.work import Item

AHEAD = timedelta(days=30)
"""A review is shown so long before its day."""


def policy_work(
    member: Membership, person: Person | None, *, today: date, most: int
) -> Iterator[Item]:
    """Yield what somebody must do about policies, at most `most` of a kind."""
    if person and may(Role(member.role), "work.do"):
        for pending in pending_acceptances(person, today)[:most]:
            yield Item("Policy to accept", pending.title, pending.due_on, "policy", pending.key)
    if may(Role(member.role), "policies.approve"):
        waiting = policies_like(member.organization, today, state="waiting")
        for row in waiting.exclude(versions__author=member).distinct()[:most]:
            yield Item("Policy to decide on", row.title, None, "policy_decide", row.key)
    if may(Role(member.role), "policies.edit"):
        owned = policies_like(member.organization, today, state="in force", owner=member.pk)
        due = in_review_order(owned.filter(review_due__lte=today + AHEAD))
        for row in due[:most]:
            yield Item("Policy to review", row.title, row.review_due, "policy", row.key)
