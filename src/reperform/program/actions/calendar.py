"""Planning when a control is due: a version decides from its day on, and changes nothing before."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, next_number
from reperform.program.calendar import Calendared, PlanFields, plan_content
from reperform.program.models import AdoptedControl, ControlPlan
from reperform.program.queries.occurrences import calendared_control, plan_versions


class CalendarRefusedError(RefusalError):
    """A plan or a proof names somebody or something that is not there, or a day that cannot be."""

    slug = "calendar-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was changed: {problems[0].where} {problems[0].what}",
            why="A calendar with people, controls or days that do not exist proves nothing.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


def calendar_problem(where: str, what: str, todo: str) -> Problem:
    """Return what is wrong with one field."""
    return Problem(where, what, todo, CalendarRefusedError.slug)


@transaction.atomic
def plan_control(
    *,
    organization: Organization,
    code: str,
    fields: PlanFields,
    effective_on: date,
    seen: int,
    by: str,
    at: datetime,
) -> ControlPlan | None:
    """Plan when a control is due from a day on; None when that is so already.

    Args:
        organization: whose control it is.
        code: of the control.
        fields: the whole plan.
        effective_on: the first day whose windows it decides; never before the day of `at`, so that
            nothing that was expected is rewritten.
        seen: number of the version that was seen; 0 for the one that nobody wrote.
        by: who plans.
        at: when.

    Raises:
        CalendarRefusedError: there is no such control, it is due on no day, the day is past or
            before the latest version's, or the owner is no member.
        StaleVersionError: somebody planned it in the meantime.
    """
    lock(organization)
    control = calendared_control(organization, code)
    problems = _wrong(organization, control, fields, effective_on, at.date())
    if control is None or problems:
        raise CalendarRefusedError(problems)
    versions = plan_versions(organization, code)
    latest = versions[-1] if versions else None
    newest = ControlPlan.objects.filter(organization=organization, control__code=code)
    last = newest.order_by("-number").first()
    if (last.number if last else 0) != seen:
        raise StaleVersionError(
            f"the plan of {code}",
            seen=seen,
            current=last.number if last else 0,
            by=last.by if last else "",
        )
    if latest and effective_on < latest.effective_on:
        what = f"{effective_on} is before {latest.effective_on}, from which another plan is decided"
        todo = f"write {latest.effective_on} or a later day"
        raise CalendarRefusedError([calendar_problem("effective_on", what, todo)])
    before = latest.fields if latest else PlanFields()
    if before == fields:
        return None
    row = AdoptedControl.objects.get(organization=organization, code=code)
    if latest is None:
        # What was expected until now is kept as a version too: the control may change later.
        _add(row, PlanFields(), row.adopted_on, row.frequency, by=by, at=at)
    made = _add(row, fields, max(effective_on, row.adopted_on), row.frequency, by=by, at=at)
    was, now = difference(plan_content(before), plan_content(fields))
    record(
        log=organization.log,
        act="calendar.planned",
        by=by,
        at=at,
        subject=f"control {code}",
        before=was,
        after={"from": made.effective_on.isoformat(), "version": made.number, **now},
    )
    return made


def _wrong(
    organization: Organization,
    control: Calendared | None,
    fields: PlanFields,
    effective_on: date,
    today: date,
) -> list[Problem]:
    if control is None or control.retired_on:
        return [calendar_problem("control", "is not in force", "choose one that is in the list")]
    if control.said:
        return [calendar_problem("control", "is due on no day", control.said)]
    found = []
    if effective_on < today:
        what = f"{effective_on} is past, and what was expected then stays"
        found.append(calendar_problem("effective_on", what, f"write {today} or a later day"))
    members = Membership.objects.filter(organization=organization, is_active=True)
    if fields.owner is not None and not members.filter(pk=fields.owner).exists():
        todo = "choose one that is in the list"
        found.append(calendar_problem("owner", "is not a member of the organization", todo))
    return found


def keep_expectations(control: AdoptedControl, *, frequency: str, by: str, at: datetime) -> None:
    """Keep what was expected before a control's frequency changed, as a part of that change.

    Args:
        control: with the new frequency.
        frequency: the one that it had.
        by: who changes it.
        at: when; the new frequency decides from this day on.
    """
    rows = ControlPlan.objects.filter(control=control).order_by("effective_on", "number")
    latest = rows.last()
    if latest is None:
        _add(control, PlanFields(), control.adopted_on, frequency, by=by, at=at)
        fields = PlanFields()
    else:
        fields = plan_versions(control.organization, control.code)[-1].fields
    day = max(at.date(), latest.effective_on if latest else control.adopted_on)
    _add(control, fields, day, control.frequency, by=by, at=at)


def _add(
    control: AdoptedControl,
    fields: PlanFields,
    effective_on: date,
    frequency: str,
    *,
    by: str,
    at: datetime,
) -> ControlPlan:
    return ControlPlan.objects.create(
        organization=control.organization,
        number=next_number(ControlPlan, control.organization),
        control=control,
        effective_on=effective_on,
        frequency=frequency,
        first_due_on=fields.first_due_on,
        opens_days=fields.opens_days,
        grace_days=fields.grace_days,
        on_workdays=fields.on_workdays,
        owner_id=fields.owner,
        is_paused=fields.is_paused,
        reason=fields.reason,
        by=by,
        at=at,
    )
