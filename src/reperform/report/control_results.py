"""One control's tests: what was applied to which population, and what came out."""

from collections.abc import Iterator, Mapping, Sequence

from reperform.audit.examination import ExaminedControl, Wording
from reperform.audit.waived import WaiverUse, said_of, waived_count
from reperform.base.visible import visible
from reperform.report.document import Block, Column, Row, Table
from reperform.report.phrases import LOCKED, begun, counted, days, listed, moment, sentence
from reperform.report.text import Cell, Text, Tone, bold, line, lines, mono
from reperform.report.waivers import waived_line
from reperform.testing.manual import ManualProcedure
from reperform.testing.outcome import Conclusion, Outcome
from reperform.testing.procedure import Procedure
from reperform.testing.runner import ProcedureRun

MOST = {Outcome.DEVIATION: 15, Outcome.UNABLE: 5}
"""Items of each outcome that one test lists; every other one is in results.json.

What deviated is named one by one; of what could not be tested a few items show the cause.
"""

TONES = {
    Conclusion.NO_EXCEPTIONS: Tone.GOOD,
    Conclusion.EXCEPTIONS: Tone.BAD,
    Conclusion.DID_NOT_OPERATE: Tone.UNSURE,
    Conclusion.UNABLE: Tone.UNSURE,
}

WORDS = {
    Conclusion.NO_EXCEPTIONS: "No exceptions noted.",
    Conclusion.EXCEPTIONS: "Exceptions noted.",
    Conclusion.DID_NOT_OPERATE: "Did not operate in the period.",
    Conclusion.UNABLE: "Unable to test.",
}

NOT_TESTED = "No test was performed."

NOT_PERFORMED = "Not performed yet."

NOT_RUN = "Not run."

_SELECTIONS = {
    "census": "Every item.",
    "by-frequency": "A selection, by the frequency of the control.",
    "none": "A single document or setting.",
}

_ITEMS = {Outcome.DEVIATION: "Deviation", Outcome.UNABLE: "Unable to test", Outcome.PASS: "Pass"}


def control_results(
    examined: ExaminedControl, waivers: Sequence[WaiverUse] = ()
) -> Iterator[Block]:
    """Yield the table of tests of one control, then the items that did not pass.

    Args:
        examined: the control.
        waivers: of any test.
    """
    control = examined.readiness.control
    rows = [
        Row(
            (_applied(run), _population(run), _result(run, waived_count(waivers, run.procedure.id)))
        )
        for run in examined.runs
    ]
    rows += [_unfed(procedure) for procedure in examined.unfed]
    rows += [_planned(procedure) for procedure in examined.planned]
    if examined.wording is Wording.OWN:
        why = (
            "It is management's own control, and no test reads evidence of it. A procedure by hand "
            "is needed; which, and on which items, is for the service auditor to decide."
        )
        rows = [Row((lines(bold(WORDS[Conclusion.UNABLE], Tone.UNSURE)), lines(why)))]
    if not rows:
        why = (
            f"{NOT_TESTED[:-1]}: the library has none for this control. How it is tested is for "
            "the service auditor to decide."
        )
        rows = [Row((lines(bold(NOT_TESTED, Tone.UNSURE)), lines(why)))]
    rows.append(Row((lines("Conclusion on the control"), lines(LOCKED)), Tone.LOCKED))
    yield Table(
        caption=f"Tests of {control.id}",
        columns=(
            Column("Test applied", 38),
            Column("Population and evidence", 30),
            Column("Result", 32),
        ),
        rows=tuple(rows),
    )
    for run in examined.runs:
        if run.exceptions:
            yield _items(run, said_of(waivers, run.procedure.id))


