"""Who has accepted which policy, who has not, and who cannot here."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from reperform.accounts.models import Membership, Organization
from reperform.program.models import Person, Policy, PolicyAcceptance, PolicyVersion
from reperform.program.policies.life import Counts, Due
from reperform.program.queries.people import Held, held, people_on, person_of, posting_on
from reperform.program.queries.policies import in_force, policies_like, policy_fields


@dataclass(frozen=True, slots=True)
class Pending:
    """A policy that somebody must still accept.

    Attributes:
        key: its id.
        title: its title.
        version: number of the version in force.
        due_on: the last day on which it is in time.
    """

    key: str
    title: str
    version: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Accepting:
    """Somebody whom a policy is meant for.

    Attributes:
        who: the person, with what they are.
        state: see `Due`.
        due_on: the last day on which their acceptance is in time.
        acceptance: what they accepted, the latest that counts; None for nothing.
        has_account: they can sign in here and accept themselves.
    """

    who: Held
    state: Due
    due_on: date
    acceptance: PolicyAcceptance | None
    has_account: bool


def due_day(asks_since: date, started_on: date, days: int) -> date:
    """Return the last day on which an acceptance is in time.

    >>> due_day(date(2026, 1, 1), date(2026, 3, 1), 30)
    datetime.date(2026, 3, 31)
    """
    return max(asks_since, started_on) + timedelta(days=days)


def pending_acceptances(
    whose: Person | Membership, day: date, *, most: int | None = None
) -> list[Pending]:
    """Return the policies in force that somebody must still accept, what is due first in front.

    Args:
        whose: a person, or a member, who may be no person of the register: then nothing.
        day: as of which day.
        most: policies that are looked at; None for all.
    """
    person = whose if isinstance(whose, Person) else person_of(whose, day=day)
    posting = person and posting_on(person, day)
    if person is None:
        return []
    department, kind = (posting.department, posting.kind) if posting else ("", "")
    accepted = PolicyAcceptance.objects.filter(
        person=person,
        version__policy=OuterRef("pk"),
        version__number__gte=OuterRef("asks_from"),
    )
    rows = policies_like(person.organization, day, state="in force")
    rows = rows.exclude(accept_days=None).exclude(Exists(accepted))
    found = [
        Pending(
            key=row.key,
            title=row.title,
            version=vars(row)["force"],
            due_on=due_day(vars(row)["asks_since"], person.started_on, row.accept_days or 0),
        )
        for row in rows[:most]
        if policy_fields(row).is_for(department, kind)
    ]
    return sorted(found, key=lambda each: (each.due_on, each.title))


def is_asked(policy: Policy, person: Person, day: date) -> bool:
    """Return whether a policy is meant for somebody who works there on a day, and asks them."""
    posting = posting_on(person, day)
    department, kind = (posting.department, posting.kind) if posting else ("", "")
    works = person.started_on <= day and (person.ended_on is None or person.ended_on >= day)
    return (
        works and policy.accept_days is not None and policy_fields(policy).is_for(department, kind)
    )


def counting_acceptance(version: PolicyVersion, person: Person) -> PolicyAcceptance | None:
    """Return somebody's acceptance that counts for a version in force; None for none."""
    return _counting(version).filter(person=person).order_by("-version__number").first()


def accepting(policy: Policy, day: date) -> list[Accepting]:
    """Return everybody whom a policy in force asks, by name; nobody while none is in force."""
    version = in_force(policy, day)
    if version is None or policy.accept_days is None or version.asks_since is None:
        return []
    fields = policy_fields(policy)
    who = [
        each
        for each in held(people_on(policy.organization, day), day)
        if fields.is_for(each.department, each.kind)
    ]
    rows = _counting(version).select_related("version", "proof").order_by("version__number")
    accepted = {row.person_id: row for row in rows}
    accounts = _accounts(policy.organization)
    found = []
    for each in who:
        acceptance = accepted.get(each.person.pk)
        due_on = due_day(version.asks_since, each.person.started_on, policy.accept_days)
        state = _due(acceptance, is_late=due_on < day)
        found.append(Accepting(each, state, due_on, acceptance, each.person.email in accounts))
    return found


def _due(acceptance: PolicyAcceptance | None, *, is_late: bool) -> Due:
    if acceptance:
        return Due.ACCEPTED_ELSEWHERE if acceptance.proof_id else Due.ACCEPTED
    return Due.LATE if is_late else Due.WAITING


def counts(found: Iterable[Policy], day: date) -> dict[str, Counts]:
    """Return how many people have accepted each policy, by id; in two queries.

    Args:
        found: rows of `policies_like`; those that ask nobody are left out.
        day: as of which day.
    """
    asking = [
        row for row in found if row.accept_days is not None and vars(row)["force"] is not None
    ]
    if not asking:
        return {}
    organization = asking[0].organization
    people = held(people_on(organization, day), day)
    groups = Counter((each.department, each.kind, each.person.started_on) for each in people)
    accepted = _accepted_groups(asking, people, day)
    answer = {}
    for row in asking:
        fields, since = policy_fields(row), vars(row)["asks_since"]
        asked = past = 0
        for (department, kind, started_on), count in groups.items():
            if fields.is_for(department, kind):
                asked += count
                past += count * (due_day(since, started_on, row.accept_days or 0) < day)
        done = done_past = 0
        for (key, department, kind, is_past), count in accepted.items():
            if key == row.pk and fields.is_for(department, kind):
                done += count
                done_past += count * is_past
        answer[row.key] = Counts(asked=asked, accepted=done, late=past - done_past)
    return answer


def _accepted_groups(
    asking: Collection[Policy], people: Collection[Held], day: date
) -> Counter[tuple[int, str, str, bool]]:
    """Count acceptances that count, by policy, department, kind and whether its day is past."""
    chosen, past = Q(pk__in=[]), [When(pk__in=[], then=Value(value=True))]
    for row in asking:
        said = vars(row)
        of = Q(version__policy=row.pk, version__number__gte=said["asks_from"])
        chosen |= of
        days = timedelta(days=row.accept_days or 0)
        if said["asks_since"] + days < day:
            past.append(When(of & Q(person__started_on__lt=day - days), then=Value(value=True)))
    rows = PolicyAcceptance.objects.filter(chosen, version__effective_on__lte=day)
    rows = rows.annotate(
        is_past=Case(*past, default=Value(value=False), output_field=BooleanField())
    )
    said_of = {each.person.pk: (each.department, each.kind) for each in people}
    once = set(rows.values_list("version__policy", "person", "is_past"))
    return Counter(
        (policy, *said_of[person], is_past) for policy, person, is_past in once if person in said_of
    )


def accepted_by(person: Person) -> list[PolicyAcceptance]:
    """Return everything that somebody ever accepted, the latest first."""
    rows = PolicyAcceptance.objects.filter(person=person)
    return list(rows.select_related("version__policy", "proof").order_by("-on", "-pk"))


def _counting(version: PolicyVersion) -> QuerySet[PolicyAcceptance]:
    return PolicyAcceptance.objects.filter(
        version__policy=version.policy_id, version__number__gte=version.asks_from
    )


def _accounts(organization: Organization) -> set[str]:
    rows = Membership.objects.filter(organization=organization, is_active=True)
    return {email.lower() for email in rows.values_list("user__email", flat=True)}
