"""What to do first: what is broken, then what is blind, then what is only on paper."""

from collections.abc import Iterator

from reperform.audit.examination import Examination
from reperform.audit.waived import waived_count
from reperform.base.table import Kind
from reperform.report.document import (
    Block,
    Column,
    Paragraph,
    Row,
    Table,
    anchor,
)
from reperform.report.phrases import counted, sentence
from reperform.report.text import Cell, Text, Tone, bold, line, lines
from reperform.testing.outcome import Conclusion
from reperform.testing.runner import ProcedureRun

_NAMED = 12
"""Controls or tables that one step names; the sections below name them all."""


def first_steps(examination: Examination) -> Iterator[Block]:
    """Yield one table: steps in the order in which they pay off."""
    steps = [*_broken(examination), *_blind(examination), *_on_paper(examination)]
    if not steps:
        yield Paragraph(line("Nothing is open: every control is adopted, evidenced and tested."))
        return
    yield Paragraph(
        line(
            "Deviations come first, because they cannot be undone and only get more. Then come "
            "tests that could not see, and last what nobody has taken on yet."
        )
    )
    yield Table(
        caption=counted(len(steps), "step"),
        columns=(Column("No.", 7), Column("Step", 59), Column("Serves", 34)),
        rows=tuple(
            Row((lines(str(number)), told, serves))
            for number, (told, serves) in enumerate(steps, start=1)
        ),
    )


def _broken(examination: Examination) -> Iterator[tuple[Cell, Cell]]:
    deviating = [run for run in examination.runs.values() if run.deviations]
    for run in sorted(deviating, key=lambda run: -run.deviations / run.population):
        told = (
            f"{run.procedure.title}: {run.deviations:,} of {counted(run.population, 'item')} "
            "deviated. Put the cause right, and record what was done about each one."
        )
        waived = waived_count(examination.waivers, run.procedure.id)
        told += (
            f" {waived:,} of them are waived until a day; they count all the same."
            if waived
            else ""
        )
        yield (
            lines(bold("Find the cause of the deviations.", Tone.BAD), told),
            _serves(examination, run),
        )


def _blind(examination: Examination) -> Iterator[tuple[Cell, Cell]]:
    unable = [run for run in examination.runs.values() if run.conclusion is Conclusion.UNABLE]
    rarely = [run for run in unable if _is_seen_too_rarely(examination, run)]
    if rarely:
        tables = sorted({gap.table for run in rarely for gap in run.gaps})
        yield (
            lines(
                bold("Look more often.", Tone.UNSURE),
                f"{counted(len(rarely), 'test')} read settings that were seen on too few days of "
                "the period. A setting says nothing of days on which nobody looked, so collect "
                f"regularly: {', '.join(tables)}.",
            ),
            lines(_named([run.procedure.id for run in rarely])),
        )
    for run in unable:
        if run not in rarely:
            yield (
                lines(
                    bold("Make it testable.", Tone.UNSURE),
                    f"{run.procedure.title}: {sentence(run.reason)}",
                ),
                _serves(examination, run),
            )


def _is_seen_too_rarely(examination: Examination, run: ProcedureRun) -> bool:
    """Return whether days without a look are all that keeps the test from being made."""
    states = {
        table.name for table in examination.tables if table.kind is Kind.STATE and table.sha256
    }
    return bool(run.gaps) and all(gap.table in states for gap in run.gaps)


def _serves(examination: Examination, run: ProcedureRun) -> Cell:
    control = examination.control(run.procedure.control).readiness.control
    return lines(
        Text(control.id, link=_criterion_link(examination, control.criteria)),
        ", ".join(control.criteria),
    )


def _criterion_link(examination: Examination, criteria: tuple[str, ...]) -> str:
    in_scope = {criterion.id for criterion in examination.criteria}
    first = next((name for name in criteria if name in in_scope), "")
    return anchor("criterion", first) if first else ""


def _on_paper(examination: Examination) -> Iterator[tuple[Cell, Cell]]:
    bare = [gap.criterion.id for gap in examination.gaps if not gap.controls and gap.steps]
    if bare:
        yield (
            lines(
                bold("Choose a control.", Tone.BAD), "No control is designed for these criteria."
            ),
            lines(_named(bare)),
        )
    adopted = examination.statement.controls
    controls = [examined.readiness.control for examined in examination.controls]
    proposed = [control.id for control in controls if control.id not in adopted]
    if proposed:
        yield (
            lines(
                bold("Adopt or tailor the proposed controls.", Tone.UNSURE),
                f"{counted(len(proposed), 'control')} of {len(controls):,} are proposed by the "
                "library. Management takes on those that fit, names an owner for each, and drops "
                "or replaces the others.",
            ),
            lines(_named(proposed)),
        )
    unfed = [procedure for each in examination.controls for procedure in each.unfed]
    if unfed:
        tables = sorted({table for procedure in unfed for table in procedure.tables})
        yield (
            lines(
                bold("Connect more sources.", Tone.UNSURE),
                f"{counted(len(unfed), 'test')} were not run, because no source in use fills "
                f"{_named(tables)}.",
            ),
            lines(_named(sorted({procedure.control for procedure in unfed}))),
        )
    untested = [e.readiness.control.id for e in examination.controls if not e.runs]
    if untested:
        yield (
            lines(
                bold("Start to keep the traces.", Tone.UNSURE),
                f"{counted(len(untested), 'control')} leave no evidence that a test reads. A "
                "Type 2 period can only begin once they do.",
            ),
            lines(_named(untested)),
        )


def _named(ids: list[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
