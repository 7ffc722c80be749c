"""Making, changing and retiring policies, and bringing many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.ledger.actions import record
from reperform.program.actions.policy_rows import (
    add_version,
    locked,
    recorded,
    told,
    write_fields,
)
from reperform.program.actions.rows import difference, lock, refuse_stale
from reperform.program.actions.uploads import forget_upload
from reperform.program.models import Policy
from reperform.program.policies import SLUG, PolicyFields, TextFields, policy_content
from reperform.program.policies.refusals import PolicyRefusedError, PolicyStateError
from reperform.program.queries.policies import policy_fields

PURPOSE = "policies"
"""What a file between its dry run and its import is kept for."""


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A policy to make, with its first text.

    Attributes:
        key: the id that controls name it by.
        fields: the policy.
        text: its first version, a draft.
        template: id of the library's template that it begins with; empty for one's own.
    """

    key: str
    fields: PolicyFields
    text: TextFields
    template: str = ""


@transaction.atomic
def make_policy(
    *, organization: Organization, new: NewPolicy, author: Membership, by: str, at: datetime
) -> Policy:
    """Make a policy with a draft.

    Args:
        organization: whose it is.
        new: the policy.
        author: the member whose draft it is; they will not approve it.
        by: who makes it, as the ledger says.
        at: when.

    Raises:
        PolicyRefusedError: there is a policy of that id, or the owner is no active member.
    """
    lock(organization)
    policy = _made(organization, new, author=author, by=by, at=at)
    recorded(
        policy,
        "policy.made",
        after={**policy_content(new.fields), "template": new.template, **told(new.text)},
        by=by,
        at=at,
    )
    return policy


@transaction.atomic
def import_policies(
    *,
    organization: Organization,
    news: Sequence[NewPolicy],
    file_name: str,
    sha256: str,
    author: Membership,
    by: str,
    at: datetime,
) -> list[Policy]:
    """Make a policy with a draft of each, or none at all; nothing of them is in force.

    Args:
        organization: whose they become.
        news: the policies, at least one.
        file_name: what they were brought in.
        sha256: of that file.
        author: the member whose drafts they are.
        by: who brings them.
        at: when.

    Raises:
        PolicyRefusedError: there is a policy of one of the ids.
    """
    lock(organization)
    made = [_made(organization, new, author=author, by=by, at=at) for new in news]
    record(
        log=organization.log,
        act="policies.imported",
        by=by,
        at=at,
        subject=f"{len(made)} policies",
        after={
            "file": file_name,
            "file_sha256": sha256,
            **{new.key: {"title": new.fields.title, **told(new.text)} for new in news},
        },
    )
    forget_upload(member=author, purpose=PURPOSE)
    return made


@transaction.atomic
def change_policy(
    *,
    organization: Organization,
    key: str,
    fields: PolicyFields,
    seen: int,
    by: str,
    at: datetime,
) -> Policy:
    """Change whose a policy is, when it is reviewed and whom it is meant for; never its text.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PolicyStateError: it is retired.
        PolicyRefusedError: the owner is no active member.
    """
    policy = locked(organization, key)
    refuse_stale(policy, f"the policy {policy.title}", seen=seen)
    before, after = difference(policy_content(policy_fields(policy)), policy_content(fields))
    if after:
        write_fields(policy, fields, by=by, at=at)
        recorded(policy, "policy.changed", before=before, after=after, by=by, at=at)
    return policy


@transaction.atomic
def retire_policy(
    *,
    organization: Organization,
    key: str,
    on: date,
    reason: str,
    seen: int,
    by: str,
    at: datetime,
) -> Policy:
    """Take a policy out of force from a day on; its versions and acceptances stay.

    Args:
        organization: whose it is.
        key: its id.
        on: the first day on which it is not in force, today or earlier.
        reason: why, not empty.
        seen: the policy's version that the caller saw.
        by: who retires it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PolicyStateError: it is retired already, or the day is before it was in force.
    """
    policy = locked(organization, key)
    refuse_stale(policy, f"the policy {policy.title}", seen=seen)
    first = policy.versions.exclude(effective_on=None).order_by("-effective_on").first()
    if first and first.effective_on and on < first.effective_on:
        raise PolicyStateError(
            f"{policy.title} was not retired: version {first.number} is in force from "
            f"{first.effective_on}",
            why="It cannot end before it began.",
            todo=f"write {first.effective_on} or a later day",
        )
    policy.retired_on, policy.retired_because = on, reason
    policy.version += 1
    policy.changed_by, policy.changed_at = by, at
    policy.save()
    recorded(
        policy,
        "policy.retired",
        before={"retired_on": None},
        after={"retired_on": on.isoformat(), "retired_because": reason},
        by=by,
        at=at,
    )
    return policy


def _made(
    organization: Organization, new: NewPolicy, *, author: Membership, by: str, at: datetime
) -> Policy:
    if Policy.objects.filter(organization=organization, key=new.key).exists():
        what, todo = f"there is a policy {new.key} already", "choose another id, or write it anew"
        raise PolicyRefusedError([Problem("id", what, todo, SLUG)])
    policy = Policy(organization=organization, key=new.key, version=0)
    write_fields(policy, new.fields, by=by, at=at)
    add_version(policy, new.text, number=1, template=new.template, author=author, by=by, at=at)
    return policy
