"""The page of one connection: its test, its runs, and the days that they cover; and of one run."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.refusal import RefusalError
from reperform.connectors.contract import Connector
from reperform.connectors.registry import installed
from reperform.evidence.actions.connections import check_connection
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.job import collection_of
from reperform.evidence.models import Connection
from reperform.evidence.queries.connections import collections_of, covers, run_row, runs
from reperform.evidence.queries.jobs import jobs, schedule_of
from reperform.evidence.queries.periods import shown_period
from reperform.ledger.queries import changes, shown
from reperform.testing.coverage import table_days
from reperform.web.connections.bars import bar
from reperform.web.connections.forms import facts_of
from reperform.web.connections.registry import found_connection
from reperform.web.page import PageRequest, page
from reperform.web.scheduling import said_of

_ON_A_PAGE = 20
_CHANGES = 10
_JOBS = 10
_ACTS = (
    *(f"connection.{act}" for act in ("made", "changed", "checked", "retired")),
    *(f"schedule.{act}" for act in ("set", "paused")),
    *(f"job.{act}" for act in ("missed", "failed")),
)
"""What the history shows; runs have a list of their own."""


@page("connections.view", post="connections.edit")
def connection(request: PageRequest, number: int) -> HttpResponse:
    """Show one connection; a POST tests it, or asks a worker to collect."""
    row = found_connection(request, number)
    if request.method == "POST":
        return _do(request, row)
    return render(request, "web/connections/connection.html", _context(request, row))


def _do(request: PageRequest, row: Connection) -> HttpResponse:
    """Test the connection, or have it collected, and show it again; or a refusal in its place."""
    organization, by = request.visitor.organization, request.visitor.name
    try:
        if request.POST.get("do") == "collect":
            at = request.visitor.at
            job = ask_job(organization=organization, work=collection_of(row.number), by=by, at=at)
            messages.success(request, f"Job {job.number} is {job.state}: a worker does it.")
        else:
            kept = check_connection(
                organization=organization, number=row.number, by=by, at=request.visitor.at
            )
            failure = kept.checked["failure"]
            say = messages.warning if failure else messages.success
            say(request, f"Not reached: {failure}" if failure else "It was reached.")
    except RefusalError as refusal:
        context = _context(request, row) | {"refusal": refusal}
        return render(request, "web/connections/connection.html", context, status=422)
    return redirect("connection", organization=organization.slug, number=row.number)


def _context(request: PageRequest, row: Connection) -> dict[str, Any]:
    visitor = request.visitor
    connector = installed().connectors.get(row.connector)
    period = shown_period(visitor.organization, today=visitor.at.date())
    subject = f"connection {row.number}"
    found = (
        changes(visitor.organization.log, subject=subject).filter(act__in=_ACTS)[:_CHANGES]
        if visitor.may("trail.view")
        else ()
    )
    schedule = schedule_of(visitor.organization, collection_of(row.number))
    shown_runs = Paginator(runs(row), _ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "connection": row,
        "connector": connector,
        "facts": facts_of(
            connector.settings if connector else (), row.settings, row.sealed_secrets
        ),
        "takes_files": "files" in row.settings
        and not (row.settings.get("folder") or row.settings.get("drop")),
        "findings": _findings(row, connector),
        "period": period,
        "bars": [bar(each, period) for each in table_days(covers(row), period)],
        "page": shown_runs,
        "schedule": schedule,
        "schedule_said": said_of(schedule),
        "jobs": jobs(visitor.organization, subject=subject)[:_JOBS],
        "last": next(iter(runs(row)[:1]), None),
        "changes": [shown(each) for each in found],
        "subject": subject,
    }


def _findings(row: Connection, connector: Connector | None) -> list[dict[str, Any]]:
    """Return each permission with what the last check found of it."""
    said = {each["permission"]: each for each in row.checked.get("findings", ())}
    return [
        {
            "permission": each,
            "grant": said.get(each.name, {}).get("grant", "not known"),
            "said": said.get(each.name, {}).get("said", ""),
        }
        for each in (connector.permissions if connector else ())
    ]


@page("connections.view")
def run(request: PageRequest, number: int, run: int) -> HttpResponse:
    """Show one run: each question, what came of it, and its tables."""
    row = found_connection(request, number)
    found = run_row(row, run)
    if found is None:
        raise Http404
    context = {"connection": row, "run": found, "collections": collections_of(found)}
    return render(request, "web/connections/run.html", context)
