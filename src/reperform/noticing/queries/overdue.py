"""What was to be done by a day that has passed."""

from collections.abc import Iterator
from datetime import datetime

from reperform.accounts.models import Organization
from reperform.noticing.notice import Kind, Noticed, Topic, passed
from reperform.program.calendar.periods import current_period
from reperform.program.calendar.year import WindowState
from reperform.program.models import RemediationTask, Vendor, VendorCondition
from reperform.program.queries import current_scope
from reperform.program.queries.occurrences import standings


def overdue(organization: Organization, at: datetime) -> Iterator[Noticed]:
    """Yield each time of a control, task, review and condition of a vendor that is overdue."""
    yield from _occurrences(organization, at)
    yield from _tasks(organization, at)
    yield from _vendors(organization, at)


def _occurrences(organization: Organization, at: datetime) -> Iterator[Noticed]:
    today = at.date()
    period = current_period(current_scope(organization).document, today=today)
    for each in standings(organization, period, today=today):
        for window in each.standing.open:
            if window.state is WindowState.OVERDUE:
                slot = window.slot
                yield Noticed(
                    kind=Kind.OVERDUE,
                    topic=Topic.CALENDAR,
                    subject=each.control.code,
                    title=each.control.title,
                    since=passed(slot.due_on),
                    text=f"it was to be done from {slot.first_on} to {slot.due_on}",
                    todo="do it now and prove it, or say why it was not done: late is better than"
                    " missed",
                    page="calendar_control",
                    key=each.control.code,
                    owner=slot.owner,
                )


def _tasks(organization: Organization, at: datetime) -> Iterator[Noticed]:
    rows = RemediationTask.objects.filter(
        organization=organization, state="open", due_on__lt=at.date()
    )
    for number, title, due, owner in rows.order_by("number").values_list(
        "number", "title", "due_on", "owner"
    ):
        assert due  # noqa: S101 - the filter sees to it
        yield Noticed(
            kind=Kind.OVERDUE,
            topic=Topic.PLAN,
            subject=f"TASK-{number}",
            title=title,
            since=passed(due),
            text=f"it was to be done by {due}",
            todo="finish it, or decide another day and say why",
            page="task",
            key=str(number),
            owner=owner,
        )


def _vendors(organization: Organization, at: datetime) -> Iterator[Noticed]:
    used = Vendor.objects.filter(organization=organization, ended_on=None, due_on__lt=at.date())
    for number, name, due, owner in used.order_by("number").values_list(
        "number", "name", "due_on", "owner"
    ):
        assert due  # noqa: S101 - the filter sees to it
        yield Noticed(
            kind=Kind.OVERDUE,
            topic=Topic.VENDORS,
            subject=f"VEN-{number} review",
            title=name,
            since=passed(due),
            text=f"its review was due by {due}",
            todo="review it",
            page="vendor",
            key=str(number),
            owner=owner,
        )
    conditions = VendorCondition.objects.filter(
        vendor__organization=organization,
        vendor__ended_on=None,
        state="open",
        due_on__lt=at.date(),
    )
    for vendor, name, number, text, due, owner in conditions.order_by(
        "vendor__number", "number"
    ).values_list("vendor__number", "vendor__name", "number", "text", "due_on", "vendor__owner"):
        yield Noticed(
            kind=Kind.OVERDUE,
            topic=Topic.VENDORS,
            subject=f"VEN-{vendor} condition {number}",
            title=name,
            since=passed(due),
            text=f"a condition of its review was to be met by {due}: {text}",
            todo="have it met, or waive it for a reason",
            page="vendor",
            key=str(vendor),
            owner=owner,
        )
