"""Entering joiners, movers and leavers, and correcting what was entered."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reperform.base.problem import Problem
from reperform.program.actions.people import (
    change_person,
    enter_joiner,
    enter_leaver,
    enter_move,
    withdraw_leaver,
    withdraw_move,
)
from reperform.program.models import Person
from reperform.program.people import (
    LONGEST_NAME,
    CorrectionFields,
    person_content,
    posting_content,
    read_correction,
    read_joiner,
    read_leaver,
    read_move,
)
from reperform.program.queries.people import (
    person_fields,
    posting_fields,
    posting_on,
    postings_of,
)
from reperform.web.asked import Asked
from reperform.web.page import PageRequest, page
from reperform.web.people.forms import Form, found_person, handle, posting_asked

_PERSON = (
    Asked("name", "Name", is_needed=True, longest=LONGEST_NAME),
    Asked(
        "email",
        "E-mail address",
        "email",
        help="At work. Who signs in with it finds their own steps under My work.",
    ),
    Asked("started_on", "First day of work", "day", is_needed=True),
)


_OTHER_DAY = (
    Asked(
        "reason",
        "Why it is another day",
        longest=1_000,
        help="Needed when the checklist has begun: the day moves what is due, and may end that a "
        "step was late. What was due is kept.",
    ),
)


def _at(request: PageRequest, number: int) -> str:
    return reverse("person", args=[request.visitor.organization.slug, number])


@page("people.edit", post="people.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter somebody who joins."""
    form = Form(
        title="Somebody joins",
        lead="Before or after the first day. Their checklist begins at once, due by that day. "
        "Somebody who comes back is entered anew, with the same address.",
        button="Enter them",
        asked=(*_PERSON, *posting_asked(request)),
    )
    return handle(
        request,
        form,
        said={"kind": "employee"},
        seen=0,
        read=read_joiner,
        act=enter_joiner,
        success="Entered, and the checklist has begun if one is in force.",
        to=reverse("people", args=[request.visitor.organization.slug]),
    )


def _correct(*, fields: CorrectionFields, **more: Any) -> Person:  # noqa: ANN401 - of the action
    return change_person(fields=fields.person, reason=fields.reason, **more)


@page("people.edit", post="people.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Correct who somebody is."""
    person = found_person(request, number)
    form = Form(
        title=f"Correct {person.name}",
        lead="A name, an address, or a first day that was wrong. What changes from a day on is a "
        "move, and is entered as one.",
        button="Save",
        asked=(
            *_PERSON,
            Asked(
                "reason",
                "Why the first day was another",
                longest=1_000,
                help="Needed when it changes and a checklist has begun: the day moves what is due, "
                "and may end that a step was late. What was due is kept.",
            ),
        ),
        person=person,
    )
    return handle(
        request,
        form,
        said=person_content(person_fields(person)),
        seen=person.version,
        read=read_correction,
        act=partial(_correct, number=number),
        success="Saved.",
        to=_at(request, number),
    )


@page("people.edit", post="people.edit")
def move(request: PageRequest, number: int) -> HttpResponse:
    """Enter that somebody is something else from a day on."""
    person = found_person(request, number)
    posting = posting_on(person, max(request.visitor.at.date(), person.started_on))
    said = posting_content(posting_fields(posting)) if posting else {}
    form = Form(
        title=f"{person.name} moves",
        lead="Another position, department, manager or kind of contract, from a day on that may "
        "lie ahead or behind. The checklist for movers begins.",
        button="Enter the move",
        asked=(
            Asked("from_day", "First day of it", "day", is_needed=True),
            *posting_asked(request, but=number),
            Asked("note", "Note", "text", help="Why, or what it means for their access."),
        ),
        person=person,
    )
    return handle(
        request,
        form,
        said=said | {"from_day": "", "note": ""},
        seen=0,
        read=read_move,
        act=partial(enter_move, number=number),
        success="The move is entered.",
        to=_at(request, number),
    )


@page("people.edit", post="people.edit")
def leave(request: PageRequest, number: int) -> HttpResponse:
    """Enter the last day of somebody's work."""
    person = found_person(request, number)
    form = Form(
        title=f"{person.name} leaves",
        lead="The last day of work, which may lie ahead or behind. The checklist for leavers "
        "begins, and what takes access away is due by the days that it says. Another day moves "
        "what is due.",
        button="Enter the departure",
        asked=(
            Asked("ended_on", "Last day of work", "day", is_needed=True),
            *(_OTHER_DAY if person.ended_on else ()),
        ),
        person=person,
    )
    return handle(
        request,
        form,
        said={"ended_on": person.ended_on},
        seen=person.version,
        read=read_leaver,
        act=partial(enter_leaver, number=number),
        success="The departure is entered.",
        to=_at(request, number),
    )


_REASON = (
    Asked(
        "reason",
        "Why",
        is_needed=True,
        longest=1_000,
        help="It is kept with what was entered: nothing is deleted.",
    ),
)


def _read_reason(said: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    return str(said.get("reason", "")), []


@page("people.edit", post="people.edit")
def unmove(request: PageRequest, number: int, posting: int) -> HttpResponse:
    """Say that a move did not happen."""
    person = found_person(request, number)
    row = next((each for each in postings_of(person) if each.number == posting), None)
    if row is None or row.withdrawn:
        raise Http404
    form = Form(
        title=f"Withdraw the move of {row.from_day}",
        lead=f"{person.name} did not become {row.position or row.kind} then. The move stays in "
        "the list, marked as withdrawn, and the open steps of its checklist end.",
        button="Withdraw it",
        asked=_REASON,
        person=person,
    )

    def act(*, fields: str, **said: Any) -> None:  # noqa: ANN401 - of the action
        withdraw_move(number=number, posting=posting, reason=fields, **said)

    return handle(
        request,
        form,
        said={},
        seen=0,
        read=_read_reason,
        act=act,
        success="The move is withdrawn.",
        to=_at(request, number),
    )


@page("people.edit", post="people.edit")
def stay(request: PageRequest, number: int) -> HttpResponse:
    """Say that somebody does not leave after all."""
    person = found_person(request, number)
    if person.ended_on is None:
        return redirect(_at(request, number))
    form = Form(
        title=f"{person.name} stays",
        lead=f"{person.ended_on} is not their last day after all. The open steps of the "
        "checklist end; what was done is kept.",
        button="They stay",
        asked=_REASON,
        person=person,
    )

    def act(*, fields: str, **said: Any) -> None:  # noqa: ANN401 - of the action
        withdraw_leaver(number=number, reason=fields, **said)

    return handle(
        request,
        form,
        said={},
        seen=person.version,
        read=_read_reason,
        act=act,
        success="The departure is withdrawn.",
        to=_at(request, number),
    )


urlpatterns = [
    path("new/", new, name="person_new"),
    path("<int:number>/edit/", edit, name="person_edit"),
    path("<int:number>/move/", move, name="person_move"),
    path("<int:number>/move/<int:posting>/withdraw/", unmove, name="person_unmove"),
    path("<int:number>/leave/", leave, name="person_leave"),
    path("<int:number>/stay/", stay, name="person_stay"),
]
