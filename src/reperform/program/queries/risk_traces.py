"""What the register of risks says of criteria and controls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, FilteredRelation, Q

from reperform.accounts.models import Organization
from reperform.program.gap.traced import traced
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import Risk, RiskAssessment
from reperform.program.queries.risks import CurrentScales, current_scales
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.risks.risk import Category, RiskState, Treatment
from reperform.program.risks.scales import Rating

_YEAR = timedelta(days=365)
_NAMED = 5
_HIGH = (Rating.HIGH, Rating.CRITICAL)


def risk_traces(asked: TracesAsked) -> list[Trace]:
    """Return what the register says as of a day, in four queries at most."""
    organization = asked.organization
    counts = _counts(organization, asked.day)
    about = ("CC3.1", "CC3.2", "CC3.3", "CC3.4")
    if not counts.every:
        said = "The register of risks is empty, so nothing of this was looked at."
        return [_trace(said, TraceState.NOT_CHECKED, *about)]
    if not counts.open:
        return [_trace("No risk of the register is open.", TraceState.LACKING, *about)]
    now = current_scales(organization)
    found = [
        trace
        for topic, each in _of_criteria(counts)
        for trace in asked.about(each, traced("risks", topic))
    ]
    return [*found, *_of_controls(organization, now)]


@dataclass(frozen=True, slots=True)
class _Counts:
    """Open risks, and how many of them, `judged` in the last year; `every` is 0 for none ever."""

    every: int
    open: int
    judged: int
    fraud: int
    change: int
    without_objective: int
    review_due: int
    undecided: int
    acceptance_over: int


def _counts(organization: Organization, today: date) -> _Counts:
    is_judged = Q(judgment__on__gte=today - _YEAR)
    latest = FilteredRelation("assessments", condition=Q(assessments__is_latest=True))
    every = Risk.objects.filter(organization=organization)
    found = (
        every.filter(state=RiskState.OPEN)
        .annotate(judgment=latest)
        .aggregate(
            open=Count("pk"),
            judged=Count("pk", filter=is_judged),
            fraud=Count("pk", filter=is_judged & Q(category=Category.FRAUD)),
            change=Count("pk", filter=is_judged & Q(category=Category.CHANGE)),
            without_objective=Count("pk", filter=Q(objective="")),
            review_due=Count("pk", filter=Q(review_due_on__lt=today)),
            undecided=Count("pk", filter=Q(treatment=Treatment.UNDECIDED)),
            acceptance_over=Count("pk", filter=Q(accepted_until__lt=today)),
        )
    )
    return _Counts(every=found["open"] or every[:1].count(), **found)


def _of_criteria(counts: _Counts) -> Iterator[tuple[str, Trace]]:
    """Yield each sentence with its topic in `library/traces.yaml`."""
    lacking, kept = TraceState.LACKING, TraceState.KEPT
    if counts.without_objective:
        said = (
            f"{counts.without_objective} of {counts.open} open risks do not say what they threaten."
        )
        yield "assessment", _trace(said, lacking, "CC3.1")
    else:
        said = f"Each of {counts.open} open risks says what it threatens."
        yield "assessment", _trace(said, kept, "CC3.1")
    said = f"{counts.judged} of {counts.open} open risks were judged in the last 12 months"
    late = f", {counts.review_due} reviews are overdue" if counts.review_due else ""
    is_kept = counts.judged == counts.open and not counts.review_due
    yield "assessment", _trace(f"{said}{late}.", kept if is_kept else lacking, "CC3.2")
    for count, topic, what, criterion in (
        (counts.fraud, "fraud", "fraud", "CC3.3"),
        (counts.change, "change", "a significant change", "CC3.4"),
    ):
        if count:
            said = f"Risks of {what} that were judged in the last 12 months: {count}."
            yield topic, _trace(said, kept, criterion)
        else:
            said = f"No open risk of {what} was judged in the last 12 months."
            yield topic, _trace(said, lacking, criterion)
    open_ends = [
        f"{count} {what}"
        for count, what in (
            (counts.acceptance_over, "accepted until a day that is over"),
            (counts.undecided, "about which nothing is decided"),
        )
        if count
    ]
    if open_ends:
        yield "treatment", _trace(f"Open risks: {', '.join(open_ends)}.", lacking, "CC9.1")
    else:
        said = f"Each of {counts.open} open risks is treated, and no acceptance is over."
        yield "treatment", _trace(said, kept, "CC9.1")


def _of_controls(organization: Organization, now: CurrentScales) -> Iterator[Trace]:
    """Yield the risks that rest on each control and are high or critical without controls."""
    pairs = Q(pk__in=())
    for likelihood, row in enumerate(now.scales.matrix, start=1):
        impacts = [impact for impact, rating in enumerate(row, start=1) if rating in _HIGH]
        pairs |= Q(inherent_likelihood=likelihood, inherent_impact__in=impacts)
    high = RiskAssessment.objects.filter(
        pairs,
        risk__organization=organization,
        risk__state=RiskState.OPEN,
        is_latest=True,
        scales__number=now.number,
    )
    rows = high.order_by("risk__number").values_list("risk__number", "risk__controls")
    resting: dict[str, list[int]] = {}
    for number, controls in rows:
        for code in controls:
            resting.setdefault(code, []).append(number)
    for code, numbers in sorted(resting.items()):
        named = ", ".join(f"RISK-{number}" for number in numbers[:_NAMED])
        more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
        said = f"It lowers what is high or critical without controls: {named}{more}."
        yield Trace("Risks", said, TraceState.KEPT, "risk", key=str(numbers[0]), control=code)


def _trace(said: str, state: TraceState, *criteria: str) -> Trace:
    return Trace("Risks", said, state, "risks", criteria=criteria)
