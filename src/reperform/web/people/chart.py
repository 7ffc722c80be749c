"""The org chart of any day, drawn from the register, with the same as a nested list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.program.people import Kind
from reperform.program.people.chart import Placed, chart_lines, picture
from reperform.program.queries.people import held, people_on
from reperform.web.page import PageRequest, page
from reperform.web.people.register import asked_day

_MOST = 2_000
"""People in one chart; a larger organization is read by department, in the list."""


@page("people.view")
def chart(request: PageRequest) -> HttpResponse:
    """Show who reports to whom on a day."""
    day = asked_day(request, "on")
    there = people_on(request.visitor.organization, day)
    found = held(there[:_MOST], day)
    lines = chart_lines(
        Placed(
            each.person.number,
            each.person.name,
            each.position,
            each.manager,
            each.kind == Kind.CONTRACTOR,
        )
        for each in found
    )
    context = {
        "day": day,
        "lines": lines,
        "picture": picture(lines),
        "count": len(found),
        "more": there.count() - len(found),
        "leading": sum(bool(each.leads) for each in lines),
        "astray": sum(each.is_astray for each in lines),
    }
    return render(request, "web/people/chart.html", context)


urlpatterns = [path("chart/", chart, name="org_chart")]
