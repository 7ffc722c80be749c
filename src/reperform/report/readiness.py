"""An examination -> the gap report: where each criterion stands and what to do next."""

from collections.abc import Iterator

from reperform.audit.examination import Examination, ExaminedControl, Seal
from reperform.program.gap import Facet
from reperform.report.document import (
    Block,
    Column,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Row,
    Table,
)
from reperform.report.exhibits import collections_table, proof
from reperform.report.phrases import (
    GAP,
    counted,
    listed,
    moment,
    organization,
    sentence,
    system,
    when,
)
from reperform.report.readiness_criteria import criteria_blocks
from reperform.report.readiness_steps import first_steps
from reperform.report.readiness_summary import summary
from reperform.report.text import Cell, Tone, bold, line, lines
from reperform.report.wording import passage_lines


def readiness_document(examination: Examination, seal: Seal | None = None) -> Document:
    """Return the gap report of `examination`.

    Args:
        examination: what was examined and what came out.
        seal: the checkpoint that covers the evidence; None when there is no log.
    """
    scope = examination.scope
    return Document(
        title="Gap report",
        subtitle=f"{system(examination)}, toward a SOC 2 Type {scope.type}, {when(scope)}",
        organization=organization(examination),
        notice=GAP,
        cover=KeyValues(
            (
                ("Toward", lines(f"SOC 2 Type {scope.type}, {when(scope)}")),
                ("Categories", lines(listed(scope.categories).capitalize())),
                ("Evidence collected from", lines(moment(examination.observed_at))),
            )
        ),
        opening=passage_lines("readiness"),
        blocks=tuple(_blocks(examination, seal)),
    )


def _blocks(examination: Examination, seal: Seal | None) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(1, "1. Where the program stands", "summary")
    yield from summary(examination)
    yield PageBreak()
    yield Heading(1, "2. What to do first", "first")
    yield from first_steps(examination)
    yield PageBreak()
    yield Heading(1, "3. Criterion by criterion", "criteria")
    yield from criteria_blocks(examination)
    yield PageBreak()
    yield Heading(1, "4. Controls without evidence", "without-evidence")
    yield from _without_evidence(examination)
    yield PageBreak()
    yield Heading(1, "5. Evidence", "evidence")
    yield from _unseen(examination)
    yield from proof(examination, seal, title="Proof")


def _without_evidence(examination: Examination) -> Iterator[Block]:
    bare = [e for e in examination.controls if e.readiness.evidenced is Facet.NO]
    if not bare:
        yield Paragraph(line("Evidence speaks of every control."))
        return
    untested = sum(not examined.runs for examined in bare)
    yield Paragraph(
        line(
            f"Evidence speaks of none of these {counted(len(bare), 'control')}, out of "
            f"{len(examination.controls):,}. For {untested:,} of them no test reads "
            "evidence; until somebody keeps the trace, nobody can show that they operate."
        )
    )
    yield Table(
        caption="Controls that no evidence speaks of",
        columns=(Column("Control", 14), Column("Title", 36), Column("What is missing", 50)),
        rows=tuple(
            Row(
                (
                    lines(bold(examined.readiness.control.id)),
                    lines(examined.readiness.control.title),
                    _missing(examined),
                )
            )
            for examined in bare
        ),
    )


def _missing(examined: ExaminedControl) -> Cell:
    if examined.runs:
        return lines(*(f"{run.procedure.id}: {sentence(run.reason)}" for run in examined.runs))
    kept = "; ".join(examined.readiness.control.evidence) or "none is named yet"
    return lines(f"A trace to keep: {kept}")


def _unseen(examination: Examination) -> Iterator[Block]:
    yield Heading(2, "What could not be seen", "unseen")
    short = tuple(fact for fact in examination.collections if fact.outcome != "complete")
    if short:
        yield collections_table(short)
    else:
        yield Paragraph(line("Every source answered in full."))
    never = [table.name for table in examination.tables if not table.sha256]
    if never:
        yield Paragraph(
            line(bold("Never collected: ", Tone.BAD), f"{', '.join(never)}."),
        )
