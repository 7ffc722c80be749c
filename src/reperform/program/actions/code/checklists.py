"""Checklists of joiners, movers and leavers as a file of rows; the steps of people are records."""

from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.checklists import write_checklist
from reperform.program.actions.code import Given, Register
from reperform.program.checklists import (
    NAMES,
    SLUG,
    Checklist,
    checklist_content,
    read_checklist,
)
from reperform.program.code import Content, Item, Kind, Standing, said
from reperform.program.code.plan import Change
from reperform.program.queries.checklists import all_in_force, read_version

KIND = Kind(
    name="checklists",
    path="checklists.yaml",
    key="name",
    fields=("title", "items"),
    title="what is to be done when somebody joins, moves or leaves, as it is in force now",
    about="""\
What is to be done when somebody joins, moves or leaves.

name: joiner, mover or leaver, a dash, and employee or contractor
items: what is to be done; who does it: the person, their manager, or a position's holder
days: after the event, before it when negative; is_working_days: Monday to Friday only
proof: what shows that it was done; controls: codes; removes_access: it takes access away
A change is for events from its apply on: checklists that began keep their text.""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    return {
        name: Standing(_content(read_version(row)), row.number, row.by)
        for name, row in all_in_force(organization).items()
    }


def _content(checklist: Checklist) -> dict[str, Any]:
    """Return a checklist without what its items leave out: a flag says something when it is set."""
    content = checklist_content(checklist)
    items = [
        {name: value for name, value in said(each).items() if value is not False}
        for each in content["items"]
    ]
    return {**content, "items": items}


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:  # noqa: ARG001 - as every register's
    if item.key not in NAMES:
        todo = f"name one of {', '.join(NAMES)}"
        return {}, [Problem("name", f"there is no checklist {item.key}", todo, SLUG)]
    checklist, problems = read_checklist(item.content, item.key)
    return _content(checklist), problems


def _apply(given: Given, change: Change) -> None:
    checklist, _ = read_checklist(change.after, change.item.key)
    write_checklist(
        organization=given.organization,
        checklist=checklist,
        seen=change.before.version if change.before else 0,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply)
