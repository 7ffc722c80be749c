"""Training that is required and completed, and background checks."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from reperform.base.problem import Problem
from reperform.program.actions.background import change_check, order_check
from reperform.program.actions.training import (
    change_course,
    record_training,
    require_course,
    withdraw_training,
)
from reperform.program.queries.people import people
from reperform.program.queries.training import (
    check_fields,
    checks,
    course_fields,
    courses,
    lacking,
    trainings,
)
from reperform.program.training import (
    For,
    Outcome,
    check_content,
    course_content,
    read_check,
    read_course,
    read_training,
)
from reperform.web.asked import Asked, choices_of
from reperform.web.page import PageRequest, page
from reperform.web.people.forms import Form, found_person, handle
from reperform.web.people.register import asked_day

_ON_A_PAGE = 50
_COURSE = (
    Asked("course", "Course", is_needed=True, help="A record of the same name completes it."),
    Asked("since", "Required since", "day", is_needed=True),
    Asked("kind", "Of which contracts", "choice", choices=choices_of(For)),
    Asked("department", "Of which department", help="Empty: of every one."),
    Asked("within_days", "Days after the first day", "number", help="Empty: 30."),
    Asked(
        "every_months",
        "Counts for how many months",
        "number",
        help="12 for a course of every year. Empty: for good.",
    ),
)
_END = (
    Asked("retired_on", "Not required from", "day", group="When it is not required any more"),
    Asked("reason", "Why", longest=1_000),
)
_CHECK = (
    Asked("kind", "What was checked", is_needed=True, help="As in: identity, criminal record."),
    Asked("ordered_on", "Ordered on", "day", is_needed=True),
    Asked("completed_on", "Completed on", "day", help="The day of the outcome."),
    Asked(
        "outcome",
        "Outcome",
        "choice",
        help="Without what was found. Not lawful here: the law of the place does not allow it.",
        choices=choices_of(Outcome),
    ),
)


def training_asked(request: PageRequest) -> tuple[Asked, ...]:
    """Return the fields of a completion; courses that are required are named."""
    names = courses(request.visitor.organization).filter(retired_on=None)
    said = ", ".join(names.values_list("course", flat=True)[:10])
    return (
        Asked("course", "Course", is_needed=True, help=f"Required: {said}." if said else ""),
        Asked("completed_on", "Completed on", "day", is_needed=True),
        Asked("provider", "Who gave it"),
        Asked("valid_until", "Valid until", "day", help="As the certificate says, if it does."),
    )


@page("people.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show which courses are required, and who lacks one on a day."""
    organization, day = request.visitor.organization, asked_day(request, "on")
    found = lacking(organization, day)
    late = sum(each.is_late(day) for each in found)
    rows = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    wanted = [each.person for each in rows]
    names = dict(people(organization).filter(number__in=wanted).values_list("number", "name"))
    context = {
        "courses": courses(organization),
        "rows": rows,
        "lines": [(each, names.get(each.person, ""), each.is_late(day)) for each in rows],
        "count": len(found),
        "late": late,
        "day": day,
    }
    return render(request, "web/people/training.html", context)


def _training(request: PageRequest) -> str:
    return reverse("training", args=[request.visitor.organization.slug])


@page("people.edit", post="people.edit")
def course_new(request: PageRequest) -> HttpResponse:
    """Require a course."""
    form = Form(
        title="Require a course",
        lead="Of everybody, of employees or contractors, or of a department.",
        button="Require it",
        asked=_COURSE,
    )
    return handle(
        request,
        form,
        said={"kind": "all", "within_days": 30, "every_months": 12},
        seen=0,
        read=read_course,
        act=require_course,
        success="The course is required.",
        to=_training(request),
    )


