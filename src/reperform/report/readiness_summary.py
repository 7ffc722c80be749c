"""The gap report's first page: criteria by category and tests by outcome."""

from collections import Counter
from collections.abc import Iterator

from reperform.audit.examination import Examination
from reperform.program.gap import Status
from reperform.report.document import (
    Bars,
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Segment,
    Table,
)
from reperform.report.outcomes import outcome_table
from reperform.report.phrases import counted
from reperform.report.text import Tone, bold, line, lines

STATUS_TONES = {
    Status.MET: Tone.GOOD,
    Status.PARTLY: Tone.UNSURE,
    Status.NOT_MET: Tone.BAD,
    Status.NOT_APPLICABLE: Tone.MUTED,
}


def summary(examination: Examination) -> Iterator[Block]:
    """Yield the numbers, as sentences, as bars and as tables."""
    total = Counter(gap.status for gap in examination.gaps)
    criteria = counted(len(examination.gaps), "criterion", "criteria")
    yield Paragraph(
        line(
            bold(f"{total[Status.MET]:,} of {criteria}"),
            f" in scope are met, {total[Status.PARTLY]:,} partly met, "
            f"{total[Status.NOT_MET]:,} not met",
            _not_applicable(total[Status.NOT_APPLICABLE]),
        )
    )
    by_category = {
        category: Counter(
            gap.status for gap in examination.gaps if gap.criterion.category == category
        )
        for category in examination.scope.categories
    }
    yield Bars(
        caption="Criteria in scope by status",
        segments=tuple(Segment(status.value, STATUS_TONES[status]) for status in Status),
        rows=tuple(
            (category.capitalize(), tuple(found[status] for status in Status))
            for category, found in by_category.items()
        ),
    )
    yield Table(
        caption="Criteria by category and status",
        columns=(
            Column("Category", 32),
            *(Column(status.value.capitalize(), 17) for status in Status),
        ),
        rows=tuple(
            Row((lines(category.capitalize()), *(lines(str(found[status])) for status in Status)))
            for category, found in by_category.items()
        ),
    )
    yield Heading(2, "Tests of controls", "tests")
    yield outcome_table(examination)


def _not_applicable(number: int) -> str:
    if not number:
        return "."
    return f"; {number:,} {'does' if number == 1 else 'do'} not apply."
