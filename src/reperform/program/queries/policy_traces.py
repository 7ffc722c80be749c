"""What policies say of the controls that rest on them."""

from dataclasses import replace

from reperform.program.gap.traces import Trace, TraceState
from reperform.program.policies.life import Counts, State, Step
from reperform.program.queries.policies import Standing, policies_like, standing_of
from reperform.program.queries.policy_acceptances import counts
from reperform.program.queries.traces_asked import TracesAsked

REGISTER = "Policies"


def policy_traces(asked: TracesAsked) -> list[Trace]:
    """Return what is kept and what is lacking of the policies that each control names.

    One that is missing, not in force, late for its review, or not accepted by everybody whose time
    is over lacks; who still has time to accept it lacks nothing.  While the register has no policy
    at all, nobody has begun with it: then none was checked.
    """
    rows = list(policies_like(asked.organization, asked.day, state="all"))
    counted = counts(rows, asked.day)
    standings = {row.key: standing_of(row, asked.day) for row in rows}
    found = [
        _trace(code, key, standings.get(key), counted.get(key))
        for code, adopted in asked.controls.items()
        for key in adopted.control.policies
    ]
    if rows:
        return found
    none = "No policy was made yet, so none on which it rests was looked at."
    return [replace(each, state=TraceState.NOT_CHECKED, said=none) for each in found]


def _trace(code: str, key: str, standing: Standing | None, count: Counts | None) -> Trace:
    state, said = _said(key, standing, count)
    page = "policies" if standing is None else "policy"
    return Trace(
        register=REGISTER,
        said=said,
        state=state,
        page=page,
        key="" if standing is None else key,
        control=code,
    )


def _said(key: str, standing: Standing | None, count: Counts | None) -> tuple[TraceState, str]:
    if standing is None:
        return TraceState.LACKING, f"There is no policy {key}, on which it rests."
    title = standing.policy.title
    if standing.state is not State.IN_FORCE:
        waits = " and waits for approval" if standing.step is Step.SUBMITTED else ""
        is_what = "a draft" if standing.state is State.DRAFT else standing.state.value
        return TraceState.LACKING, f"The policy {title} is {is_what}{waits}."
    lacks = []
    if standing.is_overdue:
        lacks.append(f"its review was due {standing.policy.review_due}")
    if count and count.late:
        lacks.append(f"{count.late} of {count.asked} people have not accepted it in time")
    if lacks:
        return TraceState.LACKING, f"The policy {title} is in force, but {' and '.join(lacks)}."
    if count and not count.asked:
        said = "and the register of people has nobody whom it asks to accept it"
        return TraceState.NOT_CHECKED, f"The policy {title} is in force, {said}."
    accepted = f", accepted by {count.accepted} of {count.asked} people" if count else ""
    since = f"version {standing.in_force} since {standing.effective_on}"
    return TraceState.KEPT, f"The policy {title} is in force, {since}{accepted}."
