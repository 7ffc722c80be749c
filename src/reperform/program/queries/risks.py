"""The register of risks: what stands in it, what is overdue, and how each was judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.program.models import Risk, RiskAssessment, RiskScales
from reperform.program.risks.assessment import FIELDS as ASSESSED
from reperform.program.risks.assessment import Assessment
from reperform.program.risks.risk import Category, RiskFields, RiskState, Treatment
from reperform.program.risks.scales import Rating, Scales, first_scales, read_scales

LATEST = "latest_judgment"
"""Where `risk_rows` puts the latest judgment of each risk: a list of one, or of none."""
_PEOPLE = ("owner", "accepted_by")


@dataclass(frozen=True, slots=True)
class CurrentScales:
    """The scales that hold; number 0 and the first ones while nobody decided any."""

    number: int
    scales: Scales
    row: RiskScales | None
    by: str = "the library"


def current_scales(organization: Organization) -> CurrentScales:
    """Return the scales that hold."""
    row = RiskScales.objects.filter(organization=organization).order_by("-number").first()
    if row is None:
        return CurrentScales(0, first_scales(), None)
    return CurrentScales(row.number, scales_of(row), row, row.by)


def scales_of(row: RiskScales) -> Scales:
    """Return the scales of a version, which were read before they were kept."""
    return read_scales(row.content)[0]


def scales_versions(organization: Organization) -> list[RiskScales]:
    """Return every version of the scales, newest first."""
    return list(RiskScales.objects.filter(organization=organization).order_by("-number"))


def risk_rows(organization: Organization) -> QuerySet[Risk]:
    """Return every risk with its people and its latest judgment, by number."""
    latest = RiskAssessment.objects.filter(is_latest=True).select_related("scales")
    return (
        Risk.objects.filter(organization=organization)
        .select_related("owner__user", "accepted_by__user")
        .prefetch_related(Prefetch("assessments", queryset=latest, to_attr=LATEST))
        .order_by("number")
    )


def risk_row(organization: Organization, number: int) -> Risk | None:
    """Return one risk; None when there is none of that number."""
    return risk_rows(organization).filter(number=number).first()


def judgments(risk: Risk) -> list[RiskAssessment]:
    """Return every judgment of a risk, newest first."""
    return list(risk.assessments.select_related("scales").order_by("-number"))


def fields_of(risk: Risk) -> RiskFields:
    """Return what is said of a risk."""
    said = {
        name: getattr(risk, f"{name}_id" if name in _PEOPLE else name)
        for name in RiskFields.__dataclass_fields__
    }
    return RiskFields(
        **said
        | {
            "category": Category(risk.category),
            "treatment": Treatment(risk.treatment),
            "state": RiskState(risk.state),
            "controls": tuple(risk.controls),
            "criteria": tuple(risk.criteria),
        }
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgment with what it means on the scales that it was made with.

    Attributes:
        row: as it is kept.
        scales: of its day.
        inherent: its rating without any control.
        residual: its rating with what is done.
        is_earlier: other scales hold by now.
    """

    row: RiskAssessment
    scales: Scales
    inherent: Rating
    residual: Rating
    is_earlier: bool

    @property
    def inherent_levels(self) -> tuple[str, str]:
        """Names of its likelihood and its impact without any control."""
        return self._names(self.row.inherent_likelihood, self.row.inherent_impact)

    @property
    def residual_levels(self) -> tuple[str, str]:
        """Names of its likelihood and its impact with what is done."""
        return self._names(self.row.residual_likelihood, self.row.residual_impact)

    def _names(self, likelihood: int, impact: int) -> tuple[str, str]:
        return self.scales.likelihood[likelihood - 1].name, self.scales.impact[impact - 1].name


def judged(row: RiskAssessment, now: CurrentScales) -> Judged:
    """Return a judgment with its ratings; `now` are the scales that hold."""
    is_earlier = row.scales.number != now.number
    scales = scales_of(row.scales) if is_earlier else now.scales
    said = assessment_of(row)
    return Judged(row, scales, said.inherent(scales), said.residual(scales), is_earlier)


def assessment_of(row: RiskAssessment) -> Assessment:
    """Return a judgment as it was made."""
    return Assessment(**{name: getattr(row, name) for name in ASSESSED})


@dataclass(frozen=True, slots=True)
class ListedRisk:
    """A risk as the register shows it; `judged` is None while nobody has judged it."""

    row: Risk
    judged: Judged | None
    is_review_due: bool
    is_acceptance_over: bool
    exceeds_appetite: bool
    """Its rating is above the appetite, and nobody accepted it until a day to come."""


