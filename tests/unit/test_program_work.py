"""My work: items of every part, in the order in which they are due."""

from datetime import UTC, date, datetime

import pytest

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, User
from reperform.accounts.permissions import Role
from reperform.program.actions.plan import make_task
from reperform.program.plan import TaskFields, TaskState
from reperform.program.queries.work import work_of, worker_of
from reperform.program.work import Item, in_order

TODAY = date(2026, 8, 1)
AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


def test_late_things_come_first_and_things_without_a_day_last() -> None:
    days = [None, date(2026, 9, 1), date(2026, 7, 1)]

    items = in_order(Item("Task", "x", day, "task") for day in days)

    assert [each.due_on for each in items] == [date(2026, 7, 1), date(2026, 9, 1), None]
    assert [each.is_late(TODAY) for each in items] == [True, False, False]


def test_what_is_due_today_is_in_time() -> None:
    assert not Item("Task", "x", TODAY, "task").is_late(TODAY)


@pytest.mark.django_db
def test_a_member_has_the_open_tasks_that_are_theirs() -> None:
    """Not those of others, and not those that are closed."""
    place = found_organization(name="Larkspur", by="test", at=AT)
    mine, theirs = (
        Membership.objects.create(
            user=User.objects.create(email=f"{name}@larkspur.example", date_joined=AT),
            organization=place,
            role=Role.CONTROL_OWNER.value,
            since=AT,
        )
        for name in ("ada", "bob")
    )
    for title, owner, state in (
        ("Mine", mine, TaskState.OPEN),
        ("Mine, done", mine, TaskState.DONE),
        ("Not mine", theirs, TaskState.OPEN),
    ):
        closed = None if state is TaskState.OPEN else TODAY
        fields = TaskFields(title, owner=owner.pk, due_on=TODAY, state=state, closed_on=closed)
        make_task(organization=place, fields=fields, by="test", at=AT)

    found = work_of(worker_of(mine, today=TODAY))

    assert found == (Item("Task of the plan", "Mine", TODAY, "task", "1"),)
