"""Section III: the system description by DC 1 to DC 9."""

from collections.abc import Iterable, Iterator, Mapping

from reperform.audit.examination import DescriptionFact, Examination
from reperform.base.visible import visible
from reperform.catalog.criteria import Criterion
from reperform.program.description.text import Kind, Part, parts_of
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

_MOST = 1_000
"""Paragraphs of management's text that one part shows."""


def section_3(examination: Examination) -> Iterator[Block]:
    """Yield the blocks of Section III."""
    yield from description_blocks(
        examination.description,
        not_applicable=examination.statement.not_applicable,
        criteria=examination.criteria,
    )


def description_blocks(
    facts: Iterable[DescriptionFact],
    *,
    not_applicable: Mapping[str, str],
    criteria: Iterable[Criterion],
) -> Iterator[Block]:
    """Yield the blocks of Section III from what is known of each description criterion.

    Args:
        facts: what was written, is known and is missing, criterion by criterion.
        not_applicable: management's reasons, by criterion.
        criteria: the criteria of the categories in scope.
    """
    yield Heading(1, "Section III. Description of the system", "section-3")
    yield from passage("description")
    for fact in facts:
        yield from _part(fact)
        if fact.criterion.id == "DC8":
            yield from _not_applicable(not_applicable, criteria)


def _part(fact: DescriptionFact) -> Iterator[Block]:
    criterion = fact.criterion
    yield Heading(2, f"{criterion.id}. {criterion.title}", anchor("description", criterion.id))
    parts = parts_of(fact.stated)
    for part in parts[:_MOST]:
        yield _stated(part)
    if len(parts) > _MOST:
        yield Paragraph(line(f"{len(parts) - _MOST:,} more paragraphs are in the statement."))
    if fact.missing:
        yield Callout(tone=Tone.UNSURE, title="Missing", lines=lines(fact.missing))
    if fact.known:
        yield Paragraph(line(Text("What evidence shows", bold=True)), leads=True)
        yield Bullets(tuple(line(visible(sentence)) for sentence in fact.known))


def _stated(part: Part) -> Block:
    if part.kind is Kind.LIST:
        return Bullets(tuple(line(item) for item in part.lines))
    text = " ".join(part.lines)
    if part.kind is Kind.TITLE:
        return Paragraph(line(Text(text, bold=True)), leads=True)
    return Paragraph(line(text), leads=text.endswith(":"))


def _not_applicable(reasons: Mapping[str, str], criteria: Iterable[Criterion]) -> Iterator[Block]:
    named = [each for each in criteria if each.id in reasons]
    if named:
        yield Table(
            caption="Criteria that do not apply, with management's reason",
            columns=(Column("Criterion", 14), Column("Subject", 34), Column("Reason", 52)),
            rows=tuple(
                Row((lines(each.id), lines(each.title), lines(reasons[each.id]))) for each in named
            ),
        )