def listed(rows: Iterable[Risk], now: CurrentScales, *, today: date) -> list[ListedRisk]:
    """Return risks of `risk_rows` as the register shows them."""
    return [_listed(row, now, today) for row in rows]


def _listed(row: Risk, now: CurrentScales, today: date) -> ListedRisk:
    (latest,) = getattr(row, LATEST) or [None]
    found = judged(latest, now) if latest else None
    is_open = row.state == RiskState.OPEN
    is_accepted = row.accepted_until is not None and row.accepted_until >= today
    return ListedRisk(
        row=row,
        judged=found,
        is_review_due=is_open and row.review_due_on < today,
        is_acceptance_over=is_open and row.accepted_until is not None and not is_accepted,
        exceeds_appetite=is_open
        and found is not None
        and found.scales.exceeds_appetite(found.residual)
        and not is_accepted,
    )


@dataclass(frozen=True, slots=True)
class RiskFilter:
    """What a list of risks is narrowed to; empty for all.

    Attributes:
        text: in title, description or objective.
        state: open or closed.
        category: see `Category`.
        owner: number of a member.
        treatment: see `Treatment`.
        due: only those whose review or acceptance is overdue.
        cell: likelihood and impact of the latest judgment, as in `4-5`, on the scales that hold.
        which: `inherent` or `residual`, for the cell.
    """

    text: str = ""
    state: str = ""
    category: str = ""
    owner: int | None = None
    treatment: str = ""
    due: bool = False
    cell: str = ""
    which: str = "residual"


def risks_like(organization: Organization, wanted: RiskFilter, *, today: date) -> QuerySet[Risk]:
    """Return the risks that a filter asks for, by number."""
    found = risk_rows(organization)
    for name in ("state", "category", "treatment", "owner"):
        value = getattr(wanted, name)
        if value:
            found = found.filter(**{name: value})
    if wanted.text:
        text = wanted.text
        found = found.filter(
            Q(title__icontains=text) | Q(description__icontains=text) | Q(objective__icontains=text)
        )
    if wanted.due:
        late = Q(review_due_on__lt=today) | Q(accepted_until__lt=today)
        found = found.filter(late, state=RiskState.OPEN)
    likelihood, _, impact = wanted.cell.partition("-")
    if likelihood.isdecimal() and impact.isdecimal() and len(wanted.cell) < 6:  # noqa: PLR2004 - two levels
        which = "inherent" if wanted.which == "inherent" else "residual"
        found = found.filter(
            assessments__is_latest=True,
            assessments__scales__number=current_scales(organization).number,
            **{
                f"assessments__{which}_likelihood": int(likelihood),
                f"assessments__{which}_impact": int(impact),
            },
        )
    return found


@dataclass(frozen=True, slots=True)
class RiskCounts:
    """What matters first in the register.

    Attributes:
        open: open risks.
        closed: closed ones.
        unjudged: open ones that nobody has judged.
        undecided: open ones about which nothing is decided.
        review_due: open ones whose review is overdue.
        acceptance_over: open ones that were accepted until a day that is past.
        ratings: open ones by residual rating, judged with the scales that hold.
        earlier: open ones whose latest judgment was made with other scales.
    """

    open: int
    closed: int
    unjudged: int
    undecided: int
    review_due: int
    acceptance_over: int
    ratings: Mapping[Rating, int]
    earlier: int


def risk_counts(organization: Organization, now: CurrentScales, *, today: date) -> RiskCounts:
    """Return the counts of the whole register, in two queries."""
    is_open = Q(state=RiskState.OPEN)
    found = Risk.objects.filter(organization=organization).aggregate(
        open=Count("pk", filter=is_open),
        closed=Count("pk", filter=~is_open),
        undecided=Count("pk", filter=is_open & Q(treatment=Treatment.UNDECIDED)),
        review_due=Count("pk", filter=is_open & Q(review_due_on__lt=today)),
        acceptance_over=Count("pk", filter=is_open & Q(accepted_until__lt=today)),
    )
    cells = (
        RiskAssessment.objects.filter(
            risk__organization=organization, risk__state=RiskState.OPEN, is_latest=True
        )
        .values_list("scales__number", "residual_likelihood", "residual_impact")
        .annotate(count=Count("pk"))
    )
    ratings, earlier, judged_ones = dict.fromkeys(Rating, 0), 0, 0
    for scales, likelihood, impact, count in cells:
        judged_ones += count
        if scales == now.number:
            ratings[now.scales.rating(likelihood, impact)] += count
        else:
            earlier += count
    return RiskCounts(
        **found, unjudged=found["open"] - judged_ones, ratings=ratings, earlier=earlier
    )
