"""One step of somebody's checklist, and beginning a checklist later."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from reperform.base.refusal import RefusalError
from reperform.program.actions.checklists import change_step, start_checklist
from reperform.program.checklists.steps import StepState, days_late, read_step, step_content
from reperform.program.models import Person, Step
from reperform.program.people import Event
from reperform.program.queries.checklists import step_fields, step_row
from reperform.program.queries.people import person_of
from reperform.web.asked import Asked
from reperform.web.page import PageRequest, page
from reperform.web.people.forms import Form, found_person, handle, people_choices

_STATES = (
    (StepState.OPEN.value, "Open: still to be done"),
    (StepState.DONE.value, "Done"),
    (StepState.NOT_NEEDED.value, "Not needed, for a reason"),
)


def step_asked(assignee: Asked | None = None) -> tuple[Asked, ...]:
    """Return the fields of a step; without `assignee` it cannot be given to somebody."""
    found = (
        Asked("state", "What became of it", "choice", is_needed=True, choices=_STATES),
        Asked(
            "done_on",
            "Done on",
            "day",
            help="The day on which it was done, which may be before today. Empty: today.",
        ),
        Asked("note", "Note", "text", help="How it was done, or why it is not needed."),
    )
    return (*found, assignee) if assignee else found


def found_step(request: PageRequest, number: int) -> Step:
    """Return a step of the visitor's organization.

    Raises:
        Http404: it has none of that number, or its event did not happen.
    """
    step = step_row(request.visitor.organization, number) if number < 10**9 else None
    if step is None:
        raise Http404
    return step


def step_form(
    request: PageRequest, step: Step, *, limited_to: Person | None, to: str
) -> HttpResponse:
    """Show a step, or keep what was said of it.

    Args:
        request: of the visitor.
        step: which one.
        limited_to: who may do own steps only; None for who may do all and give them away.
        to: address of the page that follows.
    """
    visitor, today = request.visitor, request.visitor.at.date()
    fields = step_fields(step)
    assignee = None
    if limited_to is None:
        choices = (("", "nobody yet"), *people_choices(request))
        assignee = Asked("assignee", "Who does it", "choice", choices=choices)
    late = days_late(step.state, step.due_on, step.done_on, today)
    form = Form(
        title=step.what,
        lead=_lead(step, late),
        button="Save",
        asked=step_asked(assignee),
        person=step.checklist.person if visitor.may("people.view") else None,
        takes_file=True,
    )

    def read(said: dict[str, object]) -> object:
        own = {} if limited_to is None else {"assignee": limited_to.number}
        return read_step({**said, **own}, today=today)

    return handle(
        request,
        form,
        said=step_content(fields) | ({"state": "done"} if fields.state == "open" else {}),
        seen=step.version,
        read=read,  # type: ignore[arg-type]
        act=partial(change_step, number=step.number, limited_to=limited_to),
        success="Saved.",
        to=to,
    )


def _lead(step: Step, late: int) -> str:
    about = step.checklist
    said = f"For {about.person.name}, {about.event} of {about.event_on}. Due {step.due_on}"
    if late:
        said += f", {late} day{'' if late == 1 else 's'} late"
    return f"{said}. {step.proof_asked}".strip()


@page("people.view", post="people.edit")
def step(request: PageRequest, number: int) -> HttpResponse:
    """Show a step of anybody; say what became of it, or give it to somebody."""
    row = found_step(request, number)
    if not request.visitor.may("people.edit"):
        late = days_late(row.state, row.due_on, row.done_on, request.visitor.at.date())
        return render(request, "web/people/step.html", {"step": row, "late": late})
    slug = request.visitor.organization.slug
    to = reverse("person", args=[slug, row.checklist.person.number])
    return step_form(request, row, limited_to=None, to=to)


@page("people.edit", post="people.edit")
def start(request: PageRequest, number: int, event: str) -> HttpResponse:
    """Begin the checklist of an event that began none."""
    person = found_person(request, number)
    if event not in [each.value for each in Event]:
        raise Http404
    if request.method == "POST":
        try:
            start_checklist(
                organization=request.visitor.organization,
                number=person.number,
                event=Event(event),
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except RefusalError as refusal:
            messages.warning(request, f"{refusal.what}. {refusal.todo[0].capitalize()}.")
        else:
            messages.success(request, "The checklist has begun.")
    return redirect("person", organization=request.visitor.organization.slug, number=number)


def own_person(request: PageRequest) -> Person | None:
    """Return who the visitor is in the register; None when it does not have them."""
    return person_of(request.visitor.membership, day=request.visitor.at.date())


urlpatterns = [
    path("steps/<int:number>/", step, name="person_step"),
    path("<int:number>/checklists/<str:event>/", start, name="person_checklist"),
]
