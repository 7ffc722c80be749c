"""Saying that a control was done, or could not be; reading an entry, and correcting it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.accounts.models import Organization
from reperform.accounts.queries import members
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.base.visible import file_name
from reperform.program.actions.calendar import CalendarRefusedError
from reperform.program.actions.occurrences import NewFile, correct_occurrence, prove_occurrence
from reperform.program.calendar import Calendared
from reperform.program.calendar.entries import (
    BACK_DATED_DAYS,
    EntryKind,
    LinkedRegister,
    entry_content,
    read_entry,
)
from reperform.program.files import LARGEST_FILE
from reperform.program.models import OccurrenceEntry
from reperform.program.queries.occurrences import LINKED, entry_fields, entry_row
from reperform.web.asked import Asked, form_fields, named, sent
from reperform.web.calendar.control import found_control
from reperform.web.page import PageRequest, page

_KINDS = (
    (EntryKind.DONE.value, "it was done"),
    (EntryKind.NOT_DONE.value, "it could not be done, or will not be"),
)
_WITHDRAWN = (EntryKind.WITHDRAWN.value, "take it back: it was not so")


def _asked(organization: Organization, *, may_withdraw: bool) -> list[Asked]:
    people = tuple((str(each.pk), str(each.user)) for each in members(organization))
    kinds = (*_KINDS, _WITHDRAWN) if may_withdraw else _KINDS
    linked = tuple((each.value, each.label) for each in LINKED)
    return [
        Asked("kind", "What became of it", "choice", choices=kinds),
        Asked(
            "on",
            "On which day",
            "day",
            "The day on which it was done, not today unless it was today: the entry's own day is"
            " kept beside it. For a time that was not done: any day of its window.",
            is_needed=True,
        ),
        Asked(
            "done_by",
            "Who did it",
            "choice",
            "Empty: you.",
            choices=(("", "I did"), *people),
        ),
        Asked(
            "note",
            "What was done, and what was found",
            "text",
            "Or why it could not be done. An auditor reads this beside the proof.",
        ),
        Asked(
            "linked",
            "Proof in a register",
            "choice",
            "When the proof is there already, as a review of a vendor is.",
            choices=(("", "none"), *linked),
        ),
        Asked("linked_number", "Its number there", "number", "As 3 of the vendor VEN-3."),
    ]


@page("occurrences.prove", post="occurrences.prove")
def prove(request: PageRequest, code: str) -> HttpResponse:
    """Say that a control was done, with its proof."""
    organization = request.visitor.organization
    control = found_control(organization, code)
    asked = _asked(organization, may_withdraw=False)
    if request.method != "POST":
        said = {"on": request.GET.get("on", ""), "kind": EntryKind.DONE.value}
        return _form(request, control, asked, said)
    said = sent(request, asked)
    fields, problems = read_entry(said, today=request.visitor.at.date())
    if fields.kind is EntryKind.WITHDRAWN:
        problems.append(Problem("kind", "takes back nothing", "choose another", "occurrence-field"))
    if problems:
        return _form(request, control, asked, said, problems)
    try:
        made = prove_occurrence(
            organization=organization,
            code=code,
            fields=fields,
            files=_files(request),
            member=request.visitor.membership,
            limited=not request.visitor.may("calendar.edit"),
            by=request.visitor.name,
            at=request.visitor.at,
        )
    except CalendarRefusedError as refusal:
        return _form(request, control, asked, said, refusal.problems)
    except RefusalError as refusal:
        return _form(request, control, asked, said, refusal=refusal)
    messages.success(request, f"{code}: entry {made.number} is kept.")
    return redirect("calendar_control", organization=organization.slug, code=code)


@page("calendar.view")
def entry(request: PageRequest, number: int) -> HttpResponse:
    """Show what was said of one time, with its proof and its corrections."""
    row = _found(request, number)
    return render(
        request,
        "web/calendar/entry.html",
        {
            "entry": row,
            "files": list(row.files.all()),
            "newer": getattr(row, "corrected_by", None),
            "days_after": (row.at.date() - row.on).days,
            "is_back_dated": (row.at.date() - row.on).days > BACK_DATED_DAYS,
            "link": _link(row),
        },
    )


@page("occurrences.prove", post="occurrences.prove")
def correct(request: PageRequest, number: int) -> HttpResponse:
    """Correct an entry by another, or take it back."""
    organization = request.visitor.organization
    row = _found(request, number)
    control = found_control(organization, row.control.code)
    asked = _asked(organization, may_withdraw=True)
    if request.method != "POST":
        return _form(request, control, asked, entry_content(entry_fields(row)), corrects=row)
    said = sent(request, asked)
    fields, problems = read_entry(said, today=request.visitor.at.date())
    if problems:
        return _form(request, control, asked, said, problems, corrects=row)
    try:
        made = correct_occurrence(
            organization=organization,
            number=number,
            fields=fields,
            files=_files(request),
            member=request.visitor.membership,
            limited=not request.visitor.may("calendar.edit"),
            by=request.visitor.name,
            at=request.visitor.at,
        )
    except CalendarRefusedError as refusal:
        return _form(request, control, asked, said, refusal.problems, corrects=row)
    except StaleVersionError as stale:
        return _form(request, control, asked, said, corrects=row, refusal=stale, status=409)
    except RefusalError as refusal:
        return _form(request, control, asked, said, corrects=row, refusal=refusal)
    messages.success(request, f"Entry {number} is corrected by entry {made.number}.")
    return redirect("occurrence", organization=organization.slug, number=made.number)


def _found(request: PageRequest, number: int) -> OccurrenceEntry:
    found = entry_row(request.visitor.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def _link(row: OccurrenceEntry) -> tuple[str, str] | None:
    """Return the page of the row that is the proof, and what it is called; None for none."""
    if not row.linked:
        return None
    register = LinkedRegister(row.linked)
    return register.value, f"{register.label} {row.linked_number}"


def _files(request: PageRequest) -> list[NewFile]:
    return [
        NewFile(file_name(each.name or ""), each.read(LARGEST_FILE + 1))
        for each in request.FILES.getlist("files")
    ]


def _form(
    request: PageRequest,
    control: Calendared,
    asked: Sequence[Asked],
    said: Mapping[str, Any],
    problems: Sequence[Problem] = (),
    *,
    corrects: OccurrenceEntry | None = None,
    refusal: RefusalError | None = None,
    status: int = 0,
) -> HttpResponse:
    context = {
        "control": control,
        "fields": form_fields(asked, said, problems),
        "problems": named(problems, asked),
        "corrects": corrects,
        "refusal": refusal,
    }
    answer = status or (422 if problems or refusal else 200)
    return render(request, "web/calendar/prove.html", context, status=answer)