@page("people.edit", post="people.edit")
def course(request: PageRequest, number: int) -> HttpResponse:
    """Change of whom a course is required, or require it no more."""
    row = courses(request.visitor.organization).filter(number=min(number, 10**9)).first()
    if row is None:
        raise Http404
    form = Form(
        title=row.course,
        lead="Who must complete it, by when, and for how long that counts.",
        button="Save",
        asked=(*_COURSE, *_END),
    )
    return handle(
        request,
        form,
        said=course_content(course_fields(row)),
        seen=row.version,
        read=read_course,
        act=partial(change_course, number=number),
        success="Saved.",
        to=_training(request),
    )


@page("people.edit", post="people.edit")
def training_new(request: PageRequest, number: int) -> HttpResponse:
    """Record that somebody completed a course."""
    person = found_person(request, number)
    form = Form(
        title=f"{person.name} completed a course",
        lead="Course, day, and what shows it.",
        button="Record it",
        asked=training_asked(request),
        person=person,
        takes_file=True,
    )
    return handle(
        request,
        form,
        said={},
        seen=0,
        read=partial(read_training, today=request.visitor.at.date()),
        act=partial(record_training, person=number),
        success="The training is recorded.",
        to=reverse("person", args=[request.visitor.organization.slug, number]),
    )


@page("people.edit", post="people.edit")
def training_withdraw(request: PageRequest, number: int) -> HttpResponse:
    """Say that a completion does not count."""
    rows = trainings(request.visitor.organization).filter(number=min(number, 10**9), withdrawn="")
    row = rows.first()
    if row is None:
        raise Http404
    form = Form(
        title=f"Withdraw training {number}",
        lead=f"{row.course} of {row.completed_on} by {row.person.name} will not count. It is kept, "
        "with the reason.",
        button="Withdraw it",
        asked=(Asked("reason", "Why", is_needed=True, longest=1_000),),
        person=row.person,
    )

    def read(said: Any) -> tuple[str, list[Problem]]:  # noqa: ANN401 - a mapping
        return said.get("reason", ""), []

    def act(*, fields: str, **said: Any) -> None:  # noqa: ANN401 - of the action
        withdraw_training(number=number, reason=fields, **said)

    return handle(
        request,
        form,
        said={},
        seen=0,
        read=read,
        act=act,
        success="The training is withdrawn.",
        to=reverse("person", args=[request.visitor.organization.slug, row.person.number]),
    )


@page("people.edit", post="people.edit")
def check_new(request: PageRequest, number: int) -> HttpResponse:
    """Record a background check."""
    person = found_person(request, number)
    form = Form(
        title=f"A background check of {person.name}",
        lead="That it was made, and its outcome; never what was found.",
        button="Record it",
        asked=_CHECK,
        person=person,
    )
    return handle(
        request,
        form,
        said={"outcome": "pending"},
        seen=0,
        read=partial(read_check, today=request.visitor.at.date()),
        act=partial(order_check, person=number),
        success="The check is recorded.",
        to=reverse("person", args=[request.visitor.organization.slug, number]),
    )


@page("people.edit", post="people.edit")
def check(request: PageRequest, number: int) -> HttpResponse:
    """Record what came of a background check."""
    row = checks(request.visitor.organization).filter(number=min(number, 10**9)).first()
    if row is None:
        raise Http404
    form = Form(
        title=f"Background check {number} of {row.person.name}",
        lead="Its outcome, without what was found.",
        button="Save",
        asked=_CHECK,
        person=row.person,
    )
    return handle(
        request,
        form,
        said=check_content(check_fields(row)),
        seen=row.version,
        read=partial(read_check, today=request.visitor.at.date()),
        act=partial(change_check, number=number),
        success="Saved.",
        to=reverse("person", args=[request.visitor.organization.slug, row.person.number]),
    )


urlpatterns = [
    path("training/", overview, name="training"),
    path("training/courses/new/", course_new, name="course_new"),
    path("training/courses/<int:number>/", course, name="course"),
    path("<int:number>/training/new/", training_new, name="training_new"),
    path("training/<int:number>/withdraw/", training_withdraw, name="training_withdraw"),
    path("<int:number>/checks/new/", check_new, name="background_check_new"),
    path("checks/<int:number>/", check, name="background_check"),
]
