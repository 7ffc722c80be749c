"""The remediation plan as a file of rows."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.actions.code import Given, Register
from reperform.program.actions.plan import change_task, make_task
from reperform.program.code import Content, Item, Kind, Standing, order_of
from reperform.program.code.plan import Change
from reperform.program.models import RemediationTask
from reperform.program.plan import TaskFields, TaskState, read_task
from reperform.program.queries.plan import planned_tasks

_SLUG = "task-field"
KIND = Kind(
    name="tasks",
    path="tasks.yaml",
    key="number",
    fields=(
        *("title", "criterion", "point", "control", "gap", "owner", "due_on", "effort_days"),
        *("risk", "depends_on", "state", "closed_on", "reason", "note"),
    ),
    title="the remediation plan, closed tasks too",
    about="""\
The remediation plan: what is to be done so that gaps close.

number: a task is known by it; a new one gets a number that was never used
owner: e-mail address of a member; depends_on: numbers of the tasks that come first
risk: low, medium or high; effort_days: working days of one person
state: open, done or dropped; closed with the day closed_on and the reason""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    rows = RemediationTask.objects.filter(organization=organization)
    more = {
        number: (gap, by) for number, gap, by in rows.values_list("number", "gap", "changed_by")
    }
    owners = Membership.objects.filter(organization=organization)
    emails = dict(owners.values_list("pk", "user__email"))
    return {
        str(task.number): Standing(
            _content(
                task.fields, gap=more[task.number][0], owner=emails.get(task.fields.owner or 0)
            ),
            task.version,
            more[task.number][1],
        )
        for task in planned_tasks(organization)
    }


def _content(fields: TaskFields, *, gap: str, owner: str | None) -> dict[str, Any]:
    return {
        **asdict(fields),
        "gap": gap,
        "owner": owner,
        "due_on": fields.due_on and fields.due_on.isoformat(),
        "closed_on": fields.closed_on and fields.closed_on.isoformat(),
        "risk": fields.risk.value,
        "state": fields.state.value,
        "depends_on": list(fields.depends_on),
    }


def _fields(given: Given, content: Content) -> tuple[TaskFields, list[Problem]]:
    owner = given.members.get(str(content.get("owner") or "").strip().lower())
    said = {name: value for name, value in content.items() if name != "gap"}
    return read_task({**said, "owner": owner.pk if owner else None}, today=given.today)


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, problems = _fields(given, item.content)
    owner = given.member(item, "owner", problems, slug=_SLUG)
    reader = Reader(item.content, _SLUG, problems)
    gap = reader.line("gap", longest=40)
    before = given.standing(item)
    if before and before.content["gap"] != gap:
        reader.problem("gap", "is fixed when a task is made", f"write {before.content['gap']!r}")
    if fields.state is not TaskState.OPEN and not item.content.get("closed_on"):
        reader.problem("closed_on", "is empty", "write the day on which it was done or dropped")
    for number in fields.depends_on:
        if not given.knows(KIND.name, str(number)):
            reader.problem("depends_on", f"there is no task {number}", "name a task of the plan")
    return _content(fields, gap=gap, owner=owner.user.email if owner else None), problems


def _apply(given: Given, change: Change) -> None:
    fields, _ = _fields(given, change.after)
    number = int(change.item.key)
    if change.before is None:
        make_task(
            organization=given.organization,
            fields=fields,
            gap=change.after["gap"],
            number=number,
            by=given.by,
            at=given.at,
        )
        return
    change_task(
        organization=given.organization,
        number=number,
        fields=fields,
        seen=change.before.version,
        limited_to=None,
        by=given.by,
        at=given.at,
    )


def _order(changes: Sequence[Change]) -> Sequence[Change]:
    """Let tasks follow those that they wait for: so none waits for what is not there yet.

    What a task waits for is then as it will be, so no circle can close that will not be one.
    """
    waiting = {change.item.key: change for change in sorted(changes, key=_first)}
    found: list[Change] = []
    while waiting:
        ready = [
            key
            for key, change in waiting.items()
            if not any(str(number) in waiting for number in change.after["depends_on"])
        ]
        # A circle: the action will refuse it, and say which.
        found += [waiting.pop(key) for key in ready or list(waiting)]
    return found


def _first(change: Change) -> tuple[bool, int, str]:
    return order_of(change.item.key)


REGISTER = Register(KIND, _standing, _read, _apply, _order)
