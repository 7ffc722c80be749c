"""The year of all controls: what is overdue first, a picture, and every control's standing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from reperform.accounts.queries import members
from reperform.program.calendar import Calendared
from reperform.program.calendar.periods import Shown, shown_periods
from reperform.program.calendar.picture import HEAD, LEFT, MARKS, WIDTH, heat_map
from reperform.program.calendar.standing import months_of
from reperform.program.calendar.year import Window, WindowState
from reperform.program.queries import current_scope
from reperform.program.queries.occurrences import ControlStanding, standings
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_COMING = 15


@dataclass(frozen=True, slots=True)
class Line:
    """A control as the list shows it."""

    found: ControlStanding
    owner_name: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A window that somebody has to fill now or next."""

    control: Calendared
    window: Window
    owner_name: str


@page("calendar.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show how every control stands in the period."""
    visitor = request.visitor
    today = visitor.at.date()
    shown = shown_periods(current_scope(visitor.organization).document, today=today)
    now = _chosen_period(request, shown)
    every = standings(visitor.organization, now.period, today=today)
    people = list(members(visitor.organization))
    names = {each.pk: str(each.user) for each in people}
    chosen = {
        name: request.GET.get(name, "") for name in ("state", "owner", "criterion", "q", "calendar")
    }
    found = [each for each in every if _is_chosen(each, chosen)]
    paged = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    on_page = list(paged.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "web/calendar/overview.html",
        {
            "shown": shown,
            "now": now,
            "lines": [Line(each, _name(each, names)) for each in on_page],
            "page": paged,
            "count": len(found),
            "has_controls": bool(every),
            "chosen": chosen,
            "query": query.urlencode(),
            "totals": _totals(every),
            "outside": sum(bool(each.control.said) for each in every),
            "coming": _coming(found, names),
            "states": [each for each in WindowState if each is not WindowState.NOT_EXPECTED],
            "owners": [each for each in people if each.is_active],
            "criteria": sorted({name for each in every for name in each.control.criteria}),
            **_picture(on_page, now),
        },
    )


def _chosen_period(request: PageRequest, shown: Sequence[Shown]) -> Shown:
    wanted = request.GET.get("period", "")
    return next((each for each in shown if each.name == wanted), shown[0])


def _is_chosen(each: ControlStanding, chosen: Mapping[str, str]) -> bool:
    control, state = each.control, chosen["state"]
    words = chosen["q"].casefold().split()
    text = f"{control.code} {control.title}".casefold()
    if state:
        is_listed = state in each.standing.counts
    else:
        is_listed = not control.said or chosen["calendar"] == "all"
    return (
        is_listed
        and chosen["owner"] in ("", str(each.owner or "nobody"))
        and chosen["criterion"] in ("", *control.criteria)
        and all(word in text for word in words)
    )


def _name(each: ControlStanding, names: Mapping[int, str]) -> str:
    return names.get(each.owner or 0, "")


def _totals(every: Sequence[ControlStanding]) -> list[tuple[WindowState, int, int]]:
    """Return of each state how many windows have it, and of how many controls."""
    return [
        (
            state,
            sum(each.standing.count(state) for each in every),
            sum(state in each.standing.counts for each in every),
        )
        for state in WindowState
    ]


def _coming(found: Sequence[ControlStanding], names: Mapping[int, str]) -> list[Coming]:
    """Return what is to be done next, the most urgent first."""
    windows = [
        (each, window)
        for each in found
        for window in (*each.standing.open, each.standing.following)
        if window is not None
    ]
    windows.sort(key=lambda pair: (pair[1].slot.due_on, pair[0].control.code))
    return [
        Coming(each.control, window, names.get(window.slot.owner or 0, ""))
        for each, window in windows[:_COMING]
    ]


def _picture(lines: Sequence[ControlStanding], now: Shown) -> dict[str, object]:
    drawn = [(each.control.code, each.standing) for each in lines if each.standing.counts]
    return {
        "picture": heat_map(drawn, now.period) if drawn else None,
        "width": WIDTH,
        "left": LEFT,
        "head": HEAD,
        "months": list(months_of(now.period)),
        "drawn": drawn,
        "marks": [(state, MARKS.get(state, "")) for state in WindowState],
    }
