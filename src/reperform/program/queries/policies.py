"""Questions about policies: what is in force, what is on its way, what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from reperform.accounts.models import Organization
from reperform.program.models import AdoptedControl, Policy, PolicyVersion
from reperform.program.policies import PolicyFields, TextFields
from reperform.program.policies.life import State, Step
from reperform.program.policies.markdown import read_declared


@dataclass(frozen=True, slots=True)
class Standing:
    """A policy with where it stands on a day.

    Attributes:
        policy: the row, with its owner.
        state: on that day.
        in_force: number of the version in force; None for none.
        effective_on: the day from which it is; None for none.
        step: of the newest version.
        newest: its number.
        coming_on: day of an approved version that is not in force yet; None for none.
        is_overdue: its review is.
    """

    policy: Policy
    state: State
    in_force: int | None
    effective_on: date | None
    step: Step
    newest: int
    coming_on: date | None
    is_overdue: bool

    @property
    def has_draft(self) -> bool:
        """Something newer than what was approved is being written."""
        return self.step is not Step.APPROVED


def policy_row(organization: Organization, key: str) -> Policy | None:
    """Return a policy; None when the organization has none of that id."""
    rows = Policy.objects.filter(organization=organization, key=key)
    return rows.select_related("organization", "owner__user").first()


def policy_fields(row: Policy) -> PolicyFields:
    """Return a policy without its text."""
    return PolicyFields(
        title=row.title,
        owner=row.owner_id,
        review_months=row.review_months,
        accept_days=row.accept_days,
        departments=tuple(row.departments),
        kinds=tuple(row.kinds),
    )


def version_text(version: PolicyVersion) -> TextFields:
    """Return what a version says."""
    return TextFields(
        text=version.text,
        values=dict(version.values),
        placeholders=read_declared(version.placeholders),
        note=version.note,
    )


def step_of(version: PolicyVersion) -> Step:
    """Return where a version stands on its way."""
    if version.approved_at:
        return Step.APPROVED
    if version.returned_at:
        return Step.RETURNED
    return Step.SUBMITTED if version.submitted_at else Step.DRAFT


def versions_of(policy: Policy) -> QuerySet[PolicyVersion]:
    """Return every version, the newest first."""
    return policy.versions.select_related("author__user", "approver__user").order_by("-number")


def version_row(policy: Policy, number: int) -> PolicyVersion | None:
    """Return one version; None when there is none of that number."""
    return versions_of(policy).filter(number=number).first()


def in_force(policy: Policy, day: date) -> PolicyVersion | None:
    """Return the version that is in force on a day; None for none."""
    if policy.retired_on and policy.retired_on <= day:
        return None
    rows = versions_of(policy).filter(effective_on__lte=day)
    return rows.order_by("-effective_on", "-number").first()


def authors(policy: Policy, version: PolicyVersion) -> set[int]:
    """Return the users whose words are in a version: all since the one approved before it."""
    earlier = policy.versions.filter(number__lt=version.number)
    approved = earlier.exclude(approved_at=None).order_by("-number").first()
    since = earlier.filter(number__gt=approved.number if approved else 0)
    wrote = since.values_list("author__user_id", flat=True)
    return {*wrote, version.author.user_id}


def policies_like(
    organization: Organization,
    day: date,
    *,
    state: str = "",
    owner: int | None = None,
    text: str = "",
) -> QuerySet[Policy]:
    """Return policies by title, each as `standing_of` reads it.

    Args:
        organization: whose they are.
        day: on which.
        state: of `State`; `overdue` for a late review, `waiting` for a version that waits for
            approval, `written` for one that is being written; empty for all but the retired.
        owner: number of the member who answers for it; None for any.
        text: a part of the title or the id.
    """
    found = _standing(Policy.objects.filter(organization=organization), day)
    gone = Q(retired_on__lte=day)
    there = Q(retired_on=None) | Q(retired_on__gt=day)
    chosen = {
        "": there,
        State.DRAFT.value: there & Q(force=None, coming=None),
        State.APPROVED.value: there & Q(force=None, coming__isnull=False),
        State.IN_FORCE.value: there & Q(force__isnull=False),
        State.RETIRED.value: gone,
        "overdue": there & Q(review_due__lt=day),
        "waiting": there
        & Q(newest_submitted__isnull=False, newest_approved=None, newest_returned=None),
        "written": there & Q(newest_approved=None),
    }
    found = found.filter(chosen.get(state, Q()))
    if owner is not None:
        found = found.filter(owner=owner)
    for piece in text.replace("\0", " ").split()[:5]:
        found = found.filter(Q(title__icontains=piece) | Q(key__icontains=piece))
    return found.select_related("organization", "owner__user").order_by("title", "key")


def standing_of(row: Policy, day: date) -> Standing:
    """Return a row of `policies_like` as a value."""
    said = vars(row)
    newest = said["newest_row"]
    is_gone = row.retired_on is not None and row.retired_on <= day
    force, coming = said["force"], said["coming"]
    if is_gone:
        state = State.RETIRED
    elif force:
        state = State.IN_FORCE
    else:
        state = State.APPROVED if coming else State.DRAFT
    if said["newest_approved"]:
        step = Step.APPROVED
    elif said["newest_returned"]:
        step = Step.RETURNED
    else:
        step = Step.SUBMITTED if said["newest_submitted"] else Step.DRAFT
    return Standing(
        policy=row,
        state=state,
        in_force=None if is_gone else force,
        effective_on=None if is_gone else said["force_on"],
        step=step,
        newest=newest,
        coming_on=coming,
        is_overdue=not is_gone and row.review_due is not None and row.review_due < day,
    )


def standings(organization: Organization, day: date, keys: Collection[str]) -> list[Standing]:
    """Return where the policies of these ids stand, those that there are."""
    rows = _standing(Policy.objects.filter(organization=organization, key__in=keys), day)
    found = rows.select_related("organization", "owner__user").order_by("title", "key")
    return [standing_of(row, day) for row in found]


def keys_of(organization: Organization) -> set[str]:
    """Return the id of every policy, the retired too."""
    return set(Policy.objects.filter(organization=organization).values_list("key", flat=True))


def controls_resting_on(organization: Organization, key: str) -> list[tuple[str, str]]:
    """Return code and title of the controls in force that name a policy."""
    rows = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    named = rows.order_by("code").values_list("code", "title", "policies")
    return [(code, title) for code, title, policies in named if key in policies]


def _standing(rows: QuerySet[Policy], day: date) -> QuerySet[Policy]:
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk"))
    force = versions.filter(effective_on__lte=day).order_by("-effective_on", "-number")
    coming = versions.filter(effective_on__gt=day).order_by("effective_on")
    newest = versions.order_by("-number")

    def one(found: QuerySet[PolicyVersion], column: str) -> Subquery:
        return Subquery(found.values(column)[:1])

    return rows.annotate(
        force=one(force, "number"),
        force_on=one(force, "effective_on"),
        asks_from=one(force, "asks_from"),
        asks_since=one(force, "asks_since"),
        coming=one(coming, "effective_on"),
        newest_row=one(newest, "number"),
        newest_submitted=one(newest, "submitted_at"),
        newest_returned=one(newest, "returned_at"),
        newest_approved=one(newest, "approved_at"),
    )


def in_review_order(found: QuerySet[Policy]) -> QuerySet[Policy]:
    """Return policies by the day of their review, those without one last."""
    return found.order_by(F("review_due").asc(nulls_last=True), "title", "key")
