"""Section II: management's assertion, as a proposal to complete and sign."""

from collections import Counter
from collections.abc import Iterator

from reperform.audit.examination import Examination
from reperform.report.document import Block, Callout, Heading, KeyValues
from reperform.report.phrases import counted, organization, values
from reperform.report.text import Tone, line, lines
from reperform.report.wording import passage, passage_lines
from reperform.testing.outcome import Conclusion

_BLANK = "________________________________________"


def section_2(examination: Examination) -> Iterator[Block]:
    """Yield the blocks of Section II."""
    yield Heading(1, "Section II. Management's assertion", "section-2")
    yield Callout(
        tone=Tone.UNSURE,
        title="Draft for management to complete and sign",
        lines=passage_lines("assertion-note"),
        items=tuple(line(text) for text in _obstacles(examination)),
    )
    yield from passage(f"assertion-{examination.scope.type}", values(examination))
    yield Heading(2, "Signed for management", "signature")
    yield KeyValues(
        (
            ("Service organization", lines(organization(examination))),
            *((name, lines(_BLANK)) for name in ("Name", "Title", "Signature", "Date")),
        )
    )


def _obstacles(examination: Examination) -> Iterator[str]:
    """Yield what speaks against signing, in numbers."""
    missing = [fact.criterion.id for fact in examination.description if fact.missing]
    if missing:
        yield f"Section III lacks {counted(len(missing), 'part')}: {', '.join(missing)}."
    proposed = sum(
        examined.readiness.control.id not in examination.statement.controls
        for examined in examination.controls
    )
    if proposed:
        yield f"{counted(proposed, 'control')} in Section IV are proposed, not adopted."
    if examination.scope.type == 1:
        return
    found = Counter(run.conclusion for run in examination.runs.values())
    if found[Conclusion.EXCEPTIONS]:
        yield (
            f"{counted(found[Conclusion.EXCEPTIONS], 'test')} noted exceptions: the statement on "
            "operation must name them or fall."
        )
    untested = found[Conclusion.UNABLE] + found[Conclusion.DID_NOT_OPERATE]
    if untested:
        yield f"{counted(untested, 'test')} could not test operation."
    without = sum(not examined.runs for examined in examination.controls)
    if without:
        yield f"{counted(without, 'control')} had no test at all."
