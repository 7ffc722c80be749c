"""What the register of incidents says of controls and criteria, for the gap analysis."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from reperform.program.gap.traced import traced
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.incidents import reference
from reperform.program.models import Incident, IncidentDuty
from reperform.program.queries.incidents import is_stated_none, of_period, registered_incidents
from reperform.program.queries.registers import period_of
from reperform.program.queries.traces_asked import TracesAsked

REGISTER = "Incidents"
_YEAR = timedelta(days=366)
_NAMED = 3
_COLUMNS = ("number", "on", "state", "is_exercise", "cause", "is_reportable", "reviewed_on")


def incident_traces(asked: TracesAsked) -> list[Trace]:
    """Return what the register says as of a day, in few queries.

    Each sentence is said of the adopted controls that `library/traces.yaml` names, and of the
    criteria that none of them serves.
    """
    return [
        trace
        for topic, each in _said(asked)
        for trace in asked.about(each, traced("incidents", topic) if topic else ())
    ]


def _said(asked: TracesAsked) -> Iterator[tuple[str, Trace]]:
    """Yield each sentence with its topic; without one it is about criteria as a whole."""
    organization = asked.organization
    within = of_period(organization, period_of(asked.scope))
    exercises = Incident.objects.filter(organization=organization, is_exercise=True)
    rows = (within | exercises).filter(on__lte=asked.day)
    found = list(rows.values_list(*_COLUMNS, named=True))
    if not found and registered_incidents(organization, None) is None:
        said = "Nobody has ever reported an incident here, or stated that there was none."
        yield "", _about(said, TraceState.NOT_CHECKED, "CC7.3", "CC7.4", "CC7.5")
        return
    real = [each for each in found if not each.is_exercise and each.state != "false alarm"]
    if real:
        yield "lessons", _handled(real)
        yield "judged", _decided(real)
        yield "notices", _notices(asked, [each.number for each in real])
    else:
        yield "", _none(asked)
    played = max((each.on for each in found if each.is_exercise), default=None)
    yield "exercises", _exercise(played, asked.day)


def _none(asked: TracesAsked) -> Trace:
    """Return what no incident means: nothing, unless somebody stated that there was none."""
    about = ("CC7.3", "CC7.4", "CC7.5")
    if is_stated_none(asked.organization, period_of(asked.scope)):
        return _about("Somebody stated that there was no incident.", TraceState.KEPT, *about)
    said = "No incident of the period is entered, and nobody stated that there was none."
    return _about(said, TraceState.NOT_CHECKED, *about)


def _about(said: str, state: TraceState, *criteria: str) -> Trace:
    return Trace(REGISTER, said, state, "incidents", criteria=criteria)


def _named(numbers: Sequence[int]) -> str:
    more = " ..." if len(numbers) > _NAMED else ""
    return ", ".join(reference(number) for number in numbers[:_NAMED]) + more


def _handled(real: Sequence[Incident]) -> Trace:
    """Closed ones have a cause and reviewed lessons; `closed` demands them, imports may not."""
    resolved = [each for each in real if each.state in ("resolved", "closed")]
    bare = [each.number for each in resolved if not each.cause or not each.reviewed_on]
    if bare:
        said = (
            f"{len(bare)} of {len(resolved)} resolved incidents have no root cause or no reviewed "
            f"lessons: {_named(bare)}."
        )
        return _about(said, TraceState.LACKING, "CC7.4", "CC7.5")
    if not resolved:
        said = f"{len(real)} incidents, none of them resolved yet."
        return _about(said, TraceState.NOT_CHECKED, "CC7.4", "CC7.5")
    named = _named([each.number for each in resolved])
    said = "Each resolved incident has a root cause and reviewed lessons"
    said = f"{said}: {len(resolved)} of {len(real)}, {named}."
    return _about(said, TraceState.KEPT, "CC7.4", "CC7.5")


def _decided(real: Sequence[Incident]) -> Trace:
    undecided = [each.number for each in real if each.is_reportable is None]
    if undecided:
        said = (
            f"Of {len(undecided)} of {len(real)} incidents nobody decided whether DC 4 tells of "
            f"them: {_named(undecided)}."
        )
        return _about(said, TraceState.LACKING, "CC7.3")
    told = [each.number for each in real if each.is_reportable]
    which = f"DC 4 is to tell of {_named(told)}" if told else "DC 4 has to tell of none"
    said = f"Each of {len(real)} incidents was judged; {which}."
    return _about(said, TraceState.KEPT, "CC7.3")


def _notices(asked: TracesAsked, real: Sequence[int]) -> Trace:
    """Late notices of the period stay; overdue ones, and duties that nobody decided, lack too."""
    organization = asked.organization
    now = datetime.combine(asked.day, time.max, UTC)
    duties = IncidentDuty.objects.filter(incident__organization=organization, applies=True)
    period = period_of(asked.scope)
    if period:
        duties = duties.filter(incident__on__gte=period.first, incident__on__lte=period.last)
    late = duties.filter(Q(was_late=True) | Q(done_at=None, due_at__lt=now))
    numbers = sorted(set(late.values_list("incident__number", flat=True)))
    about = ("CC7.4", *(("P6.6",) if "privacy" in asked.scope.categories else ()))
    if numbers:
        what = "notices were or are" if len(numbers) > 1 else "notice was or is"
        said = f"{len(numbers)} {what} late: {_named(numbers)}."
        return _about(said, TraceState.LACKING, *about)
    decided = IncidentDuty.objects.filter(
        incident__organization=organization, incident__number__in=real, applies__isnull=False
    )
    undecided = sorted(set(real) - set(decided.values_list("incident__number", flat=True)))
    if undecided:
        said = f"Of {len(undecided)} incidents nobody decided whom to notify: {_named(undecided)}."
        return _about(said, TraceState.LACKING, *about)
    return _about("Whom to notify is decided, and no notice was late.", TraceState.KEPT, *about)


def _exercise(last: date | None, today: date) -> Trace:
    if last is None:
        said = "No exercise of the response to incidents was ever entered."
        return _about(said, TraceState.LACKING, "CC7.4", "CC7.5")
    said = f"The response was last exercised on {last}."
    state = TraceState.LACKING if last < today - _YEAR else TraceState.KEPT
    return _about(said, state, "CC7.4", "CC7.5")
