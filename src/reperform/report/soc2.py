"""An examination -> the draft of a SOC 2 report, Type 1 or Type 2.

The order and the ownership of the sections are those of the field (see the domain notes in
`docs/`): I and the conclusions belong to the service auditor, II, III and V to management.
"""

from collections.abc import Iterator

from reperform.audit.examination import Examination, Seal
from reperform.report.document import Block, Document, KeyValues, PageBreak
from reperform.report.exhibits import exhibits
from reperform.report.phrases import DRAFT, day, listed, moment, organization, system, when
from reperform.report.section_1 import section_1
from reperform.report.section_2 import section_2
from reperform.report.section_3 import section_3
from reperform.report.section_4 import section_4
from reperform.report.section_5 import section_5
from reperform.report.text import lines
from reperform.report.wording import passage_lines


def soc2_document(examination: Examination, seal: Seal | None = None) -> Document:
    """Return the draft report that `examination` supports.

    Args:
        examination: what was examined and what came out.
        seal: the checkpoint that covers the evidence; None when there is no log.
    """
    scope = examination.scope
    return Document(
        title=f"SOC 2 Type {scope.type} report - draft",
        subtitle=f"{system(examination)}, {when(scope)}",
        organization=organization(examination),
        notice=DRAFT,
        cover=_cover(examination),
        opening=passage_lines(f"cover-{scope.type}"),
        blocks=tuple(_blocks(examination, seal)),
    )


def _cover(examination: Examination) -> KeyValues:
    scope = examination.scope
    span = ("As of", day(scope.period.last))
    if scope.type != 1:
        span = ("Period", f"{day(scope.period.first)} to {day(scope.period.last)}")
    return KeyValues(
        (
            ("Service organization", lines(organization(examination))),
            ("System", lines(system(examination))),
            (span[0], lines(span[1])),
            ("Categories", lines(listed(scope.categories).capitalize())),
            ("Service auditor", lines("____________________")),
            ("Evidence collected from", lines(moment(examination.observed_at))),
        )
    )


def _blocks(examination: Examination, seal: Seal | None) -> Iterator[Block]:
    for section in (section_1, section_2, section_3, section_4, section_5):
        yield PageBreak()
        yield from section(examination)
    yield PageBreak()
    yield from exhibits(examination, seal)
