"""The acts on policies."""

from collections.abc import Callable
from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.accounts.models import Membership
from reperform.accounts.permissions import Role
from reperform.program.actions import policies, policy_acceptances, policy_versions
from reperform.program.actions.policies import NewPolicy
from reperform.program.actions.policy_acceptances import Proof
from reperform.program.models import Person, Policy
from reperform.program.policies import PolicyFields, TextFields
from reperform.program.policies.deciding import Approval

Act = Callable[[], object]
NEW = NewPolicy("access", PolicyFields("Access"), TextFields("Ask first.\n"))


def made(place: Place) -> Membership:
    """Make a policy by a manager, who is returned."""
    author = place.member(Role.COMPLIANCE_MANAGER)
    policies.make_policy(
        organization=place.organization, new=NEW, author=author, by="test", at=EARLIER
    )
    return author


def submitted(place: Place) -> Membership:
    author = made(place)
    policy_versions.submit_policy(
        organization=place.organization, key="access", seen=1, by="test", at=EARLIER
    )
    return author


def in_force(place: Place) -> Membership:
    submitted(place)
    approver = place.member(Role.ADMINISTRATOR)
    policy_versions.approve_policy(
        organization=place.organization,
        key="access",
        seen=1,
        approval=Approval(EARLIER.date()),
        approver=approver,
        by="test",
        at=EARLIER,
    )
    return approver


def person(place: Place, email: str) -> Person:
    return Person.objects.create(
        organization=place.organization,
        number=1,
        name="Ada",
        email=email,
        started_on=date(2026, 1, 1),
        changed_by="test",
        changed_at=EARLIER,
    )


def make(place: Place) -> Act:
    author = place.member()
    return lambda: policies.make_policy(
        organization=place.organization, new=NEW, author=author, by=BY, at=AT
    )


def bring(place: Place) -> Act:
    author = place.member()
    return lambda: policies.import_policies(
        organization=place.organization,
        news=[NEW],
        file_name="access.md",
        sha256="0" * 64,
        author=author,
        by=BY,
        at=AT,
    )


def change(place: Place) -> Act:
    made(place)
    return lambda: policies.change_policy(
        organization=place.organization,
        key="access",
        fields=PolicyFields("Access", review_months=6),
        seen=Policy.objects.get().version,
        by=BY,
        at=AT,
    )


def retire(place: Place) -> Act:
    made(place)
    return lambda: policies.retire_policy(
        organization=place.organization,
        key="access",
        on=AT.date(),
        reason="Gone.",
        seen=1,
        by=BY,
        at=AT,
    )


def write(place: Place) -> Act:
    author = made(place)
    seen = iter((1, 2))
    return lambda: policy_versions.write_policy(
        organization=place.organization,
        key="access",
        text=TextFields("Ask twice.\n", note="Safer."),
        seen=next(seen),
        author=author,
        by=BY,
        at=AT,
    )


def submit(place: Place) -> Act:
    made(place)
    return lambda: policy_versions.submit_policy(
        organization=place.organization, key="access", seen=1, by=BY, at=AT
    )


def send_back(place: Place) -> Act:
    submitted(place)
    return lambda: policy_versions.return_policy(
        organization=place.organization, key="access", seen=1, reason="Too short.", by=BY, at=AT
    )


def approve(place: Place) -> Act:
    submitted(place)
    approver = place.member(Role.ADMINISTRATOR)
    return lambda: policy_versions.approve_policy(
        organization=place.organization,
        key="access",
        seen=1,
        approval=Approval(AT.date()),
        approver=approver,
        by=BY,
        at=AT,
    )


def review(place: Place) -> Act:
    in_force(place)
    return lambda: policy_versions.review_policy(
        organization=place.organization, key="access", seen=1, note="Read it.", by=BY, at=AT
    )


def accept(place: Place) -> Act:
    member = in_force(place)
    person(place, member.user.email)
    return lambda: policy_acceptances.accept_policy(
        organization=place.organization, key="access", seen=1, member=member, by=BY, at=AT
    )


def record(place: Place) -> Act:
    in_force(place)
    person(place, "")
    return lambda: policy_acceptances.record_acceptance(
        organization=place.organization,
        key="access",
        seen=1,
        person=1,
        proof=Proof("signed.csv", b"name,day\nAda,2026-08-01\n", AT.date()),
        by=BY,
        at=AT,
    )


P = "program.actions."
CASES = {
    f"{P}policies.make_policy": Case(
        make, ("policy.made",), after={"title": "Access", "template": ""}
    ),
    f"{P}policies.import_policies": Case(
        bring, ("policies.imported",), after={"file": "access.md"}
    ),
    f"{P}policies.change_policy": Case(
        change, ("policy.changed",), {"review_months": 12}, {"review_months": 6}
    ),
    f"{P}policies.retire_policy": Case(
        retire,
        ("policy.retired",),
        {"retired_on": None},
        {"retired_on": "2026-08-01", "retired_because": "Gone."},
    ),
    f"{P}policy_versions.write_policy": Case(
        write, ("policy.written",), {"note": ""}, {"note": "Safer.", "version": 2}
    ),
    f"{P}policy_versions.submit_policy": Case(
        submit, ("policy.submitted",), {"state": "draft"}, {"state": "submitted"}
    ),
    f"{P}policy_versions.return_policy": Case(
        send_back,
        ("policy.returned",),
        {"state": "submitted"},
        {"state": "sent back", "reason": "Too short."},
    ),
    f"{P}policy_versions.approve_policy": Case(
        approve,
        ("policy.approved",),
        {"state": "submitted"},
        {"state": "approved", "effective_on": "2026-08-01", "review_due": "2027-08-01"},
    ),
    f"{P}policy_versions.review_policy": Case(
        review,
        ("policy.reviewed",),
        {"review_due": "2027-08-01"},
        {"version": 1, "note": "Read it."},
    ),
    f"{P}policy_acceptances.accept_policy": Case(
        accept, ("policy.accepted",), after={"version": 1, "person": 1, "on": "2026-08-01"}
    ),
    f"{P}policy_acceptances.record_acceptance": Case(
        record, ("policy.acceptance_recorded",), after={"version": 1, "person": 1}
    ),
}
NO_ACTS = {
    f"{P}policy_rows.add_version": "a part of an action, which records it",
    f"{P}policy_rows.latest": "a look",
    f"{P}policy_rows.locked": "a lock",
    f"{P}policy_rows.recorded": "the entry itself",
    f"{P}policy_rows.seen_latest": "refuses, or looks",
    f"{P}policy_rows.told": "a value",
    f"{P}policy_rows.write_fields": "a part of an action, which records what it writes",
}
