"""The forms of a schedule, whatever is done by it: a connection asked, a period examined."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.evidence.actions.schedules import pause_schedule, set_schedule
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.job import Work
from reperform.evidence.models import JobSchedule
from reperform.evidence.queries.jobs import schedule_of
from reperform.evidence.schedule import Every, Schedule, Weekday, read_schedule, schedule_content
from reperform.web.asked import Asked, choices_of, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest

_ASKED = (
    Asked(
        "every",
        "How often",
        "choice",
        is_needed=True,
        choices=choices_of(Every),
        help="A state is evidence of the moments at which it was looked at: daily is usual.",
    ),
    Asked("hour", "Hour", "number", help="0 to 23; means nothing for every hour."),
    Asked("minute", "Minute", "number", help="0 to 59."),
    Asked("weekday", "Weekday", "choice", choices=choices_of(Weekday), help="For every week only."),
    Asked("day", "Day of the month", "number", help="1 to 28, for every month only."),
    Asked(
        "zone",
        "Time zone",
        help="In which the hour is told, such as Europe/Berlin; empty for UTC.",
    ),
)
_PAUSE = (
    Asked(
        "reason",
        "Why",
        "text",
        is_needed=True,
        help="The auditor asks why nothing was done in these days.",
    ),
)


_DAILY = Schedule(Every.DAY, hour=3)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Something that is done by itself, as its pages speak of it.

    Attributes:
        work: what is done.
        title: its name.
        back: address of its page.
        above: address and title of the page above that.
        usual: the schedule that the form proposes while there is none.
    """

    work: Work
    title: str
    back: str
    above: tuple[str, str]
    usual: Schedule = _DAILY


def said_of(row: JobSchedule | None) -> str:
    """Return a schedule as people say it, with how much later it begins; empty for none."""
    if row is None:
        return ""
    minutes = row.offset_seconds // 60
    later = f", {minutes} min later" if minutes else ""
    return f"{read_schedule(row.plan)[0]}{later}"


def schedule_form(request: PageRequest, of: Scheduled) -> HttpResponse:
    """Say when something is done by itself."""
    kept = schedule_of(request.visitor.organization, of.work)
    stands = kept.plan if kept else schedule_content(of.usual)
    seen = kept.version if kept else 0
    if request.method != "POST":
        return _shown(request, of, "schedule", _ASKED, stands, seen=seen)
    said, seen = sent(request, _ASKED), seen_version(request)
    wanted, problems = read_schedule(said)
    more: dict[str, Any] = {}
    if not problems:
        try:
            set_schedule(
                organization=request.visitor.organization,
                work=of.work,
                schedule=wanted,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ConnectionNotKeptError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": lines(_ASKED, stands)}, stale.current
        else:
            messages.success(request, f"{of.title}: {wanted}.")
            return redirect(of.back)
    return _shown(request, of, "schedule", _ASKED, said, seen=seen, problems=problems, **more)


def pause_form(request: PageRequest, of: Scheduled) -> HttpResponse:
    """Do something no more by itself for now."""
    kept = schedule_of(request.visitor.organization, of.work)
    said, seen = sent(request, _PAUSE), kept.version if kept else 0
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        try:
            pause_schedule(
                organization=request.visitor.organization,
                work=of.work,
                reason=said["reason"],
                seen=seen_version(request),
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ConnectionNotKeptError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            stands = [("When", said_of(kept) or "never by itself")]
            stands.append(("Paused", (kept.paused_reason if kept else "") or "no"))
            more = {"stale": stale, "theirs": stands}
        else:
            messages.success(request, f"{of.title}: not by itself for now.")
            return redirect(of.back)
    return _shown(request, of, "pause", _PAUSE, said, seen=seen, problems=problems, **more)


def _shown(
    request: PageRequest,
    of: Scheduled,
    template: str,
    asked: tuple[Asked, ...],
    said: Any,  # noqa: ANN401 - what a form or a row says
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    found = problems or []
    context = {
        "of": of,
        "fields": form_fields(asked, said, found),
        "problems": named(found, asked),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if found else 200
    return render(request, f"web/schedules/{template}.html", context, status=status)
