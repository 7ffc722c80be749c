"""When a connection is asked by itself, and every time that one was to be asked."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.evidence.actions.schedules import pause_schedule, set_schedule
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.models import ConnectionSchedule
from reperform.evidence.queries.jobs import jobs as jobs_of
from reperform.evidence.queries.jobs import schedule_of
from reperform.evidence.schedule import Every, Schedule, Weekday, read_schedule, schedule_content
from reperform.web.asked import Asked, choices_of, form_fields, lines, named, seen_version, sent
from reperform.web.connections.registry import found_connection
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
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
        help="The auditor asks why nothing was collected in these days.",
    ),
)


def said_of(row: ConnectionSchedule | None) -> str:
    """Return a schedule as people say it; empty for none."""
    return str(read_schedule(row.plan)[0]) if row else ""


@page("connections.edit", post="connections.edit")
def schedule(request: PageRequest, number: int) -> HttpResponse:
    """Say when a connection is asked by itself."""
    row = found_connection(request, number)
    kept = schedule_of(row)
    stands = kept.plan if kept else schedule_content(Schedule(Every.DAY, hour=3))
    seen = kept.version if kept else 0
    if request.method != "POST":
        return _form(request, number, stands, seen=seen)
    said, seen = sent(request, _ASKED), seen_version(request)
    wanted, problems = read_schedule(said)
    more: dict[str, Any] = {}
    if not problems:
        try:
            set_schedule(
                organization=request.visitor.organization,
                number=number,
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
            messages.success(request, f"It is asked {wanted}.")
            return redirect("connection", request.visitor.organization.slug, number)
    return _form(request, number, said, seen=seen, problems=problems, **more)


@page("connections.edit", post="connections.edit")
def pause(request: PageRequest, number: int) -> HttpResponse:
    """Ask a connection no more by itself for now."""
    row = found_connection(request, number)
    kept = schedule_of(row)
    said, seen = sent(request, _PAUSE), kept.version if kept else 0
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        try:
            pause_schedule(
                organization=request.visitor.organization,
                number=number,
                reason=said["reason"],
                seen=seen_version(request),
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except ConnectionNotKeptError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            stands = [("Asked", said_of(kept) or "never by itself")]
            stands.append(("Paused", (kept.paused_reason if kept else "") or "no"))
            more = {"stale": stale, "theirs": stands}
        else:
            messages.success(request, f"{row.title} is not asked by itself for now.")
            return redirect("connection", request.visitor.organization.slug, number)
    context = _shown(request, number, _PAUSE, said, seen=seen, problems=problems, **more)
    status = 409 if more else 422 if problems else 200
    return render(request, "web/connections/pause.html", context, status=status)


@page("connections.view")
def jobs(request: PageRequest) -> HttpResponse:
    """Show every time that a connection was to be asked, newest first, the missed ones too."""
    found = Paginator(jobs_of(request.visitor.organization), _ON_A_PAGE)
    context = {"page": found.get_page(request.GET.get("page"))}
    return render(request, "web/connections/jobs.html", context)


def _form(
    request: PageRequest,
    number: int,
    said: Any,  # noqa: ANN401 - what a form or a row says
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = _shown(request, number, _ASKED, said, seen=seen, problems=problems or [], **more)
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/connections/schedule.html", context, status=status)


def _shown(
    request: PageRequest,
    number: int,
    asked: tuple[Asked, ...],
    said: Any,  # noqa: ANN401 - as above
    *,
    seen: int,
    problems: list[Problem],
    **more: Any,  # noqa: ANN401 - as above
) -> dict[str, Any]:
    return {
        "connection": found_connection(request, number),
        "fields": form_fields(asked, said, problems),
        "problems": named(problems, asked),
        "seen": seen,
        **more,
    }
