"""What was still to do at the example company, and how it was done."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.plan import change_task, make_task
from reperform.program.models import RemediationTask
from reperform.program.plan import Risk, TaskFields, TaskState
from reperform.program.queries.plan import planned_task


def acts(folder: Path) -> Iterator[Act]:
    """Yield the tasks as they were made, done and dropped."""
    for told in read_yaml(folder, "plan.yaml")["tasks"]:
        yield Act(moment(told["at"]), _making(told))
        for state in (TaskState.DONE, TaskState.DROPPED):
            if closing := told.get(state.value):
                yield Act(moment(closing["at"]), closing_of(told["title"], state, closing))


def _making(told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a closure, see Act.do
    def do(organization: Organization) -> None:
        fields = TaskFields(
            title=told["title"],
            note=told.get("note", ""),
            criterion=told["criterion"],
            control=told["control"],
            owner=member(organization, told["owner"]).pk,
            due_on=date.fromisoformat(told["due_on"]),
            effort_days=told["effort_days"],
            risk=Risk(told["risk"]),
            depends_on=tuple(told.get("depends_on", ())),
        )
        make_task(organization=organization, fields=fields, by=told["by"], at=moment(told["at"]))

    return do


def closing_of(title: str, state: TaskState, told: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Return what closes a task, by what the file says of its end."""

    def do(organization: Organization) -> None:
        at = moment(told["at"])
        task = planned_task(RemediationTask.objects.get(organization=organization, title=title))
        change_task(
            organization=organization,
            number=task.number,
            fields=replace(task.fields, state=state, closed_on=at.date(), reason=told["reason"]),
            seen=task.version,
            limited_to=None,
            by=told["by"],
            at=at,
        )

    return do
