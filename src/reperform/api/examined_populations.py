"""The tables of an examination, for programs: days, digest, rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, StreamingHttpResponse
from ninja import Router, Schema, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, paged, sends
from reperform.audit.models import ExaminationRecord
from reperform.audit.population_story import PopulationStory, population_stories
from reperform.audit.queries import examination, output_path
from reperform.base.period import Period
from reperform.evidence.sources import streams_by_table
from reperform.report.actions.freezing import release_population
from reperform.report.population_rows import NoSuchTableError, population_csv

router = Router()


class DaysOut(Schema):
    """Days that are not evidenced, both included."""

    first: date
    last: date
    reason: str


class ExaminedTableOut(Schema):
    """One table; `events` is what results.json says of a population of events (docs/spec)."""

    table: str
    kind: str
    rows: int
    file_sha256: str
    days: int
    days_evidenced: int
    missing: list[DaysOut]
    events: dict[str, Any] | None
    tests: list[str]

    @staticmethod
    def of(story: PopulationStory) -> "ExaminedTableOut":
        """Return a table as an answer."""
        return ExaminedTableOut(
            table=story.table,
            kind=story.kind,
            rows=story.rows,
            file_sha256=story.file_sha256,
            days=story.days.days,
            days_evidenced=story.days.evidenced,
            missing=[
                DaysOut(first=gap.first, last=gap.last, reason=gap.reason)
                for gap in story.days.gaps
            ],
            events=dict(story.events) or None,
            tests=[str(test.get("id")) for test in story.tests],
        )


class ReleaseIn(Schema):
    """Why a population may change that was frozen."""

    reason: str


@router.get(
    "/{int:number}/populations", response=Page[ExaminedTableOut], auth=takes("results.view")
)
def list_examined_populations(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the tables that an examination read, with the days that each evidences."""
    _, stories = _found(request, number)
    return paged(list(stories.values()), offset, limit, ExaminedTableOut.of)


@router.get(
    "/{int:number}/populations/{str:table}", response=ExaminedTableOut, auth=takes("results.view")
)
def read_examined_population(request: ApiRequest, number: int, table: str) -> ExaminedTableOut:
    """Return one table of an examination."""
    _, stories = _found(request, number, table)
    return ExaminedTableOut.of(stories[table])


@router.get(
    "/{int:number}/populations/{str:table}/rows",
    auth=takes("results.view"),
    openapi_extra=sends("text/csv"),
)
def read_population_rows(request: ApiRequest, number: int, table: str) -> StreamingHttpResponse:
    """Return the rows of a table as CSV; cells that would be formulas are neutralized."""
    record, _ = _found(request, number, table)
    try:
        lines: Iterable[bytes] = population_csv(output_path(record, "bundle.zip"), table)
    except NoSuchTableError:
        raise Http404 from None
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{table}.csv"'},
    )


@router.post(
    "/{int:number}/populations/{str:table}/release",
    response={204: None, 422: Refused},
    auth=takes("results.edit"),
)
def release_examined_population(
    request: ApiRequest, number: int, table: str, body: ReleaseIn
) -> Status[None]:
    """Let a frozen population go, for a reason: the next examination freezes it anew."""
    record, _ = _found(request, number, table)
    release_population(
        organization=request.auth.organization,
        table=table,
        period=_period(record),
        reason=body.reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(204, None)


def _period(record: ExaminationRecord) -> Period:
    return Period(record.last_day if record.type == 1 else record.first_day, record.last_day)


def _found(
    request: ApiRequest, number: int, table: str = ""
) -> tuple[ExaminationRecord, dict[str, PopulationStory]]:
    record = examination(request.auth.organization, number)
    if record is None:
        raise Http404
    found = population_stories(record.results, period=_period(record), streams=streams_by_table())
    if table and table not in found:
        raise Http404
    return record, found