def _planned(procedure: ManualProcedure) -> Row:
    """Return a test that a person performs: what it would be applied to, and that it was not."""
    letters = [attribute.letter for attribute in procedure.attributes]
    nature = listed(procedure.nature).capitalize()
    return Row(
        (
            lines(
                line(bold(f"{procedure.id} "), procedure.title),
                f"{nature} by a person, attributes {letters[0]} to {letters[-1]}.",
                Text(f"Cannot see: {sentence(procedure.blind)}", tone=Tone.MUTED),
            ),
            lines(begun(sentence(procedure.population)), _SELECTIONS[procedure.selection]),
            lines(
                bold(NOT_PERFORMED, Tone.UNSURE),
                "Planned. Whether and how it is performed is for the service auditor to decide.",
            ),
        )
    )


def _unfed(procedure: Procedure) -> Row:
    """Return a test over populations that no source in use fills: that it was not run, and why."""
    return Row(
        (
            lines(line(bold(f"{procedure.id} "), procedure.title)),
            lines(begun(sentence(procedure.population))),
            lines(
                bold(NOT_RUN, Tone.UNSURE),
                f"No source in use fills {listed(tuple(sorted(procedure.tables)))}.",
            ),
        )
    )


def _applied(run: ProcedureRun) -> Cell:
    procedure = run.procedure
    parameters = ", ".join(f"{name} = {run.parameters[name]}" for name in procedure.parameters)
    return lines(
        line(bold(f"{procedure.id} "), procedure.title),
        f"{procedure.nature.capitalize()}. An item passes when {sentence(procedure.passes)}",
        *([f"With {parameters}."] if parameters else []),
        Text(f"Cannot see: {sentence(procedure.blind)}", tone=Tone.MUTED),
    )


def _population(run: ProcedureRun) -> Cell:
    return lines(
        f"{counted(run.population, 'item')}: {sentence(run.procedure.population)}",
        line("From ", mono(", ".join(sorted(run.procedure.tables)))),
    )


def _result(run: ProcedureRun, waived: int) -> Cell:
    verdict = bold(WORDS[run.conclusion], TONES[run.conclusion])
    if run.conclusion is Conclusion.NO_EXCEPTIONS:
        every = "The only item" if run.population == 1 else f"All {run.population:,} items"
        return lines(verdict, f"{every} passed.")
    if run.conclusion is Conclusion.EXCEPTIONS:
        told = [
            f"For {run.deviations:,} of {counted(run.population, 'item')} the control deviated."
        ]
        if waived:
            told.append(
                f"Management waived {waived:,} of these: see Exhibit D. They stay deviations."
            )
        if run.unable:
            told.append(f"A further {counted(run.unable, 'item')} could not be tested.")
        told += [
            f"No evidence in {gap.table} for {days(gap.first, gap.last)}: {sentence(gap.reason)}"
            for gap in run.gaps
        ]
        return lines(verdict, *told)
    return lines(verdict, *(begun(sentence(part)) for part in run.reason.split("; ")))


def _items(run: ProcedureRun, waivers: Mapping[str, Sequence[str]]) -> Table:
    shown = [
        item
        for outcome, most in MOST.items()
        for item in [each for each in run.exceptions if each.outcome is outcome][:most]
    ]
    rows = [
        Row(
            (
                lines(Text(visible(item.item, limit=200), mono=True)),
                lines(moment(item.occurred_at) if item.occurred_at else "not dated"),
                lines(
                    line(
                        bold(
                            f"{_ITEMS[item.outcome]}: ",
                            Tone.BAD if item.outcome is Outcome.DEVIATION else Tone.UNSURE,
                        ),
                        visible(item.reason),
                    ),
                    *map(waived_line, waivers.get(item.item, ())),
                ),
            )
        )
        for item in shown
    ]
    left = len(run.exceptions) - len(shown)
    if left:
        more = f"{counted(left, 'more item')} in results.json."
        rows.append(Row((lines(more),), Tone.MUTED))
    return Table(
        caption=f"Items of {run.procedure.id} that did not pass: {len(run.exceptions):,} of "
        f"{run.population:,}",
        columns=(Column("Item", 30), Column("When", 26), Column("What was found", 44)),
        rows=tuple(rows),
    )
