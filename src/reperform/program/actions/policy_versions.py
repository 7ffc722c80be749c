"""A policy's text on its way: written, submitted, sent back or approved, and reviewed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.months import add_months
from reperform.program.actions.policy_rows import (
    add_version,
    locked,
    recorded,
    seen_latest,
    told,
)
from reperform.program.actions.rows import difference
from reperform.program.models import Policy, PolicyReview, PolicyVersion
from reperform.program.policies import TextFields
from reperform.program.policies.deciding import Approval
from reperform.program.policies.life import Step
from reperform.program.policies.refusals import (
    OwnTextError,
    PolicyReviewedError,
    PolicyStateError,
    UnfilledError,
)
from reperform.program.queries.policies import authors, in_force, step_of, version_text


@transaction.atomic
def write_policy(
    *,
    organization: Organization,
    key: str,
    text: TextFields,
    seen: int,
    author: Membership,
    by: str,
    at: datetime,
) -> PolicyVersion:
    """Save a text as the next version, a draft; what is in force stays as it is.

    A version that was submitted and is written anew is a draft again.

    Raises:
        StaleVersionError: somebody saved another version in the meantime.
        PolicyStateError: the policy is retired.
    """
    policy = locked(organization, key)
    version = seen_latest(policy, seen)
    before = version_text(version)
    same = (before.text, before.values, before.placeholders)
    if same == (text.text, text.values, text.placeholders):
        return version
    made = add_version(
        policy,
        text,
        number=seen + 1,
        template=version.template,
        author=author,
        by=by,
        at=at,
    )
    was, now = difference(told(before), told(text))
    recorded(
        policy, "policy.written", before=was, after={**now, "version": made.number}, by=by, at=at
    )
    return made


@transaction.atomic
def submit_policy(
    *, organization: Organization, key: str, seen: int, by: str, at: datetime
) -> PolicyVersion:
    """Ask for the approval of the newest version.

    Raises:
        StaleVersionError: it is not the newest any more.
        PolicyStateError: it is no draft, or the policy is retired.
        UnfilledError: it still has placeholders.
    """
    policy = locked(organization, key)
    version = _at_step(policy, seen, (Step.DRAFT,), "submitted")
    _refuse_unfilled(version, "was not submitted")
    version.submitted_by, version.submitted_at = by, at
    version.save(update_fields=["submitted_by", "submitted_at"])
    _step(policy, "policy.submitted", version, Step.SUBMITTED, by=by, at=at)
    return version


@transaction.atomic
def return_policy(
    *, organization: Organization, key: str, seen: int, reason: str, by: str, at: datetime
) -> PolicyVersion:
    """Send a submitted version back to its author with the reason; the next one is written.

    Raises:
        StaleVersionError: it is not the newest any more.
        PolicyStateError: it is not submitted, or the policy is retired.
    """
    policy = locked(organization, key)
    version = _at_step(policy, seen, (Step.SUBMITTED,), "sent back")
    version.returned_by, version.returned_at, version.returned_because = by, at, reason
    version.save(update_fields=["returned_by", "returned_at", "returned_because"])
    more = {"reason": reason}
    _step(policy, "policy.returned", version, Step.RETURNED, more, by=by, at=at)
    return version


@transaction.atomic
def approve_policy(
    *,
    organization: Organization,
    key: str,
    seen: int,
    approval: Approval,
    approver: Membership,
    by: str,
    at: datetime,
) -> PolicyVersion:
    """Approve the newest version; it is in force from its day on.

    Whoever wrote any version since the one that was approved last is an author of this one: their
    words are in it.  None of them approves it, whatever their role, with a token neither.

    Raises:
        OwnTextError: the approver is one of its authors.
        StaleVersionError: it is not the newest any more.
        PolicyStateError: it is not submitted; the policy is retired; its day is past, or before
            that of the version in force; or a minor correction of nothing.
        UnfilledError: it still has placeholders.
    """
    policy = locked(organization, key)
    version = _at_step(policy, seen, (Step.SUBMITTED,), "approved")
    if approver.user_id in authors(policy, version):
        raise OwnTextError(str(approver.user), version.number)
    _refuse_unfilled(version, "was not approved")
    before = _last_approved(policy)
    _refuse_day(version, approval, before, at.date())
    version.approver, version.approved_by, version.approved_at = approver, by, at
    version.effective_on = approval.effective_on
    version.minor_because = approval.minor_because
    is_minor = bool(approval.minor_because) and before is not None
    version.asks_from = before.asks_from if is_minor and before else version.number
    version.asks_since = before.asks_since if is_minor and before else approval.effective_on
    version.save()
    policy.review_due = add_months(approval.effective_on, policy.review_months)
    policy.save(update_fields=["review_due"])
    more = {
        "effective_on": approval.effective_on.isoformat(),
        "minor_because": approval.minor_because,
        "sha256": version.sha256,
        "review_due": policy.review_due.isoformat(),
    }
    _step(policy, "policy.approved", version, Step.APPROVED, more, by=by, at=at)
    return version


@transaction.atomic
def review_policy(
    *, organization: Organization, key: str, seen: int, note: str, by: str, at: datetime
) -> PolicyReview:
    """Record that the version in force was read and needs no change; its next review moves on.

    Args:
        organization: whose policy.
        key: its id.
        seen: number of the version in force that was read.
        note: what was looked at, not empty.
        by: who read it.
        at: when.

    Raises:
        PolicyStateError: that version is not in force, or the policy is retired.
        PolicyReviewedError: somebody reviewed it on the same day.
    """
    policy = locked(organization, key)
    version = in_force(policy, at.date())
    if version is None or version.number != seen:
        raise PolicyStateError(
            f"no review was recorded: version {seen} of {policy.title} is not in force",
            why="A review says that what binds people today is still right.",
            todo="read the version that is in force, or write a new one",
        )
    already = version.reviews.filter(on=at.date()).first()
    if already:
        raise PolicyReviewedError(policy.title, by=already.by)
    was = policy.review_due
    policy.review_due = add_months(at.date(), policy.review_months)
    policy.save(update_fields=["review_due"])
    made = PolicyReview.objects.create(version=version, on=at.date(), note=note, by=by, at=at)
    recorded(
        policy,
        "policy.reviewed",
        before={"review_due": was.isoformat() if was else None},
        after={"version": seen, "note": note, "review_due": policy.review_due.isoformat()},
        by=by,
        at=at,
    )
    return made


def _at_step(policy: Policy, seen: int, steps: tuple[Step, ...], what: str) -> PolicyVersion:
    version = seen_latest(policy, seen)
    step = step_of(version)
    if step not in steps:
        raise PolicyStateError(
            f"version {version.number} of {policy.title} was not {what}: it is {step.value}",
            why="A version goes from draft to submitted to approved, one step after the other.",
            todo="open the policy, and do what its newest version waits for",
        )
    return version


def _refuse_unfilled(version: PolicyVersion, what: str) -> None:
    left = version_text(version).unfilled
    if left:
        raise UnfilledError(f"version {version.number} {what}", left)


def _last_approved(policy: Policy) -> PolicyVersion | None:
    return policy.versions.exclude(approved_at=None).order_by("-effective_on", "-number").first()


def _refuse_day(
    version: PolicyVersion, approval: Approval, before: PolicyVersion | None, today: date
) -> None:
    first = max([today, *([before.effective_on] if before and before.effective_on else [])])
    if approval.effective_on < first:
        raise PolicyStateError(
            f"version {version.number} was not approved: {approval.effective_on} is before {first}",
            why="Nobody was bound by a text before it was approved, nor by two at once.",
            todo=f"write {first} or a later day",
        )
    if approval.minor_because and before is None:
        raise PolicyStateError(
            f"version {version.number} was not approved: there is nothing that it corrects",
            why="The first text of a policy is accepted by everybody whom it is meant for.",
            todo="leave the reason of a minor correction empty",
        )


def _step(
    policy: Policy,
    act: str,
    version: PolicyVersion,
    now: Step,
    more: dict[str, Any] | None = None,
    *,
    by: str,
    at: datetime,
) -> None:
    recorded(
        policy,
        act,
        before={"state": (Step.DRAFT if now is Step.SUBMITTED else Step.SUBMITTED).value},
        after={"version": version.number, "state": now.value, **(more or {})},
        by=by,
        at=at,
    )
