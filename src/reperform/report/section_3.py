"""Section III: the system description by DC 1 to DC 9."""

import re
from collections.abc import Iterator

from reperform.audit.examination import DescriptionFact, Examination
from reperform.base.visible import visible
from reperform.report.document import (
    Block,
    Bullets,
    Callout,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
    anchor,
)
from reperform.report.text import Text, Tone, line, lines
from reperform.report.wording import passage

_MOST = 200
"""Paragraphs of management's text that one part shows."""


def section_3(examination: Examination) -> Iterator[Block]:
    """Yield the blocks of Section III."""
    yield Heading(1, "Section III. Description of the system", "section-3")
    yield from passage("description")
    for fact in examination.description:
        yield from _part(fact)
        if fact.criterion.id == "DC8":
            yield from _not_applicable(examination)


def _part(fact: DescriptionFact) -> Iterator[Block]:
    criterion = fact.criterion
    yield Heading(2, f"{criterion.id}. {criterion.title}", anchor("description", criterion.id))
    if fact.stated:
        parts = [part for part in re.split(r"\n\s*\n", fact.stated) if part.strip()]
        for part in parts[:_MOST]:
            yield Paragraph(line(part.strip()))
        if len(parts) > _MOST:
            yield Paragraph(line(f"{len(parts) - _MOST:,} more paragraphs are in the statement."))
    if fact.missing:
        yield Callout(tone=Tone.UNSURE, title="Missing", lines=lines(fact.missing))
    if fact.known:
        yield Paragraph(line(Text("What evidence shows", bold=True)), leads=True)
        yield Bullets(tuple(line(visible(sentence)) for sentence in fact.known))


def _not_applicable(examination: Examination) -> Iterator[Block]:
    reasons = examination.statement.not_applicable
    criteria = [each for each in examination.criteria if each.id in reasons]
    if criteria:
        yield Table(
            caption="Criteria that do not apply, with management's reason",
            columns=(Column("Criterion", 14), Column("Subject", 34), Column("Reason", 52)),
            rows=tuple(
                Row((lines(each.id), lines(each.title), lines(reasons[each.id])))
                for each in criteria
            ),
        )
