"""The draft report says what the examination holds, and nothing that belongs to the auditor."""

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pypdf

from reperform.audit.examination import Examination, Seal
from reperform.report.control_results import control_results
from reperform.report.document import Block, Callout, Document, Heading, Table, block_lines
from reperform.report.html import render_html
from reperform.report.pdf import render_pdf
from reperform.report.readiness import readiness_document
from reperform.report.soc2 import soc2_document
from reperform.report.text import Tone
from reperform.testing.manual import read_manual
from reperform.testing.outcome import Conclusion, Gap, Item, Outcome
from reperform.testing.runner import ProcedureRun

Examine = Callable[..., Examination]
MakeRun = Callable[..., ProcedureRun]
MakeItem = Callable[..., Item]


MANUAL = """---
id: CHG-01.T2
title: Approvers are asked
control: CHG-01
nature: [inquiry, inspection]
population: every approver of the period
completeness: the list of the code host
selection: by-frequency
request: [list of approvers]
pass: A and B hold
deviation: one does not hold
unable: nobody answers
blind: approvals given by word of mouth
---
1. Ask one.
   - A. The answer names a change.
   - B. The change names the approver.
"""


def _text(*blocks: Block) -> str:
    return "\n".join(
        "".join(run.text for run in each) for block in blocks for each in block_lines(block)
    )


def _section(document: Document, number: str) -> tuple[Block, ...]:
    """The blocks from the section's heading to the next one of its level."""
    found: list[Block] = []
    inside = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            inside = block.text.startswith(f"Section {number}.")
        if inside:
            found.append(block)
    return tuple(found)


def _tested(examine: Examine, *runs: ProcedureRun) -> tuple[Block, ...]:
    """What is said of one control with these runs."""
    control = replace(examine(count=1).controls[0], runs=runs)
    return tuple(control_results(control))


def test_the_auditors_report_is_left_to_the_auditor(examine: Examine) -> None:
    """Section I is one locked place; nothing in the draft can be read as an opinion."""
    document = soc2_document(examine(2))
    section = _section(document, "I")

    assert [type(block) for block in section[:2]] == [Heading, Callout]
    assert isinstance(section[1], Callout)
    assert section[1].tone is Tone.LOCKED
    assert section[1].title == "To be completed by the service auditor"
    whole = _text(*document.blocks).lower()
    for phrase in ("in our opinion", "we have examined", "presents fairly", "in all material"):
        assert phrase not in whole


def test_every_control_leaves_its_conclusion_open(examine: Examine) -> None:
    """The tests are computed; what they mean is for the service auditor to say."""
    examination = examine(2, count=12)
    rows = [
        row
        for block in soc2_document(examination).blocks
        if isinstance(block, Table)
        for row in block.rows
        if row.tone is Tone.LOCKED
    ]

    assert len(rows) == 12
    assert all("To be completed by the service auditor" in row.cells[1][0][0].text for row in rows)


def test_no_exceptions_are_noted_only_when_the_test_says_so(
    examine: Examine, make_run: MakeRun
) -> None:
    """The words of a clean result stand for exactly one conclusion."""
    for conclusion in Conclusion:
        said = _text(*_tested(examine, make_run("CHG-01", conclusion)))
        assert ("No exceptions noted." in said) is (conclusion is Conclusion.NO_EXCEPTIONS)
    assert "No exceptions noted." not in _text(*_tested(examine))


def test_deviations_are_counted_and_listed(
    examine: Examine, make_run: MakeRun, make_item: MakeItem
) -> None:
    """Three of 41 deviate: the count is said, and each of the three is named with its reason."""
    three = tuple(make_item(number, "") for number in range(3))
    said = _text(*_tested(examine, make_run("CHG-01", Conclusion.EXCEPTIONS, exceptions=three)))

    assert "For 3 of 41 items the control deviated." in said
    assert "Items of CHG-01.T1 that did not pass: 3 of 41" in said
    assert said.count("merged without a review by anyone but its author") == 3
    assert "2025-09-03 12:00:00 UTC" in said


