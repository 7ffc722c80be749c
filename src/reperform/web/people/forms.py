"""What every form on people has in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.base.visible import file_name
from reperform.program.actions.person_rows import PersonRefusedError
from reperform.program.files import LARGEST_FILE
from reperform.program.models import Person
from reperform.program.people import Kind
from reperform.program.queries.people import people_on, person_row
from reperform.web.asked import Asked, choices_of, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest


@dataclass(frozen=True, slots=True)
class Form:
    """A form on its own page.

    Attributes:
        title: of the page.
        lead: what it is for, in a sentence.
        button: what pressing it does.
        asked: its fields.
        person: whom it is about; None for nobody yet.
        takes_file: it takes a file as proof.
    """

    title: str
    lead: str
    button: str
    asked: Sequence[Asked]
    person: Person | None = None
    takes_file: bool = False


def found_person(request: PageRequest, number: int) -> Person:
    """Return a person of the visitor's organization.

    Raises:
        Http404: it has none of that number.
    """
    found = person_row(request.visitor.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def posting_asked(request: PageRequest, *, but: int | None = None) -> tuple[Asked, ...]:
    """Return the fields of what somebody is from a day on; `but` reports not to themselves."""
    return (
        Asked("position", "Position", help="As it stands in the contract."),
        Asked(
            "department",
            "Department",
            help="Equal names are one department. Checklists and training can ask for it.",
        ),
        Asked(
            "manager",
            "Reports to",
            "choice",
            help="Somebody who works here on that day. Nobody can come to report to themselves.",
            choices=(("", "nobody"), *people_choices(request, but=but)),
        ),
        Asked("kind", "Kind of contract", "choice", is_needed=True, choices=choices_of(Kind)),
    )


def people_choices(request: PageRequest, *, but: int | None = None) -> tuple[tuple[str, str], ...]:
    """Return who works there today, as choices."""
    found = people_on(request.visitor.organization, request.visitor.at.date())
    rows = found.values_list("number", "name")
    return tuple((str(number), name) for number, name in rows if number != but)


def handle(
    request: PageRequest,
    form: Form,
    *,
    said: Mapping[str, Any],
    seen: int,
    read: Callable[[Mapping[str, Any]], tuple[Any, list[Problem]]],
    act: Callable[..., object],
    success: str,
    to: str,
) -> HttpResponse:
    """Show a form, or do what it says and go on; what is wrong is shown beside what was written.

    Args:
        request: of the visitor.
        form: what is asked.
        said: what its fields hold when nobody has written anything.
        seen: the version that it is opened with; 0 when it changes none.
        read: what was sent -> fields, and what is wrong with them.
        act: does it, with `fields`, `seen`, `by`, `at` and `organization`, and `proof` where the
            form takes a file.
        success: what is said when it is done.
        to: address of the page that follows.
    """
    if request.method != "POST":
        return shown(request, form, said, seen=seen)
    visitor, written = request.visitor, sent(request, form.asked)
    fields, problems = read({k: v for k, v in written.items() if v != ""})
    opened = seen_version(request)
    more: dict[str, Any] = {}
    if not problems:
        keywords: dict[str, Any] = {"proof": proof_of(request)} if form.takes_file else {}
        if seen:
            keywords["seen"] = opened
        try:
            act(
                organization=visitor.organization,
                fields=fields,
                by=visitor.name,
                at=visitor.at,
                **keywords,
            )
        except PersonRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, opened = {"stale": stale, "theirs": lines(form.asked, said)}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, success)
            return redirect(to)
    return shown(request, form, written, seen=opened, problems=problems, **more)


def proof_of(request: PageRequest) -> tuple[str, bytes] | None:
    """Return name and content of the file that was sent; None for none."""
    file = request.FILES.get("proof")
    if not isinstance(file, UploadedFile) or not file.name:
        return None
    # One byte more than may be: what is larger is refused without being read whole.
    return file_name(file.name), file.read(LARGEST_FILE + 1)


def shown(
    request: PageRequest,
    form: Form,
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: Sequence[Problem] = (),
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    """Show a form as it was written."""
    context = {
        "form": form,
        "fields": form_fields(form.asked, said, problems),
        "problems": named(problems, form.asked),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/people/form.html", context, status=status)
