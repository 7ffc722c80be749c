"""Management's gap analysis and plan -> Document, for PDF and DOCX."""

from collections.abc import Iterator

from reperform.program.gap import Facet, Readiness, Status
from reperform.program.gap.analysis import CriterionStanding, GapAnalysis, PointState
from reperform.program.plan.state import ProgramState
from reperform.report.document import (
    Bars,
    Block,
    Bullets,
    Callout,
    Column,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Row,
    Segment,
    Table,
    anchor,
)
from reperform.report.phrases import GAP, counted, day, listed, moment, sentence
from reperform.report.plan_blocks import plan_blocks
from reperform.report.readiness_summary import STATUS_TONES
from reperform.report.text import Cell, Text, Tone, bold, line, lines
from reperform.report.wording import passage_lines

FACET_TONES = {
    Facet.YES: Tone.GOOD,
    Facet.PARTLY: Tone.UNSURE,
    Facet.NO: Tone.BAD,
    Facet.UNKNOWN: Tone.UNSURE,
    Facet.NOT_EXAMINED: Tone.MUTED,
}
_POINT_TONES = {
    PointState.IN_PLACE: Tone.GOOD,
    PointState.DESIGNED: Tone.UNSURE,
    PointState.OPEN: Tone.BAD,
}


def gap_document(state: ProgramState, *, is_example: bool) -> Document:
    """Return the gap analysis with the plan as one document; that of an example says so."""
    analysis = state.analysis
    return Document(
        title="Gap analysis and remediation plan",
        subtitle=f"{analysis.scope.system or '[system not named]'}, as of {day(state.at.date())}",
        organization=state.organization,
        notice=f"Example. {GAP}" if is_example else GAP,
        cover=KeyValues(
            (
                ("Toward", lines(_toward(analysis))),
                ("Categories", lines(listed(analysis.scope.categories).capitalize())),
                ("Scope", lines(_scope(analysis))),
                ("Rests on", lines(_seen(analysis))),
                ("Computed", lines(moment(state.at))),
            )
        ),
        opening=passage_lines("gap-analysis"),
        blocks=tuple(_blocks(state)),
    )


def _toward(analysis: GapAnalysis) -> str:
    period = analysis.scope.period
    if period is None:
        return "[type and period not decided]"
    if analysis.scope.type == 1:
        return f"SOC 2 Type 1 as of {day(period.last)}"
    return f"SOC 2 Type 2, {day(period.first)} to {day(period.last)}"


def _scope(analysis: GapAnalysis) -> str:
    number = analysis.scope_number
    return f"version {number}" if number else "not decided: only security is looked at"


def _seen(analysis: GapAnalysis) -> str:
    adopted = counted(len(analysis.adopted), "adopted control")
    seen = analysis.seen
    if seen is None:
        return f"{adopted}; no examination was run, so nobody has seen any of them"
    return f"{adopted}; examination {seen.number}, evidence seen on {day(seen.on)}"


def _blocks(state: ProgramState) -> Iterator[Block]:
    analysis = state.analysis
    yield Heading(1, "1. Where the program stands", "summary")
    yield from _summary(analysis)
    yield Heading(1, "2. Remediation plan", "plan")
    yield from plan_blocks(state.tasks, state.schedule, state.start, today=state.at.date())
    yield PageBreak()
    yield Heading(1, "3. Criterion by criterion", "criteria")
    for standing in analysis.criteria:
        yield from _criterion(standing, analysis)


def _summary(analysis: GapAnalysis) -> Iterator[Block]:
    total = analysis.counts()
    criteria = counted(len(analysis.criteria), "criterion", "criteria")
    yield Paragraph(
        line(
            bold(f"{total[Status.MET]} of {criteria}"),
            f" in scope are met, {total[Status.PARTLY]} partly met, {total[Status.NOT_MET]} not "
            f"met, {total[Status.NOT_APPLICABLE]} not applicable.",
        )
    )
    if analysis.caveats or analysis.seen is None:
        said = analysis.caveats or ("no examination was run yet",)
        items = tuple(line(sentence(each[:1].upper() + each[1:])) for each in said)
        yield Callout(Tone.UNSURE, "What limits this analysis", (), items)
    yield Bars(
        caption="Criteria in scope by status",
        segments=tuple(Segment(status.value, STATUS_TONES[status]) for status in Status),
        rows=tuple(
            (category.capitalize(), tuple(analysis.counts(category).values()))
            for category in analysis.scope.categories
        ),
    )
    yield Table(
        caption="Criteria in scope",
        columns=(Column("Criterion", 26), Column("Status", 14), Column("What is missing", 60)),
        rows=tuple(
            Row(
                (
                    lines(
                        Text(each.criterion.id, bold=True, link=_place(each)), each.criterion.title
                    ),
                    _status(each.gap.status),
                    lines(each.gap.reason),
                )
            )
            for each in analysis.criteria
        ),
    )


def _place(standing: CriterionStanding) -> str:
    return anchor("criterion", standing.criterion.id)


def _status(status: Status) -> Cell:
    return lines(bold(status.value, STATUS_TONES[status]))


def _facet(facet: Facet) -> Cell:
    return lines(Text(facet.value, tone=FACET_TONES[facet]))


def _criterion(standing: CriterionStanding, analysis: GapAnalysis) -> Iterator[Block]:
    criterion = standing.criterion
    yield Heading(2, f"{criterion.id} {criterion.title}", _place(standing))
    status = standing.gap.status
    yield Paragraph(
        line(bold(f"{status.value.capitalize()}. ", STATUS_TONES[status]), standing.gap.reason)
    )
    if status is Status.NOT_APPLICABLE:
        return
    yield Table(
        caption=f"{criterion.id}: points of focus, which illustrate it and are no requirements",
        columns=(Column("Point", 12), Column("About", 48), Column("State", 24), Column("By", 16)),
        rows=tuple(
            Row(
                (
                    lines(each.point.id),
                    lines(each.point.label),
                    lines(Text(each.state.value, tone=_POINT_TONES[each.state])),
                    lines(", ".join(each.controls)),
                )
            )
            for each in standing.points
        ),
    )
    if standing.controls:
        yield _controls(standing, analysis)
    steps = [f"{each.control.id}: {step}" for each in standing.controls for step in each.steps]
    if steps:
        yield Paragraph(line(bold("Next steps")), leads=True)
        yield Bullets(tuple(line(step) for step in steps))


def _controls(standing: CriterionStanding, analysis: GapAnalysis) -> Table:
    return Table(
        caption=f"{standing.criterion.id}: controls adopted for it",
        columns=(
            Column("Control", 27),
            *(Column(name, 10) for name in ("In place", "Evidence", "Operated")),
            Column("Why", 43),
        ),
        rows=tuple(
            Row(
                (
                    lines(
                        bold(each.control.id),
                        each.control.title,
                        analysis.adopted[each.control.id].owner or "nobody answers for it",
                    ),
                    _facet(each.implemented),
                    _facet(each.evidenced),
                    _facet(each.operated),
                    lines(*_why(each)),
                )
            )
            for each in standing.controls
        ),
    )


def _why(readiness: Readiness) -> list[str]:
    return [
        sentence(each[:1].upper() + each[1:]) for each in (*readiness.reasons, *readiness.notes)
    ]
