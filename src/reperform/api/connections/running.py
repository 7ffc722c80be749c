"""Connections, for programs: tested, their runs, and what these cover."""

from typing import Any

from django.http import Http404

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, paged
from reperform.api.connections.registry import found, router
from reperform.api.connections.shapes import (
    CollectionOut,
    ConnectionOut,
    CoverageOut,
    RunOut,
    TableDaysOut,
    WholeRunOut,
)
from reperform.evidence.actions.connections import check_connection
from reperform.evidence.queries.connections import collections_of, covers, run_row, runs
from reperform.evidence.queries.periods import shown_period
from reperform.testing.coverage import table_days


@router.post(
    "/{int:number}/check",
    response={200: ConnectionOut, 422: Refused},
    auth=takes("connections.edit"),
)
def check(request: ApiRequest, number: int) -> ConnectionOut:
    """Make the connector's cheap call: is the source reached, and what does it let us do?"""
    found(request, number)
    checked = check_connection(
        organization=request.auth.organization,
        number=number,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ConnectionOut.of(checked)


@router.get("/{int:number}/runs", response=Page[RunOut], auth=takes("connections.view"))
def list_runs(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the runs of a connection, newest first."""
    return paged(runs(found(request, number)), offset, limit, RunOut.of)


@router.get("/{int:number}/runs/{int:run}", response=WholeRunOut, auth=takes("connections.view"))
def read_run(request: ApiRequest, number: int, run: int) -> WholeRunOut:
    """Return a run with every question that it asked, and what came of each."""
    row = run_row(found(request, number), run)
    if row is None:
        raise Http404
    asked = [CollectionOut.of(each) for each in collections_of(row)]
    return WholeRunOut(**RunOut.of(row).dict(), collections=asked)


@router.get("/{int:number}/coverage", response=CoverageOut, auth=takes("connections.view"))
def coverage(request: ApiRequest, number: int) -> CoverageOut:
    """Return the days of the scope's period, up to today, that a connection's tables evidence."""
    row = found(request, number)
    period = shown_period(request.auth.organization, today=request.auth.at.date())
    tables = [TableDaysOut.of(each) for each in table_days(covers(row), period)]
    return CoverageOut(first=period.first, last=period.last, tables=tables)
