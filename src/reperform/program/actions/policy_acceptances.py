"""Accepting a policy: by the person here, or elsewhere with a file that shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.stale import StaleVersionError
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.policy_rows import locked, recorded
from reperform.program.models import KeptFile, Person, Policy, PolicyAcceptance, PolicyVersion
from reperform.program.policies.refusals import NotAskedError
from reperform.program.queries.people import person_of
from reperform.program.queries.policies import in_force
from reperform.program.queries.policy_acceptances import counting_acceptance, is_asked


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that somebody accepted elsewhere.

    Attributes:
        name: of the file, fit to be shown.
        content: the whole file.
        on: the day on which they accepted.
    """

    name: str
    content: bytes
    on: date


@transaction.atomic
def accept_policy(
    *, organization: Organization, key: str, seen: int, member: Membership, by: str, at: datetime
) -> PolicyAcceptance:
    """Accept the version in force, as the person that a member is.

    The record has the digest of the text that was accepted.  Accepting again changes nothing.

    Args:
        organization: whose policy.
        key: its id.
        seen: number of the version that was read.
        member: who accepts, for themselves.
        by: who, as the ledger says.
        at: when.

    Raises:
        NotAskedError: the policy is not in force, or the member is nobody whom it asks.
        StaleVersionError: another version is in force by now.
        PolicyStateError: it is retired.
    """
    policy = locked(organization, key)
    version = _in_force(policy, seen, at.date())
    person = person_of(member, day=at.date())
    if person is None:
        raise NotAskedError(
            f"{policy.title} was not accepted: {member.user.email} is no person of the register",
            why="An acceptance is a person's; the record must say whose.",
            todo="have a compliance manager enter you in the register of people with this address",
        )
    _refuse_not_asked(policy, person, at.date())
    before = counting_acceptance(version, person)
    return before or _accepted(policy, version, person, on=at.date(), proof=None, by=by, at=at)


@transaction.atomic
def record_acceptance(
    *,
    organization: Organization,
    key: str,
    seen: int,
    person: int,
    proof: Proof,
    by: str,
    at: datetime,
) -> PolicyAcceptance:
    """Record that a person accepted the version in force elsewhere, with the file that shows it.

    Args:
        organization: whose policy.
        key: its id.
        seen: number of the version in force.
        person: number of the person, who is in the register.
        proof: the file and the day.
        by: who records it.
        at: when.

    Raises:
        NotAskedError: the policy is not in force or not meant for the person, or the day is
            before the version that counts was in force.
        UploadRefusedError: the file cannot serve as proof.
        StaleVersionError: another version is in force by now.
        PolicyStateError: it is retired.
    """
    policy = locked(organization, key)
    version = _in_force(policy, seen, at.date())
    row = Person.objects.get(organization=organization, number=person)
    _refuse_not_asked(policy, row, at.date())
    before = counting_acceptance(version, row)
    if before:
        return before
    if version.asks_since and proof.on < version.asks_since:
        raise NotAskedError(
            f"no acceptance was recorded: {proof.on} is before {version.asks_since}, "
            "from which this text is in force",
            why="Nobody could accept it before.",
            todo=f"write the day of their acceptance, {version.asks_since} or later",
        )
    kept = keep_file(
        organization=organization,
        name=proof.name,
        content=proof.content,
        readable_with="policies.edit",
        by=by,
        at=at,
    )
    return _accepted(policy, version, row, on=proof.on, proof=kept, by=by, at=at)


def _accepted(
    policy: Policy,
    version: PolicyVersion,
    person: Person,
    *,
    on: date,
    proof: KeptFile | None,
    by: str,
    at: datetime,
) -> PolicyAcceptance:
    made = PolicyAcceptance.objects.create(
        version=version, person=person, sha256=version.sha256, on=on, proof=proof, by=by, at=at
    )
    after: dict[str, Any] = {
        "version": version.number,
        "person": person.number,
        "sha256": version.sha256,
        "on": on.isoformat(),
    }
    act = "policy.accepted"
    if proof:
        act, after = "policy.acceptance_recorded", {**after, "proof": describe_file(proof)}
    recorded(policy, act, after=after, by=by, at=at)
    return made


def _in_force(policy: Policy, seen: int, day: date) -> PolicyVersion:
    version = in_force(policy, day)
    if version is None:
        raise NotAskedError(
            f"{policy.title} was not accepted: no version of it is in force",
            why="Nobody is bound by a draft.",
            todo="wait until it is approved and its day has come",
        )
    if version.number != seen:
        raise StaleVersionError(
            f"the text of {policy.title}",
            seen=seen,
            current=version.number,
            by=version.approved_by,
            content={"title": policy.title, "text": version.text},
        )
    return version


def _refuse_not_asked(policy: Policy, person: Person, day: date) -> None:
    if not is_asked(policy, person, day):
        raise NotAskedError(
            f"{policy.title} was not accepted: it does not ask {person}",
            why="The list of who must accept would not add up.",
            todo="change whom the policy is meant for, if it is meant for them",
        )