def test_a_long_list_of_deviations_is_cut_and_says_where_the_rest_is(
    examine: Examine, make_run: MakeRun, make_item: MakeItem
) -> None:
    """Twenty deviate: fifteen are listed, and the reader is told of the other five."""
    twenty = tuple(make_item(number, "") for number in range(20))
    said = _text(*_tested(examine, make_run("CHG-01", Conclusion.EXCEPTIONS, exceptions=twenty)))

    assert said.count("merged without a review") == 15
    assert "5 more items in results.json." in said


def test_of_items_that_could_not_be_tested_a_few_show_the_cause(
    examine: Examine, make_run: MakeRun, make_item: MakeItem
) -> None:
    """Every deviation up to fifteen is named first; hundreds of the same cause are not."""
    unable = tuple(make_item(number, "", Outcome.UNABLE) for number in range(300))
    mixed = (*unable, make_item(400, ""))
    said = _text(*_tested(examine, make_run("CHG-01", Conclusion.EXCEPTIONS, exceptions=mixed)))

    assert said.count("Unable to test: ") == 5
    assert said.index("Deviation: ") < said.index("Unable to test: ")
    assert "295 more items in results.json." in said
    assert "did not pass: 301 of 41" in said


def test_holes_in_the_evidence_stand_beside_the_deviations(
    examine: Examine, make_run: MakeRun, make_item: MakeItem
) -> None:
    """A deviation does not hide that some days could not be looked at."""
    gap = Gap("git.commits", date(2025, 8, 1), date(2025, 8, 31), "not collected")
    unable = make_item(1, "", Outcome.UNABLE)
    said = _text(
        *_tested(
            examine,
            make_run(
                "CHG-01",
                Conclusion.EXCEPTIONS,
                exceptions=(make_item(0, ""), unable),
                gaps=(gap,),
            ),
        )
    )

    assert "A further 1 item could not be tested." in said
    assert "No evidence in git.commits for 2025-08-01..2025-08-31 (31 days): not collected" in said
    assert "Unable to test: " in said


def test_a_control_without_a_test_says_so(examine: Examine) -> None:
    """An untested control is never taken for a tested one."""
    said = _text(*_tested(examine))

    assert "No test was performed: the library has none for this control." in said


def test_a_test_for_a_person_is_listed_as_a_plan_without_a_result(examine: Examine) -> None:
    """What it would be applied to is said, and that nobody has performed it."""
    planned = read_manual(MANUAL, where="case.md", problems=[])
    control = replace(examine(count=1).controls[0], runs=(), planned=(planned,))
    said = _text(*control_results(control))

    assert "CHG-01.T2 Approvers are asked" in said
    assert "Inquiry and inspection by a person, attributes A to B." in said
    assert "Every approver of the period.\nA selection, by the frequency" in said
    assert "Cannot see: approvals given by word of mouth." in said
    assert "Not performed yet." in said
    for result in ("No test was performed", "No exceptions noted", "Unable to test"):
        assert result not in said


def test_every_test_says_what_it_cannot_see(examine: Examine, make_run: MakeRun) -> None:
    """The limit stands beside the result that it limits."""
    said = _text(*_tested(examine, make_run("CHG-01", Conclusion.NO_EXCEPTIONS)))

    assert "Cannot see: reviews that leave no trace in the repository" in said
    assert "With stale_days = 90." in said


def test_a_type_1_has_no_tests_of_operation_and_no_results(examine: Examine) -> None:
    """As of one date there is nothing to say about operation."""
    document = soc2_document(examine(1))
    said = _text(*document.blocks)

    for words in ("No exceptions noted", "Exceptions noted", "Tests of ", "operation must"):
        assert words not in said
    assert "as of July 31, 2026" in document.subtitle
    assert "two subjects" in _text(*_section(document, "I"))


