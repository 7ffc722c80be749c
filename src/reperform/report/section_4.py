"""Section IV: criteria, controls and, in a Type 2, the tests and what they found."""

import re
from collections.abc import Iterator
from itertools import groupby

from reperform.audit.examination import Examination, ExaminedControl, Wording
from reperform.catalog.controls import FAMILIES, Control
from reperform.report.control_results import control_results
from reperform.report.document import (
    Block,
    Column,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Row,
    Table,
    anchor,
)
from reperform.report.outcomes import outcome_table
from reperform.report.phrases import LOCKED, sentence
from reperform.report.text import Cell, Text, Tone, bold, line, lines
from reperform.report.wording import passage


def section_4(examination: Examination) -> Iterator[Block]:
    """Yield the blocks of Section IV."""
    if examination.scope.type == 1:
        yield Heading(1, "Section IV. Criteria and controls", "section-4")
        yield from passage("controls-only")
    else:
        yield Heading(1, "Section IV. Criteria, controls, tests and results", "section-4")
        yield from passage("tests")
        yield Heading(2, "Results in numbers", "results")
        yield outcome_table(examination)
        yield PageBreak()
    yield from _matrix(examination)
    yield from _controls(examination)


def _matrix(examination: Examination) -> Iterator[Block]:
    yield Heading(2, "Criteria and the controls that serve them", "matrix")
    serving = {
        criterion.id: [
            examined.readiness.control.id
            for examined in examination.controls
            if criterion.id in examined.readiness.control.criteria
        ]
        for criterion in examination.criteria
    }
    for category, criteria in groupby(examination.criteria, key=lambda each: each.category):
        yield Table(
            caption=f"{category.capitalize()} criteria",
            columns=(Column("Criterion", 14), Column("Subject", 45), Column("Controls", 41)),
            rows=tuple(
                Row((lines(bold(each.id)), lines(each.title), _serving(examination, each.id, ids)))
                for each in criteria
                for ids in [serving[each.id]]
            ),
        )


def _serving(examination: Examination, criterion: str, controls: list[str]) -> Cell:
    """Return links to the controls, or why there is none."""
    if controls:
        links: list[str | Text] = []
        for name in controls:
            links += [", "] if links else []
            links.append(Text(name, link=anchor("control", name)))
        return lines(line(*links))
    reason = examination.statement.not_applicable.get(criterion)
    if reason:
        return lines(Text(f"Does not apply: {reason}", tone=Tone.MUTED))
    return lines(bold("No control.", Tone.BAD))


def _controls(examination: Examination) -> Iterator[Block]:
    yield PageBreak()
    for family, group in groupby(
        examination.controls, key=lambda examined: examined.readiness.control.family
    ):
        name = FAMILIES.get(family, family)
        yield Heading(2, f"Controls: {name}", anchor("family", family))
        for examined in group:
            yield from _control(examination, examined)


def _control(examination: Examination, examined: ExaminedControl) -> Iterator[Block]:
    control = examined.readiness.control
    yield Heading(3, f"{control.id}  {control.title}", anchor("control", control.id))
    for part in re.split(r"\n\s*\n", control.text):
        yield Paragraph(line(part.strip()), leads=True)
    yield KeyValues((*_facts(examination, control), *_wording(examined)))
    if examination.scope.type == 1:
        yield Table(
            caption=f"Service auditor's part on {control.id}",
            columns=(Column("Subject", 40), Column("Conclusion", 60)),
            rows=(Row((lines("Suitability of design"), lines(LOCKED)), Tone.LOCKED),),
        )
    else:
        yield from control_results(examined, examination.waivers)


def _wording(examined: ExaminedControl) -> Iterator[tuple[str, Cell]]:
    """Yield whose words these are, when they are not the library's."""
    if examined.wording is Wording.OWN:
        yield "Wording", lines("Management's own control; the library has none like it.")
    if examined.wording is Wording.TAILORED:
        said = "Tailored by management. The tests below are written for the library's text."
        fits = examined.fits
        told = [sentence(each[:1].upper() + each[1:]) for each in (*fits.fits, *fits.lacking)]
        yield "Wording", lines(Text(said, tone=Tone.MUTED if fits.is_whole else Tone.UNSURE), *told)


def _facts(examination: Examination, control: Control) -> Iterator[tuple[str, Cell]]:
    adoption = examination.statement.controls.get(control.id)
    yield "Criteria", lines(", ".join(control.criteria))
    yield "Kind and frequency", lines(f"{control.nature}, {control.kind}, {control.frequency}")
    if adoption is None:
        yield (
            "Owner",
            lines(
                line(
                    Text("Proposed, not adopted by management. ", tone=Tone.UNSURE),
                    f"Suggested: {control.owner}",
                )
            ),
        )
    else:
        since = f", adopted {adoption.adopted_on}" if adoption.adopted_on else ""
        yield "Owner", lines(f"{adoption.owner}{since}")
    yield "Trace that it leaves", lines("; ".join(control.evidence) or "None is named.")
    if control.population:
        yield "Population", lines(sentence(control.population))
