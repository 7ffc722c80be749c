"""Entering, changing and judging risks, and deciding the scales that they are judged with."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from reperform.accounts.models import Membership, Organization
from reperform.base.months import add_months
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.models import Risk, RiskAssessment, RiskScales
from reperform.program.queries.risks import CurrentScales, current_scales, fields_of
from reperform.program.risks.assessment import Assessment, assessment_content
from reperform.program.risks.risk import RiskFields, risk_content
from reperform.program.risks.scales import Scales, scales_content


class RiskRefusedError(RefusalError):
    """A risk names somebody who is not a member, or is judged after it was closed."""

    slug = "risk-refused"

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(
            f"nothing was changed: {problem.where} {problem.what}",
            why="A register that names people or risks that do not exist cannot be worked with.",
            todo=problem.todo,
        )
        self.problems = (problem,)


@transaction.atomic
def make_risk(
    *,
    organization: Organization,
    fields: RiskFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> Risk:
    """Enter a risk; it is due to be judged within its cycle.

    Args:
        organization: whose register.
        fields: the risk.
        by: who enters it.
        at: when.
        number: of the risk, when files say it; None for the next.

    Raises:
        RiskRefusedError: it names somebody who is not a member, or the number is taken.
    """
    lock(organization)
    if number is not None and _rows(organization).filter(number=number).exists():
        raise _refused("number", f"{number} is taken", "leave it out, and the next is given")
    risk = add_risk(organization, fields, number=number, by=by, at=at)
    record(
        log=organization.log,
        act="risk.made",
        by=by,
        at=at,
        subject=f"risk {risk.number}",
        after=risk_content(fields),
    )
    return risk


def add_risk(
    organization: Organization,
    fields: RiskFields,
    *,
    number: int | None = None,
    by: str,
    at: datetime,
) -> Risk:
    """Enter a risk as a part of an action that holds the lock, and records it."""
    risk = Risk(
        organization=organization,
        number=number or next_number(Risk, organization),
        version=0,
        review_due_on=add_months(at.date(), fields.cycle_months),
    )
    _write(risk, fields, by=by, at=at)
    return risk


def write_risk(risk: Risk, fields: RiskFields, *, by: str, at: datetime) -> None:
    """Change a risk as a part of an action that holds the lock, and records it."""
    if fields.cycle_months != risk.cycle_months:
        risk.review_due_on = add_months(_looked_at(risk), fields.cycle_months)
    _write(risk, fields, by=by, at=at)


@transaction.atomic
def change_risk(
    *,
    organization: Organization,
    number: int,
    fields: RiskFields,
    seen: int,
    by: str,
    at: datetime,
) -> Risk:
    """Change what is said of a risk, or close it, or open it again.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        RiskRefusedError: it names somebody who is not a member.
    """
    lock(organization)
    risk = _rows(organization).get(number=number)
    refuse_stale(risk, f"risk {number}", seen=seen)
    before = risk_content(fields_of(risk))
    after = risk_content(fields)
    if before == after:
        return risk
    write_risk(risk, fields, by=by, at=at)
    was, is_ = difference(before, after)
    closes = before["state"] == "open" and after["state"] == "closed"
    record(
        log=organization.log,
        act="risk.closed" if closes else "risk.changed",
        by=by,
        at=at,
        subject=f"risk {number}",
        before=was,
        after=is_,
    )
    return risk


@transaction.atomic
def assess_risk(
    *,
    organization: Organization,
    number: int,
    assessment: Assessment,
    scales: int,
    seen: int,
    by: str,
    at: datetime,
) -> RiskAssessment:
    """Judge a risk anew, also when nothing changed: the judgments before it stay.

    Args:
        organization: whose register.
        number: of the risk, which exists.
        assessment: the judgment.
        scales: version of the scales that it was judged with; 0 for the first ones.
        seen: version of the risk that was judged.
        by: who judged.
        at: when it is entered.

    Raises:
        StaleVersionError: somebody changed the risk or the scales in the meantime.
        RiskRefusedError: the risk is closed, or was judged on a later day already.
    """
    lock(organization)
    risk = _rows(organization).get(number=number)
    refuse_stale(risk, f"risk {number}", seen=seen)
    if risk.state != "open":
        raise _refused("state", "is closed", "open it again first")
    judged_with = _scales_row(organization, scales, by=by, at=at)
    latest = risk.assessments.order_by("-number").first()
    if latest and latest.on > assessment.on:
        todo = "write the day of this judgment, or a later one"
        raise _refused("on", f"is before the latest judgment, of {latest.on}", todo)
    risk.assessments.filter(is_latest=True).update(is_latest=False)
    content = assessment_content(assessment)
    made = RiskAssessment.objects.create(
        risk=risk,
        number=1 + (latest.number if latest else 0),
        scales=judged_with,
        by=by,
        at=at,
        **(content | {"on": assessment.on}),
    )
    risk.review_due_on = add_months(assessment.on, risk.cycle_months)
    _stamp(risk, by=by, at=at)
    record(
        log=organization.log,
        act="risk.assessed",
        by=by,
        at=at,
        subject=f"risk {number}",
        after=content | {"number": made.number, "scales": judged_with.number},
    )
    return made


@transaction.atomic
def change_scales(
    *, organization: Organization, scales: Scales, seen: int, by: str, at: datetime
) -> RiskScales:
    """Decide other scales.  Judgments keep the ones that they were made with.

    Raises:
        StaleVersionError: somebody decided others in the meantime.
    """
    lock(organization)
    now = current_scales(organization)
    if now.number != seen:
        raise _stale(now, seen)
    before, after = scales_content(now.scales), scales_content(scales)
    if before == after and now.row is not None:
        return now.row
    made = _make_scales(organization, scales, number=now.number + 1, by=by, at=at)
    was, is_ = difference(before, after)
    record(
        log=organization.log,
        act="risk-scales.changed",
        by=by,
        at=at,
        subject="scales of risks",
        before=was,
        after=is_ | {"number": made.number},
    )
    return made


def _stale(now: CurrentScales, seen: int) -> StaleVersionError:
    stands = scales_content(now.scales)
    return StaleVersionError("the scales", seen=seen, current=now.number, by=now.by, content=stands)


def _make_scales(
    organization: Organization, scales: Scales, *, number: int, by: str, at: datetime
) -> RiskScales:
    return RiskScales.objects.create(
        organization=organization, number=number, content=scales_content(scales), by=by, at=at
    )


def _scales_row(organization: Organization, seen: int, *, by: str, at: datetime) -> RiskScales:
    """Return the scales that stand; the first judgment makes the first ones the organization's."""
    now = current_scales(organization)
    if now.number != seen:
        raise _stale(now, seen)
    return now.row or _make_scales(organization, now.scales, number=1, by=by, at=at)


