"""My work: what the visitor must do, and their own record."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, resolve, reverse

from reperform.program.actions.training import record_training
from reperform.program.queries.people import postings_of
from reperform.program.queries.training import checks, lacking, trainings
from reperform.program.queries.work import work_of, worker_of
from reperform.program.training import read_training
from reperform.program.work import Item
from reperform.web.page import PageRequest, Visitor, page
from reperform.web.people.forms import Form, handle
from reperform.web.people.records import training_asked
from reperform.web.people.steps import found_step, own_person, step_form


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do as the page shows it; without a page that the visitor may see, no link."""

    item: Item
    url: str
    is_late: bool


@page("work.do")
def work(request: PageRequest) -> HttpResponse:
    """Show what the visitor must do, late things first."""
    visitor, today = request.visitor, request.visitor.at.date()
    worker = worker_of(visitor.membership, today=today)
    lines = [Line(each, _url(visitor, each), each.is_late(today)) for each in work_of(worker)]
    context = {
        "person": worker.person,
        "lines": lines,
        "late": sum(each.is_late for each in lines),
        "today": today,
    }
    return render(request, "web/my-work/work.html", context)


def _url(visitor: Visitor, item: Item) -> str:
    key = [item.key] if item.key else []
    try:
        url = reverse(item.page, args=[visitor.organization.slug, *key])
    except NoReverseMatch:
        return ""
    permission = getattr(resolve(url).func, "permission", "")
    return url if permission and visitor.may(permission) else ""


@page("work.do", post="work.do")
def step(request: PageRequest, number: int) -> HttpResponse:
    """Do a step of a checklist that is the visitor's own."""
    row, own = found_step(request, number), own_person(request)
    slug = request.visitor.organization.slug
    if own is None or row.assignee_id != own.pk:
        if request.visitor.may("people.edit"):
            return redirect("person_step", organization=slug, number=number)
        raise Http404
    return step_form(request, row, limited_to=own, to=reverse("work", args=[slug]))


@page("work.do", post="work.do")
def training(request: PageRequest) -> HttpResponse:
    """Record that the visitor completed a course."""
    own = own_person(request)
    slug = request.visitor.organization.slug
    if own is None:
        return redirect("work", organization=slug)
    today = request.visitor.at.date()
    lacks = lacking(request.visitor.organization, today, only=[own.number])
    form = Form(
        title="Record a training",
        lead="A course that you completed, with its certificate if there is one.",
        button="Record it",
        asked=training_asked(request),
        takes_file=True,
    )
    return handle(
        request,
        form,
        said={"course": lacks[0].course if lacks else ""},
        seen=0,
        read=partial(read_training, today=today),
        act=partial(record_training, person=own.number),
        success="The training is recorded.",
        to=reverse("work", args=[slug]),
    )


@page("work.do")
def record(request: PageRequest) -> HttpResponse:
    """Show what the register holds of the visitor."""
    own = own_person(request)
    organization, today = request.visitor.organization, request.visitor.at.date()
    context = {
        "person": own,
        "postings": postings_of(own) if own else [],
        "trainings": trainings(organization).filter(person=own) if own else [],
        "checks": checks(organization).filter(person=own) if own else [],
        "lacks": [
            (each, each.is_late(today))
            for each in (lacking(organization, today, only=[own.number]) if own else ())
        ],
    }
    return render(request, "web/my-work/record.html", context)


urlpatterns = [
    path("", work, name="work"),
    path("steps/<int:number>/", step, name="work_step"),
    path("training/", training, name="own_training"),
    path("record/", record, name="own_record"),
]
