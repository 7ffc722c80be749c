"""Section I: the service auditor's report.  Locked: nothing here looks like an opinion."""

from collections.abc import Iterator

from reperform.audit.examination import Examination
from reperform.report.document import Block, Callout, Heading
from reperform.report.phrases import LOCKED, values
from reperform.report.text import Tone
from reperform.report.wording import passage_lines


def section_1(examination: Examination) -> Iterator[Block]:
    """Yield the blocks of Section I."""
    yield Heading(1, "Section I. Independent service auditor's report", "section-1")
    yield Callout(
        tone=Tone.LOCKED,
        title=LOCKED,
        lines=passage_lines("auditor"),
        items=passage_lines(f"auditor-items-{examination.scope.type}", values(examination)),
    )