def _rows(organization: Organization) -> QuerySet[Risk]:
    return Risk.objects.filter(organization=organization)


def _looked_at(risk: Risk) -> date:
    latest = risk.assessments.filter(is_latest=True).first()
    return latest.on if latest else risk.changed_at.date()


def _write(risk: Risk, fields: RiskFields, *, by: str, at: datetime) -> None:
    for name in ("owner", "accepted_by"):
        chosen = getattr(fields, name)
        if chosen is not None and chosen != getattr(risk, f"{name}_id"):
            members = Membership.objects.filter(organization=risk.organization, is_active=True)
            if not members.filter(pk=chosen).exists():
                todo = "choose one that is in the list"
                raise _refused(name, "is not a member of the organization", todo)
        setattr(risk, f"{name}_id", chosen)
    for name in RiskFields.__dataclass_fields__:
        if name not in ("owner", "accepted_by"):
            value = getattr(fields, name)
            setattr(risk, name, list(value) if isinstance(value, tuple) else value)
    _stamp(risk, by=by, at=at)


def _stamp(risk: Risk, *, by: str, at: datetime) -> None:
    risk.version += 1
    risk.changed_by, risk.changed_at = by, at
    risk.save()


def _refused(where: str, what: str, todo: str) -> RiskRefusedError:
    return RiskRefusedError(Problem(where, what, todo, "risk-refused"))
