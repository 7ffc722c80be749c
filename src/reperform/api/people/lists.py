"""Populations of a period and the org chart of a day, for programs."""

from datetime import date

from django.http import Http404
from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Refused
from reperform.base.period import Period
from reperform.base.problem import Problem
from reperform.program.people.chart import Placed, chart_lines
from reperform.program.people.populations import Member, Population, stated
from reperform.program.queries.people import held, people_on
from reperform.program.queries.populations import population

router = Router()
_MOST = 2_000
"""People in one chart."""


class PopulationMemberOut(Schema):
    """One event of a population; `access` and `access_due` are of leavers."""

    person: int
    name: str
    email: str
    day: date
    kind: str
    position: str
    department: str
    manager: str
    before: str
    access: date | None
    access_due: date | None

    @staticmethod
    def of(member: Member) -> "PopulationMemberOut":
        """Return an event as an answer."""
        names = PopulationMemberOut.model_fields
        return PopulationMemberOut(**{name: getattr(member, name) for name in names})


class PopulationOut(Schema):
    """A population: what it is and how many, in words and as values; whole, never a page of it."""

    said: str
    first: date
    last: date
    count: int
    is_over: bool
    members: list[PopulationMemberOut]


class ChartLineOut(Schema):
    """One line of the org chart; `depth` is 0 for who reports to nobody who is there."""

    person: int
    name: str
    position: str
    manager: int | None
    depth: int
    leads: int
    is_astray: bool


@router.get(
    "/populations/{str:population}",
    response={200: PopulationOut, 422: Refused},
    auth=takes("people.view"),
)
def read_population(
    request: ApiRequest, population: str, first: date | None = None, last: date | None = None
) -> PopulationOut:
    """Return everybody who joined, left or moved in a period: today's, unless it is named."""
    return _population(request, population, first, last)


@router.get("/chart", response=list[ChartLineOut], auth=takes("people.view"))
def read_chart(request: ApiRequest, on: date | None = None) -> list[ChartLineOut]:
    """Return who reports to whom on a day, each below whom they report to; at most 2,000."""
    day = on or request.auth.at.date()
    found = held(people_on(request.auth.organization, day)[:_MOST], day)
    lines = chart_lines(
        Placed(each.person.number, each.person.name, each.position, each.manager) for each in found
    )
    return [
        ChartLineOut(
            person=line.person.number,
            name=line.person.name,
            position=line.person.position,
            manager=line.person.manager,
            depth=line.depth,
            leads=line.leads,
            is_astray=line.is_astray,
        )
        for line in lines
    ]


def _population(
    request: ApiRequest, name: str, first: date | None, last: date | None
) -> PopulationOut:
    if name not in [each.value for each in Population]:
        raise Http404
    today = request.auth.at.date()
    begin, end = first or today, last or today
    if end < begin:
        todo = "write the earlier day as first"
        raise ContentRefusedError([Problem("last", "is before first", todo, "person-field")])
    which, period = Population(name), Period(begin, end)
    members = population(request.auth.organization, which, period)
    return PopulationOut(
        said=stated(which, period, len(members)),
        first=begin,
        last=end,
        count=len(members),
        is_over=end < today,
        members=[PopulationMemberOut.of(each) for each in members],
    )
