"""The system description as Section III will have it, before there is any examination."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reperform.audit.examination import DescriptionFact
from reperform.catalog.criteria import Criterion, DescriptionCriterion
from reperform.program.description import FieldState
from reperform.program.description.statement import missing_text, stated_text
from reperform.program.scope.document import ScopeDocument
from reperform.report.document import Block, Document, KeyValues
from reperform.report.phrases import day, listed, moment
from reperform.report.section_3 import description_blocks
from reperform.report.text import lines
from reperform.report.wording import passage_lines

NOTICE = "DRAFT of Section III - not a SOC 2 report: nobody has examined it"


def description_document(
    states: Sequence[FieldState],
    *,
    scope: ScopeDocument,
    organization: str,
    is_example: bool,
    description_criteria: Sequence[DescriptionCriterion],
    criteria: Sequence[Criterion],
    at: datetime,
) -> Document:
    """Return the description as a document of its own, marked as a draft on each page.

    Args:
        states: every field as it stands.
        scope: the scope as it stands.
        organization: name of the service organization.
        is_example: it is invented; each page says so.
        description_criteria: DC 1 to DC 9.
        criteria: the 61.
        at: when it was printed.
    """
    return Document(
        title="System description - draft",
        subtitle=f"{scope.system or '[system not named]'}, {_when(scope)}",
        organization=organization,
        notice=f"Example. {NOTICE}" if is_example else NOTICE,
        cover=KeyValues(
            (
                ("Service organization", lines(organization)),
                ("System", lines(scope.system or "[not named]")),
                ("Report", lines(f"Type {scope.type}" if scope.type else "[type not decided]")),
                ("For", lines(_when(scope))),
                ("Categories", lines(listed(scope.categories).capitalize())),
                ("Printed", lines(moment(at))),
            )
        ),
        opening=passage_lines("cover-preview"),
        blocks=tuple(
            preview_blocks(
                states, scope=scope, description_criteria=description_criteria, criteria=criteria
            )
        ),
    )


def preview_blocks(
    states: Sequence[FieldState],
    *,
    scope: ScopeDocument,
    description_criteria: Sequence[DescriptionCriterion],
    criteria: Sequence[Criterion],
) -> Iterator[Block]:
    """Yield the blocks of Section III, what is missing said as missing."""
    given = tuple(states)
    facts = [
        DescriptionFact(
            criterion=criterion,
            stated=stated_text(criterion.id, given),
            known=(),
            missing=missing_text(criterion.id, given),
        )
        for criterion in description_criteria
        if scope.type is None or scope.type in criterion.types
    ]
    yield from description_blocks(
        facts,
        not_applicable=scope.not_applicable or {},
        criteria=[each for each in criteria if each.category in scope.categories],
    )


def _when(scope: ScopeDocument) -> str:
    period = scope.period
    if period is None:
        return "[period not decided]"
    if scope.type == 1:
        return f"as of {day(period.last)}"
    return f"{day(period.first)} to {day(period.last)}"
