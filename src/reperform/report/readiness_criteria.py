"""The gap report's main part: each criterion, how it stands, and why."""

from collections.abc import Iterator

from reperform.audit.examination import Examination
from reperform.program.gap import CriterionGap, Facet, Readiness
from reperform.report.document import (
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
    anchor,
)
from reperform.report.readiness_summary import STATUS_TONES
from reperform.report.text import Cell, Text, Tone, bold, line, lines

_FACETS = ("Designed", "In place", "Evidenced", "Operated")

_TONES = {
    Facet.YES: Tone.GOOD,
    Facet.PARTLY: Tone.UNSURE,
    Facet.NO: Tone.BAD,
    Facet.UNKNOWN: Tone.UNSURE,
    Facet.NOT_EXAMINED: Tone.MUTED,
}


def criteria_blocks(examination: Examination) -> Iterator[Block]:
    """Yield the overview of all criteria, then each one."""
    yield Table(
        caption="Criteria in scope",
        columns=(
            Column("Criterion", 11),
            Column("Subject", 36),
            Column("Status", 13),
            *(Column(name, 11) for name in _FACETS),
        ),
        rows=tuple(
            Row((_named(gap), lines(gap.criterion.title), lines(_status(gap)), *_facets(gap)))
            for gap in examination.gaps
        ),
    )
    for gap in examination.gaps:
        yield from _criterion(examination, gap)


def _named(gap: CriterionGap) -> Cell:
    return lines(Text(gap.criterion.id, link=anchor("criterion", gap.criterion.id)))


def _status(gap: CriterionGap) -> Text:
    return bold(gap.status.value.capitalize(), STATUS_TONES[gap.status])


def _facets(subject: CriterionGap | Readiness) -> tuple[Cell, ...]:
    facets = (subject.designed, subject.implemented, subject.evidenced, subject.operated)
    return tuple(lines(Text(facet.value.capitalize(), tone=_TONES[facet])) for facet in facets)


def _criterion(examination: Examination, gap: CriterionGap) -> Iterator[Block]:
    criterion = gap.criterion
    yield Heading(
        level=2,
        text=f"{criterion.id}  {criterion.title}",
        id=anchor("criterion", criterion.id),
        is_listed=False,
    )
    yield Paragraph(line(_status(gap), f". {gap.reason}"), leads=True)
    if gap.controls:
        yield _controls(examination, gap)
    if gap.missing_points:
        yield Paragraph(
            line(bold("Points of focus that nothing seen in place addresses yet")), leads=True
        )
        yield Bullets(tuple(line(f"{point.id}: {point.label}") for point in gap.missing_points))
    if gap.steps:
        yield Paragraph(line(bold("Next")), leads=True)
        yield Bullets(tuple(line(step) for step in _together(gap)))


def _together(gap: CriterionGap) -> Iterator[str]:
    """Yield each step once, with every control that it is for."""
    controls: dict[str, list[str]] = {}
    for step in gap.steps:
        control, _, todo = step.partition(": ")
        if control in gap.controls:
            controls.setdefault(todo, []).append(control)
        else:
            controls.setdefault(step, [])
    for todo, names in controls.items():
        yield f"{', '.join(names)}: {todo}" if names else todo


def _controls(examination: Examination, gap: CriterionGap) -> Table:
    rows = []
    for name in gap.controls:
        readiness = examination.control(name).readiness
        rows.append(
            Row(
                (
                    lines(line(bold(f"{name} "), readiness.control.title)),
                    *_facets(readiness),
                )
            )
        )
    return Table(
        caption=f"Controls for {gap.criterion.id}",
        columns=(Column("Control", 44), *(Column(name, 14) for name in _FACETS)),
        rows=tuple(rows),
    )
