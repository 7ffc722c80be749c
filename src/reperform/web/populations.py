"""One table of an examination: columns, sources, days, digest, and its rows to take away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render

from reperform.audit.models import ExaminationRecord
from reperform.audit.population_story import PopulationStory, population_stories
from reperform.audit.queries import examination, output_path
from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.evidence.sources import TABLES, streams_by_table
from reperform.report.actions.freezing import release_population
from reperform.report.population_rows import NoSuchTableError, population_csv
from reperform.web.asked import Asked, form_fields, sent
from reperform.web.connections.bars import bar
from reperform.web.page import PageRequest, page

_RELEASE = (
    Asked(
        "reason",
        "Why it may change",
        "text",
        is_needed=True,
        help="What changed at the source, and why the later rows are the right ones.",
    ),
)


def evidence_period(record: ExaminationRecord) -> Period:
    """Return the days that an examination's evidence must cover."""
    return Period(record.last_day if record.type == 1 else record.first_day, record.last_day)


def stories(record: ExaminationRecord) -> dict[str, PopulationStory]:
    """Return every table of an examination, by name."""
    period = evidence_period(record)
    return population_stories(record.results, period=period, streams=streams_by_table())


@page("results.view", post="results.edit")
def population(request: PageRequest, number: int, table: str) -> HttpResponse:
    """Show one table; a POST lets it go that was frozen."""
    record, story = _found(request, number, table)
    said, refusal = sent(request, _RELEASE), None
    if request.method == "POST":
        try:
            release_population(
                organization=request.visitor.organization,
                table=table,
                period=evidence_period(record),
                reason=said["reason"],
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except RefusalError as error:
            refusal = error
        else:
            messages.success(request, f"{table} is released; the next examination freezes it anew.")
            slug = request.visitor.organization.slug
            return redirect("examination_population", slug, number, table)
    context: dict[str, Any] = {
        "examination": record,
        "story": story,
        "spec": TABLES.get(table),
        "period": evidence_period(record),
        "bars": [bar(story.days, evidence_period(record))],
        "fields": form_fields(_RELEASE, said),
        "refusal": refusal,
    }
    return render(request, "web/population.html", context, status=422 if refusal else 200)


@page("results.view")
def population_rows(request: PageRequest, number: int, table: str) -> HttpResponseBase:
    """Hand out the rows of a table as CSV."""
    record, _ = _found(request, number, table)
    try:
        lines = population_csv(output_path(record, "bundle.zip"), table)
    except NoSuchTableError:
        raise Http404 from None
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{request.visitor.organization.slug}-{number}-{table}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _found(
    request: PageRequest, number: int, table: str
) -> tuple[ExaminationRecord, PopulationStory]:
    record = examination(request.visitor.organization, number)
    story = stories(record).get(table) if record else None
    if record is None or story is None:
        raise Http404
    return record, story
