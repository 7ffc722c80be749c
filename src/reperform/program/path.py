"""The path from nothing to a readiness that an auditor can meet: which step is next.

Pure: counts come in.  A step is done when nothing is missing in it, never because somebody went
past it; each says in a sentence how far it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path.

    Attributes:
        name: the page where it is done.
        title: a few words.
        said: how far it is.
        todo: what to do next in it.
        is_done: nothing is missing.
    """

    name: str
    title: str
    said: str
    todo: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How far each part is.

    Attributes:
        scope_number: version of the scope; 0 while nothing is decided.
        scope_lacks: how many things it lacks.
        fields_needed: fields of the description that the report needs.
        fields_complete: how many of these say something.
        adopted: controls in force.
        owned: of these, those that somebody answers for.
        implemented: of these, those said to be in place.
        criteria: criteria in scope.
        controlled: of these, those that a control serves or that do not apply.
        examinations: how many were run.
        evidenced: adopted controls of which evidence speaks for every day of the period.
        met: criteria that are met, by the gap analysis.
        not_applicable: criteria that do not apply, with management's reason.
        open_tasks: of the plan.
        late_tasks: of these, those whose day is past.
    """

    scope_number: int = 0
    scope_lacks: int = 0
    fields_needed: int = 0
    fields_complete: int = 0
    adopted: int = 0
    owned: int = 0
    implemented: int = 0
    criteria: int = 0
    controlled: int = 0
    examinations: int = 0
    evidenced: int = 0
    met: int = 0
    not_applicable: int = 0
    open_tasks: int = 0
    late_tasks: int = 0


def path(counts: Counts) -> tuple[Step, ...]:
    """Return the steps in the order of the work."""
    return (
        _scope(counts),
        _description(counts),
        _controls(counts),
        _evidence(counts),
        _gaps(counts),
    )


def next_step(steps: Sequence[Step]) -> Step | None:
    """Return the first step that is not done; None when all are."""
    return next((step for step in steps if not step.is_done), None)


def _scope(counts: Counts) -> Step:
    if not counts.scope_number:
        said = "Not decided yet. Everything else is measured against it."
    elif counts.scope_lacks:
        said = f"Version {counts.scope_number}; {_things(counts.scope_lacks)} to decide."
    else:
        said = f"Version {counts.scope_number}; nothing is missing."
    is_done = bool(counts.scope_number) and not counts.scope_lacks
    todo = "Decide the scope" if not counts.scope_number else "Complete the scope"
    return Step("scope", "Scope", said, "See the scope" if is_done else todo, is_done)


def _description(counts: Counts) -> Step:
    missing = counts.fields_needed - counts.fields_complete
    said = f"{counts.fields_complete} of {counts.fields_needed} fields are complete."
    todo = "Write the description" if missing else "See the description"
    return Step("description", "System description", said, todo, not missing)


def _controls(counts: Counts) -> Step:
    holes = counts.criteria - counts.controlled
    if not counts.adopted:
        said, todo = "No control is adopted yet.", "Adopt controls from the library"
    else:
        said = (
            f"{counts.adopted} adopted, {counts.owned} with an owner,"
            f" {counts.implemented} in place. {_holes(holes)}"
        )
        todo = "Name owners and days" if not holes else "Close the holes"
    whole = counts.adopted == counts.owned == counts.implemented
    is_done = bool(counts.adopted) and whole and not holes
    return Step("controls", "Controls", said, "See the controls" if is_done else todo, is_done)


def _evidence(counts: Counts) -> Step:
    is_done = bool(counts.adopted) and counts.evidenced == counts.adopted
    if not counts.examinations:
        said, todo = "No examination was run: nothing is known to operate.", "How to run one"
    else:
        ran = "examination was" if counts.examinations == 1 else "examinations were"
        said = (
            f"{counts.examinations} {ran} run. Evidence covers the whole period for"
            f" {counts.evidenced} of {counts.adopted} adopted controls."
        )
        todo = "See the results"
    return Step("results", "Evidence and tests", said, todo, is_done)


def _gaps(counts: Counts) -> Step:
    applicable = counts.criteria - counts.not_applicable
    said = f"{counts.met} of {applicable} criteria that apply are met."
    if counts.open_tasks:
        tasks = "task" if counts.open_tasks == 1 else "tasks"
        said += f" {counts.open_tasks} {tasks} open, {counts.late_tasks} late."
    is_done = bool(applicable) and counts.met == applicable
    return Step("gap", "Gaps", said, "See the gaps" if is_done else "Close the gaps", is_done)


def _things(count: int) -> str:
    return "one thing" if count == 1 else f"{count} things"


def _holes(count: int) -> str:
    if not count:
        return "Every criterion has one, or does not apply."
    return f"{count} {'criterion has' if count == 1 else 'criteria have'} none."