def test_missing_parts_of_the_description_are_marked(examine: Examine) -> None:
    """Each part that management did not write is said as missing, where it is missing."""
    examination = examine(2)
    callouts = [
        block
        for block in _section(soc2_document(examination), "III")
        if isinstance(block, Callout) and block.title == "Missing"
    ]

    assert len(callouts) == sum(bool(fact.missing) for fact in examination.description) == 7


def test_management_is_told_what_speaks_against_signing(examine: Examine) -> None:
    """The assertion on operation cannot stand beside exceptions that it does not name."""
    said = _text(*_section(soc2_document(examine(2)), "II"))

    assert "15 tests noted exceptions" in said
    assert "30 tests could not test operation" in said
    assert "30 controls had no test at all" in said
    assert "Section III lacks 7 parts: DC3, DC4, DC5, DC6, DC7, DC8, DC9." in said


def test_each_exception_has_a_line_for_managements_response(examine: Examine) -> None:
    """Section V answers exactly the exceptions of Section IV."""
    examination = examine(2)
    (table,) = [
        block for block in _section(soc2_document(examination), "V") if isinstance(block, Table)
    ]

    assert [row.cells[0][0][0].text for row in table.rows] == [
        name for name, run in examination.runs.items() if run.conclusion is Conclusion.EXCEPTIONS
    ]


def test_a_criterion_without_a_control_stands_out(examine: Examine) -> None:
    """The matrix names every criterion in scope, served or not."""
    examination = examine(2, count=3)
    said = _text(*soc2_document(examination).blocks)

    for criterion in examination.criteria:
        assert f"\n{criterion.id}\n" in said
    assert "No control." in said
    assert "Does not apply: No personal information is processed." in said


def test_refused_collections_and_uncovered_days_are_exhibited(examine: Examine) -> None:
    """What a source refused and which days are dark is in the report, not only in the log."""
    said = _text(*soc2_document(examine(2)).blocks)

    assert "Refused." in said
    assert "sudoers: permission denied" in said
    assert "Never collected." in said
    assert "2025-08-01..2026-07-30 (364 days): looked at on one day only" in said


def test_the_proof_names_the_checkpoint_or_its_absence(examine: Examine, seal: Seal) -> None:
    """With a seal the reader can check; without one the draft says that nobody can."""
    sealed = _text(*soc2_document(examine(2), seal).blocks)
    unsealed = _text(*soc2_document(examine(2)).blocks)

    assert "reperform verify bundle.zip" in sealed
    assert seal.root in sealed
    assert seal.key in sealed
    assert seal.results_sha256 in sealed
    assert "Not covered by a log" in unsealed


def test_names_that_management_did_not_state_are_said_as_missing(examine: Examine) -> None:
    """No name is made up for an organization that gave none."""
    examination = examine(2, count=1)
    nameless = replace(
        examination, statement=replace(examination.statement, organization="", system="")
    )
    document = soc2_document(nameless)

    assert document.organization == "[service organization not named]"
    assert "[system not named]" in document.subtitle


def test_the_whole_draft_renders_twice_alike_and_on_every_page_as_a_draft(
    examine: Examine, seal: Seal, at: datetime
) -> None:
    """Ninety controls with hostile texts in all places: both files come out, marked throughout."""
    document = soc2_document(examine(2), seal)
    made = render_pdf(document, at=at)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]

    assert len(pages) > 50
    assert all("DRAFT - not a SOC 2 report: no opinion has been expressed" in p for p in pages)
    assert made == render_pdf(soc2_document(examine(2), seal), at=at)
    assert render_html(document) == render_html(soc2_document(examine(2), seal))


def test_both_pdfs_are_made_in_seconds(examine: Examine, seal: Seal, at: datetime) -> None:
    """The budget is two seconds; the test allows for a machine that does other work too."""
    examination = examine(2)
    begun = time.process_time()
    render_pdf(soc2_document(examination, seal), at=at)
    render_pdf(readiness_document(examination, seal), at=at)

    assert time.process_time() - begun < 10
