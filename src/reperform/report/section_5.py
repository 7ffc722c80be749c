"""Section V: other information, management's and outside the opinion."""

from collections.abc import Iterator

from reperform.audit.examination import Examination
from reperform.audit.waived import waived_count
from reperform.report.control_results import TONES, WORDS
from reperform.report.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
)
from reperform.report.phrases import counted
from reperform.report.text import bold, line, lines
from reperform.report.wording import passage
from reperform.testing.outcome import Conclusion
from reperform.testing.runner import ProcedureRun


def section_5(examination: Examination) -> Iterator[Block]:
    """Yield the blocks of Section V: an open line for each exception of a Type 2."""
    yield Heading(1, "Section V. Other information provided by management", "section-5")
    yield from passage("other")
    if examination.scope.type == 1:
        return
    yield Heading(2, "Management's responses to exceptions", "responses")
    exceptions = [
        run for run in examination.runs.values() if run.conclusion is Conclusion.EXCEPTIONS
    ]
    if not exceptions:
        yield Paragraph(line("The tests that could be performed noted no exception to answer."))
        return
    yield Table(
        caption=f"{counted(len(exceptions), 'test')} with exceptions, to be answered by management",
        columns=(Column("Test", 18), Column("Exception", 37), Column("Management's response", 45)),
        rows=tuple(
            Row(
                (
                    lines(bold(run.procedure.id)),
                    lines(
                        bold(WORDS[run.conclusion], TONES[run.conclusion]),
                        f"{run.procedure.title}: {run.deviations:,} of "
                        f"{counted(run.population, 'item')}.",
                        *_waived(examination, run),
                    ),
                    lines("_" * 32, "_" * 32),
                )
            )
            for run in exceptions
        ),
    )


def _waived(examination: Examination, run: ProcedureRun) -> list[str]:
    """Return how many of a test's deviations management waived; nothing when none."""
    count = waived_count(examination.waivers, run.procedure.id)
    return [f"{count:,} of them waived, see Exhibit D."] if count else []
