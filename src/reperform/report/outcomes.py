"""Tests and controls in numbers."""

from collections import Counter

from reperform.audit.examination import Examination
from reperform.report.control_results import NOT_PERFORMED, NOT_RUN, NOT_TESTED, TONES, WORDS
from reperform.report.document import Column, Row, Table
from reperform.report.phrases import counted
from reperform.report.text import Tone, bold, lines
from reperform.testing.outcome import Conclusion


def outcome_table(examination: Examination) -> Table:
    """Return how many tests ended how, and how many items they looked at."""
    runs = tuple(examination.runs.values())
    found = Counter(run.conclusion for run in runs)
    items = Counter[Conclusion]()
    for run in runs:
        items[run.conclusion] += run.population
    rows = [
        Row(
            (
                lines(bold(WORDS[conclusion], TONES[conclusion])),
                lines(counted(found[conclusion], "test")),
                lines(counted(items[conclusion], "item")),
            )
        )
        for conclusion in Conclusion
    ]
    planned = sum(len(examined.planned) for examined in examination.controls)
    rows.append(
        Row((lines(bold(NOT_PERFORMED, Tone.UNSURE)), lines(counted(planned, "test")), lines("-")))
    )
    unfed = sum(len(examined.unfed) for examined in examination.controls)
    rows.append(Row((lines(bold(NOT_RUN, Tone.UNSURE)), lines(counted(unfed, "test")), lines("-"))))
    without = sum(not examined.runs for examined in examination.controls)
    rows.append(
        Row((lines(bold(NOT_TESTED, Tone.UNSURE)), lines(counted(without, "control")), lines("-")))
    )
    return Table(
        caption=f"How {counted(len(runs), 'test')} ended, and which controls had none",
        columns=(Column("Result", 44), Column("How many", 28), Column("Populations", 28)),
        rows=tuple(rows),
    )
