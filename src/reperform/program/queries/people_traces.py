"""What the register of people says of criteria and controls: competence, checks, joiners, leavers.

A register that was never used for something says that it was not checked: nothing in it is not
nothing amiss.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from reperform.accounts.models import Organization
from reperform.program.gap.traced import traced
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import (
    BackgroundCheck,
    DayCorrection,
    Person,
    Posting,
    StartedChecklist,
    Step,
)
from reperform.program.people import Event
from reperform.program.queries.people import held, people_on
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.queries.training import checked, course_fields, courses, lacking
from reperform.program.training import CourseFields, For

_YEAR = timedelta(days=365)
_CHECKS, _TRAINING = ("CC1.4",), ("CC1.4", "CC2.2")
_EVENTS = {
    Event.JOINER: ("joined", ("CC6.2",)),
    Event.MOVER: ("moved", ("CC6.3",)),
    Event.LEAVER: ("left", ("CC6.2", "CC6.3")),
}
"""Event -> what people did, and the criteria that its checklist serves."""


def people_traces(asked: TracesAsked) -> list[Trace]:
    """Return what the register says as of a day, in few queries."""
    there = people_on(asked.organization, asked.day).count()
    if not there and not Person.objects.filter(organization=asked.organization).exists():
        said = "Nobody is in the register of people, so nothing of this was looked at."
        found = [_trace(said, TraceState.NOT_CHECKED, ("CC1.4", "CC2.2", "CC6.2", "CC6.3"))]
    else:
        checks, training = _of_those_at_work(asked, there)
        found = [
            *asked.about(checks, traced("people", "checks")),
            *asked.about(training, traced("people", "training")),
            *_events(asked),
            *_steps(asked),
        ]
    return found


def _of_those_at_work(asked: TracesAsked, there: int) -> tuple[Trace, Trace]:
    """Return what is said of background checks, and of training; nothing of nobody."""
    if not there:
        said = "Nobody in the register is at work, so nobody's {} looked at."
        return (
            _trace(said.format("background check was"), TraceState.NOT_CHECKED, _CHECKS),
            _trace(said.format("training was"), TraceState.NOT_CHECKED, _TRAINING, page="training"),
        )
    return _checks(asked, there), _training(asked, there)


def _checks(asked: TracesAsked, there: int) -> Trace:
    without, refused = checked(asked.organization, asked.day)
    # Only where everybody lacks one can it be that none was ever recorded.
    if without == there:
        rows = BackgroundCheck.objects.filter(organization=asked.organization)
        if not rows.exists():
            said = "No background check was ever recorded."
            return _trace(said, TraceState.NOT_CHECKED, _CHECKS)
    said = f"{without} of {there} people at work have no background check that is complete."
    if refused:
        said += f" The check of {refused} was not cleared."
    state = TraceState.LACKING if without or refused else TraceState.KEPT
    return _trace(said, state, _CHECKS)


def _training(asked: TracesAsked, there: int) -> Trace:
    required = list(courses(asked.organization))
    if not _asks_somebody(asked, [course_fields(row) for row in required]):
        said = "No course is required of anybody at work, so nobody's training was looked at."
        return _trace(said, TraceState.NOT_CHECKED, _TRAINING, page="training")
    lacks = lacking(asked.organization, asked.day, required=required)
    late = len({each.person for each in lacks if each.is_late(asked.day)})
    said = f"{late} of {there} people at work are late with a course that they must complete."
    state = TraceState.LACKING if late else TraceState.KEPT
    return _trace(said, state, _TRAINING, page="training")


def _asks_somebody(asked: TracesAsked, required: Sequence[CourseFields]) -> bool:
    """Return whether a course is required on that day of somebody who works there then."""
    now = [each for each in required if each.is_required_on(asked.day)]
    if any(each.kind is For.ALL and not each.department for each in now):
        return True
    there = held(people_on(asked.organization, asked.day), asked.day) if now else ()
    return any(each.is_for(person.kind, person.department) for each in now for person in there)


def _events(asked: TracesAsked) -> Iterator[Trace]:
    """Yield, for each kind of event of the last year, how many began no checklist."""
    counted = _happened(asked.organization, asked)
    for event, (did, criteria) in _EVENTS.items():
        happened, without = counted[event]
        if not happened:
            said = f"The register knows of nobody who {did} in the last 12 months."
            yield _trace(said, TraceState.NOT_CHECKED, criteria, page="populations")
        elif without:
            said = f"{without} of {happened} who {did} in the last 12 months have no checklist."
            yield _trace(said, TraceState.LACKING, criteria, page="populations")


def _happened(organization: Organization, asked: TracesAsked) -> dict[Event, tuple[int, int]]:
    """Return how many of each event there were in the last year, and how many began no checklist.

    Two queries: a person joins and leaves once, and moves any number of times.
    """
    year = (asked.day - _YEAR, asked.day)
    people = Person.objects.filter(organization=organization)
    # The first posting is how they joined.
    moves = Posting.objects.filter(
        person__organization=organization, withdrawn="", from_day__gt=F("person__started_on")
    )
    found: dict[Event, tuple[int, int]] = {}
    for rows, person, days in (
        (people, "pk", {Event.JOINER: "started_on", Event.LEAVER: "ended_on"}),
        (moves, "person", {Event.MOVER: "from_day"}),
    ):
        counts: dict[str, Count] = {}
        for event, day in days.items():
            of_year = Q(**{f"{day}__range": year})
            counts[event.value] = Count("pk", filter=of_year)
            counts[f"{event.value}_without"] = Count(
                "pk", filter=of_year & Q(~_has(event, person, day))
            )
        said = rows.aggregate(**counts)
        found |= {each: (said[each.value], said[f"{each.value}_without"]) for each in days}
    return found


def _has(event: Event, person: str, day: str) -> Exists:
    begun = StartedChecklist.objects.filter(event=event.value, withdrawn="")
    return Exists(begun.filter(person=OuterRef(person), event_on=OuterRef(day)))


def _steps(asked: TracesAsked) -> Iterator[Trace]:
    """Yield what became of the steps of the last year: by event, and by control that they serve."""
    rows = Step.objects.filter(
        organization=asked.organization,
        checklist__withdrawn="",
        checklist__event_on__range=(asked.day - _YEAR, asked.day),
    )
    is_late = Q(state="open", due_on__lt=asked.day) | Q(state="done", done_on__gt=F("due_on"))
    counted = rows.order_by().values_list("checklist__event", "controls")
    by_event: dict[str, _Steps] = {}
    by_control: dict[str, _Steps] = {}
    for event, controls, *counts in counted.annotate(
        count=Count("pk"),
        done=Count("pk", filter=Q(state="done")),
        late=Count("pk", filter=is_late),
    ):
        by_event.setdefault(event, _Steps()).add(*counts)
        for code in controls:
            by_control.setdefault(code, _Steps()).add(*counts)
    lifted = _lifted(asked)
    for event, (did, criteria) in _EVENTS.items():
        if event.value in by_event:
            steps = by_event[event.value]
            said = f"Steps for people who {did} in the last 12 months: {steps}"
            freed = lifted.get(event.value, 0)
            said += f", {freed} not late any more by a corrected day." if freed else "."
            yield _trace(said, steps.state, criteria, page="person_steps")
    for code, adopted in asked.controls.items():
        if adopted.library_id in by_control:
            steps = by_control[adopted.library_id]
            said = f"Steps of checklists that serve it, in the last 12 months: {steps}."
            yield Trace("People", said, steps.state, "person_steps", control=code)


@dataclass(slots=True)
class _Steps:
    """Steps of checklists: how many there are, how many are done, how many are or were late."""

    count: int = 0
    done: int = 0
    late: int = 0

    def add(self, count: int, done: int, late: int) -> None:
        self.count += count
        self.done += done
        self.late += late

    @property
    def state(self) -> TraceState:
        return TraceState.LACKING if self.late else TraceState.KEPT

    def __str__(self) -> str:
        return f"{self.count}, {self.done} done, {self.late} late"


def _lifted(asked: TracesAsked) -> dict[str, int]:
    """Return, by event, how many steps of the last year a corrected day made not late."""
    rows = DayCorrection.objects.filter(
        checklist__organization=asked.organization,
        checklist__withdrawn="",
        checklist__event_on__range=(asked.day - _YEAR, asked.day),
    )
    found: dict[str, int] = {}
    for event, lifted in rows.values_list("checklist__event", "lifted"):
        found[event] = found.get(event, 0) + len(lifted)
    return found


def _trace(
    said: str, state: TraceState, criteria: tuple[str, ...], *, page: str = "people"
) -> Trace:
    return Trace("People", said, state, page, criteria=criteria)
