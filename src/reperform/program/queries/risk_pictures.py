"""The register of risks as pictures and in numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from reperform.accounts.models import Organization
from reperform.program.models import Risk, RiskAssessment
from reperform.program.queries.risks import (
    CurrentScales,
    current_scales,
    fields_of,
    listed,
    risk_rows,
)
from reperform.program.risks.heat import HeatMap, heat_map
from reperform.program.risks.line import RiskLine
from reperform.program.risks.ranges import Ranges, ranges_of
from reperform.program.risks.risk import RiskState
from reperform.program.risks.simulate import SimulatedRisk, Simulation, simulate


@dataclass(frozen=True, slots=True)
class Heat:
    """Both maps of the open risks, and what is in neither.

    Attributes:
        inherent: without any control.
        residual: with what is done today.
        mapped: how many risks are in each.
        earlier: how many were judged with earlier scales last.
        unjudged: how many nobody has judged.
    """

    inherent: HeatMap
    residual: HeatMap
    mapped: int
    earlier: int
    unjudged: int


def heat_of(organization: Organization, now: CurrentScales) -> Heat:
    """Return both maps on the scales that hold, in two queries."""
    names = [f"{which}_{side}" for which in ("inherent", "residual") for side in _SIDES]
    cells = (
        RiskAssessment.objects.filter(
            risk__organization=organization, risk__state=RiskState.OPEN, is_latest=True
        )
        .values_list("scales__number", *names)
        .annotate(count=Count("pk"))
        .order_by()
    )
    inherent: Counter[tuple[int, int]] = Counter()
    residual: Counter[tuple[int, int]] = Counter()
    earlier = 0
    for scales, *levels, count in cells:
        if scales == now.number:
            inherent[levels[0], levels[1]] += count
            residual[levels[2], levels[3]] += count
        else:
            earlier += count
    mapped = inherent.total()
    every = Risk.objects.filter(organization=organization, state=RiskState.OPEN).count()
    return Heat(
        heat_map("inherent", now.scales, inherent),
        heat_map("residual", now.scales, residual),
        mapped=mapped,
        earlier=earlier,
        unjudged=every - mapped - earlier,
    )


_SIDES = ("likelihood", "impact")


@dataclass(frozen=True, slots=True)
class NamedRisk:
    """A risk by number and title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Losses:
    """What a year may cost by the ranges of the open risks.

    Attributes:
        simulation: of the risks that have both ranges.
        risks: the simulated ones with their titles and ranges, the most expensive first.
        without_ranges: open risks that are not in it: they are unknown, not zero.
        left_out: risks with ranges that are not in it because they would take too long.
    """

    simulation: Simulation
    risks: tuple[tuple[NamedRisk, Ranges, SimulatedRisk], ...]
    without_ranges: tuple[NamedRisk, ...]
    left_out: tuple[NamedRisk, ...]


def losses_of(organization: Organization) -> Losses:
    """Return the open risks in numbers, in one query."""
    rows = Risk.objects.filter(organization=organization, state=RiskState.OPEN).order_by("number")
    titles: dict[int, NamedRisk] = {}
    found: dict[int, Ranges] = {}
    for number, title, *ends in rows.values_list("number", "title", *_ENDS):
        titles[number] = NamedRisk(number, title)
        if ranges := ranges_of(*ends):
            found[number] = ranges
    simulation = simulate(list(found.items()))
    return Losses(
        simulation,
        tuple((titles[each.number], found[each.number], each) for each in simulation.risks),
        tuple(each for number, each in titles.items() if number not in found),
        tuple(titles[number] for number in simulation.left_out),
    )


_ENDS = ("frequency_low", "frequency_high", "loss_low", "loss_high")


def risk_lines(organization: Organization) -> list[RiskLine]:
    """Return every risk by number, closed ones too, as an export has them; in three queries."""
    entries = listed(risk_rows(organization), current_scales(organization), today=date.min)
    return [
        RiskLine(
            number=each.row.number,
            fields=fields_of(each.row),
            owner=each.row.owner.user.email if each.row.owner else "",
            accepted_by=each.row.accepted_by.user.email if each.row.accepted_by else "",
            review_due_on=each.row.review_due_on,
            judged_on=each.judged.row.on if each.judged else None,
            scales=each.judged.row.scales.number if each.judged else None,
            inherent=each.judged.inherent.value if each.judged else "",
            residual=each.judged.residual.value if each.judged else "",
        )
        for each in entries
    ]
