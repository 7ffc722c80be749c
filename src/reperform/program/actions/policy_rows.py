"""Writing policies: what every action on one has in common."""

from datetime import datetime
from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies import SLUG, PolicyFields, TextFields, text_content
from reperform.program.policies.markdown import declared_content
from reperform.program.policies.refusals import PolicyRefusedError, PolicyStateError

COLUMNS = ("title", "review_months", "accept_days")


def locked(organization: Organization, key: str) -> Policy:
    """Return a policy that exists, and let one change follow the other.

    Raises:
        PolicyStateError: it is retired.
    """
    lock(organization)
    policy = Policy.objects.select_related("owner__user").get(organization=organization, key=key)
    if policy.retired_on:
        raise PolicyStateError(
            f"nothing was done: {policy.title} was retired on {policy.retired_on}",
            why="A policy that was retired stays as it was, or the past would change.",
            todo="write a new policy under an id of its own",
        )
    return policy


def latest(policy: Policy) -> PolicyVersion:
    """Return the newest version of a policy, which has one."""
    return policy.versions.order_by("-number")[0]


def seen_latest(policy: Policy, seen: int) -> PolicyVersion:
    """Return the newest version, which the caller has seen.

    Raises:
        StaleVersionError: somebody saved another in the meantime.
    """
    version = latest(policy)
    if version.number != seen:
        raise StaleVersionError(
            f"the text of {policy.title}",
            seen=seen,
            current=version.number,
            by=version.written_by,
            content={"title": policy.title, "text": version.text},
        )
    return version


def add_version(
    policy: Policy,
    text: TextFields,
    *,
    number: int,
    template: str,
    author: Membership,
    by: str,
    at: datetime,
) -> PolicyVersion:
    """Write a new version; the caller holds the lock."""
    version = PolicyVersion(
        policy=policy,
        number=number,
        text=text.text,
        values=dict(text.values),
        placeholders=declared_content(text.placeholders),
        template=template,
        sha256=text.sha256,
        note=text.note,
        author=author,
        written_by=by,
        written_at=at,
    )
    version.save()
    return version


def write_fields(policy: Policy, fields: PolicyFields, *, by: str, at: datetime) -> None:
    """Write `fields` into `policy`.

    Raises:
        PolicyRefusedError: the owner is no active member.
    """
    if fields.owner is not None and fields.owner != policy.owner_id:
        members = Membership.objects.filter(organization=policy.organization, is_active=True)
        if not members.filter(pk=fields.owner).exists():
            what, todo = "is not a member of the organization", "choose one that is in the list"
            raise PolicyRefusedError([Problem("owner", what, todo, SLUG)])
    for name in COLUMNS:
        setattr(policy, name, getattr(fields, name))
    policy.owner_id = fields.owner
    policy.departments, policy.kinds = list(fields.departments), list(fields.kinds)
    policy.version += 1
    policy.changed_by, policy.changed_at = by, at
    policy.save()


def told(text: TextFields) -> dict[str, Any]:
    """Return what the ledger says of a text: its digest stands for it, the version holds it."""
    content = text_content(text)
    return {
        "values": content["values"],
        "note": text.note,
        "characters": len(text.text),
        "sha256": text.sha256,
    }


def recorded(
    policy: Policy,
    act: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
    by: str,
    at: datetime,
) -> None:
    """Leave the act's entry in the ledger."""
    record(
        log=policy.organization.log,
        act=act,
        by=by,
        at=at,
        subject=f"policy {policy.key}",
        before=before or {},
        after=after,
    )
