"""The example's workforce: who joined, moved and left, and how each checklist was worked off."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.checklists import change_step, write_checklist
from reperform.program.actions.people import enter_joiner, enter_leaver, enter_move
from reperform.program.checklists import checklist_name
from reperform.program.checklists.due import due_day
from reperform.program.checklists.files import checklist_library
from reperform.program.checklists.steps import StepFields, StepState
from reperform.program.models import Person, Step
from reperform.program.people import Event, Kind, LeaverFields, read_joiner, read_move

_FILE = "people-workforce.yaml"
_BETWEEN = timedelta(minutes=3)
_DONE_AT = time(15, 0, tzinfo=UTC)
Do = Callable[[Organization], None]


def acts(folder: Path) -> Iterator[Act]:
    """Yield the checklists that were taken, each event, and each step that was done."""
    told = read_yaml(folder, _FILE)
    by = told["by"]
    at = moment(told["there"]["at"])
    for person in told["there"]["people"]:
        yield Act(at, _joining(person, by, at))
        at += _BETWEEN
    at = moment(told["checklists"]["at"])
    for name in told["checklists"]["names"]:
        yield Act(at, _taking(name, by, at))
        at += _BETWEEN
    for event in told["events"]:
        yield from _event(event, by)


def person(organization: Organization, email: str) -> Person:
    """Return somebody of the example's workforce."""
    return Person.objects.get(organization=organization, email=email)


def _event(told: Mapping[str, Any], by: str) -> Iterator[Act]:
    at = moment(told["at"])
    if "joins" in told:
        said = told["joins"]
        kind, email, day = Kind(said.get("kind", "employee")), said["email"], said["started_on"]
        yield Act(at, _joining(said, by, at))
        yield from _steps(told, Event.JOINER, kind, email=email, by=by, day=day)
    elif "moves" in told:
        email, day = told["moves"], told["from_day"]
        yield Act(at, _moving(told, by, at))
        yield from _steps(told, Event.MOVER, Kind.EMPLOYEE, email=email, by=by, day=day)
    else:
        email, day = told["leaves"], told["ended_on"]
        yield Act(at, _leaving(told, by, at))
        yield from _steps(told, Event.LEAVER, Kind.EMPLOYEE, email=email, by=by, day=day)


def _taking(name: str, by: str, at: datetime) -> Do:
    def do(organization: Organization) -> None:
        checklist = checklist_library()[name]
        write_checklist(organization=organization, checklist=checklist, seen=0, by=by, at=at)

    return do


def _manager(organization: Organization, said: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: said[name] for name in said if name != "manager"}
    manager = said.get("manager")
    return known | {"manager": person(organization, manager).number if manager else None}


def _joining(said: Mapping[str, Any], by: str, at: datetime) -> Do:
    def do(organization: Organization) -> None:
        fields, problems = read_joiner(_manager(organization, said))
        assert not problems, problems  # noqa: S101 - our own files; a test reads every one
        enter_joiner(organization=organization, fields=fields, by=by, at=at)

    return do


def _moving(told: Mapping[str, Any], by: str, at: datetime) -> Do:
    names = ("from_day", "position", "department", "manager", "note")

    def do(organization: Organization) -> None:
        said = _manager(organization, {name: told[name] for name in names})
        fields, problems = read_move(said)
        assert not problems, problems  # noqa: S101 - as above
        number = person(organization, told["moves"]).number
        enter_move(organization=organization, number=number, fields=fields, by=by, at=at)

    return do


def _leaving(told: Mapping[str, Any], by: str, at: datetime) -> Do:
    def do(organization: Organization) -> None:
        leaver = person(organization, told["leaves"])
        enter_leaver(
            organization=organization,
            number=leaver.number,
            fields=LeaverFields(date.fromisoformat(told["ended_on"])),
            seen=leaver.version,
            by=by,
            at=at,
        )

    return do


def _steps(
    told: Mapping[str, Any], event: Event, kind: Kind, *, email: str, by: str, day: str
) -> Iterator[Act]:
    """Yield what became of each step: as the file says, else it was done when it was due."""
    said = told.get("steps", {})
    entered = moment(told["at"])
    for place, item in enumerate(checklist_library()[checklist_name(event, kind)].items, start=1):
        more = said.get(str(place), {})
        if more == "open":
            continue
        due = due_day(date.fromisoformat(day), item)
        if "not_needed" in more:
            fields = StepFields(StepState.NOT_NEEDED, None, more["not_needed"])
        else:
            done_on = date.fromisoformat(more["done_on"]) if "done_on" in more else due
            fields = StepFields(StepState.DONE, done_on, more.get("note", ""))
        at = datetime.combine(fields.done_on or due, _DONE_AT) + place * _BETWEEN
        at = max(at, entered + place * _BETWEEN)
        yield Act(at, _doing(email, event, place, fields, by=by, at=at))


def _doing(
    email: str, event: Event, place: int, fields: StepFields, *, by: str, at: datetime
) -> Do:
    def do(organization: Organization) -> None:
        step = Step.objects.select_related("assignee").get(
            checklist__person=person(organization, email),
            checklist__event=event.value,
            place=place,
        )
        assignee = step.assignee
        change_step(
            organization=organization,
            number=step.number,
            fields=StepFields(
                fields.state, fields.done_on, fields.note, assignee.number if assignee else None
            ),
            seen=step.version,
            limited_to=None,
            by=(assignee.email if assignee else "") or by,
            at=at,
        )

    return do
