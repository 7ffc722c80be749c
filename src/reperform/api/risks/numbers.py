"""The register of risks as a heat map and in numbers, for programs."""

from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.program.queries.risk_pictures import heat_of, losses_of
from reperform.program.queries.risks import current_scales
from reperform.program.risks.heat import HeatMap
from reperform.program.risks.simulate import METHOD, NUMPY, YEARS, Figures

router = Router()


class HeatCellOut(Schema):
    """One pair of levels that has risks in it."""

    likelihood: int
    impact: int
    rating: str
    risks: int


class HeatOut(Schema):
    """Both maps of the open risks on the scales of the version named.

    `earlier` were judged with earlier scales last, `unjudged` by nobody: they are in neither map.
    """

    scales: int
    inherent: list[HeatCellOut]
    residual: list[HeatCellOut]
    mapped: int
    earlier: int
    unjudged: int


class FiguresOut(Schema):
    """What a year costs; `expected` is the closed form, `error` the standard error of `mean`."""

    expected: int
    mean: int
    error: int
    p50: int
    p90: int
    p95: int
    p99: int
    any_loss: float

    @staticmethod
    def of(figures: Figures) -> "FiguresOut":
        """Return figures as an answer."""
        names = Figures.__dataclass_fields__
        return FiguresOut(**{name: getattr(figures, name) for name in names})


class RiskLossOut(Schema):
    """One risk in numbers, with the seed of its simulated years."""

    number: int
    title: str
    seed: str
    figures: FiguresOut


class CurvePointOut(Schema):
    """The share of the simulated years that cost more than `loss`."""

    loss: int
    share: float


class LossesOut(Schema):
    """What a year may cost; `total` is null when no open risk has both ranges.

    `without_ranges` and `left_out` are risks that are not in it: they are unknown, not zero.
    """

    method: str
    years: int
    numpy: str
    total: FiguresOut | None
    curve: list[CurvePointOut]
    risks: list[RiskLossOut]
    without_ranges: list[int]
    left_out: list[int]


@router.get("/heat-map", response=HeatOut, auth=takes("risks.view"))
def read_heat_map(request: ApiRequest) -> HeatOut:
    """Return how many open risks stand in each pair of levels, without controls and today."""
    now = current_scales(request.auth.organization)
    found = heat_of(request.auth.organization, now)
    return HeatOut(
        scales=now.number,
        inherent=_cells(found.inherent),
        residual=_cells(found.residual),
        mapped=found.mapped,
        earlier=found.earlier,
        unjudged=found.unjudged,
    )


def _cells(found: HeatMap) -> list[HeatCellOut]:
    return [
        HeatCellOut(
            likelihood=cell.likelihood,
            impact=cell.impact,
            rating=cell.rating.value,
            risks=cell.count,
        )
        for _, cell in found.filled
    ]


@router.get("/losses", response=LossesOut, auth=takes("risks.view"))
def read_losses(request: ApiRequest) -> LossesOut:
    """Simulate what a year may cost, by the ranges of the open risks; the same each time."""
    found = losses_of(request.auth.organization)
    simulation = found.simulation
    return LossesOut(
        method=METHOD,
        years=YEARS,
        numpy=NUMPY,
        total=FiguresOut.of(simulation.total) if simulation.total else None,
        curve=[CurvePointOut(loss=each.loss, share=each.share) for each in simulation.curve],
        risks=[
            RiskLossOut(
                number=risk.number,
                title=risk.title,
                seed=each.seed,
                figures=FiguresOut.of(each.figures),
            )
            for risk, _, each in found.risks
        ],
        without_ranges=[each.number for each in found.without_ranges],
        left_out=[each.number for each in found.left_out],
    )
