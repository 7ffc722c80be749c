"""The gap report: where each criterion stands, why, and what to do first."""

from collections.abc import Callable
from dataclasses import replace

from reperform.audit.examination import Examination
from reperform.program.gap import Facet, Status
from reperform.report.document import Bars, Block, Heading, Table, block_lines
from reperform.report.readiness import readiness_document
from reperform.testing.outcome import Conclusion

Examine = Callable[..., Examination]


def _text(*blocks: Block) -> str:
    return "\n".join(
        "".join(run.text for run in each) for block in blocks for each in block_lines(block)
    )


def _tables(examination: Examination, caption: str) -> list[Table]:
    return [
        block
        for block in readiness_document(examination).blocks
        if isinstance(block, Table) and caption in block.caption
    ]


def test_the_numbers_add_up_to_the_criteria_in_scope(examine: Examine) -> None:
    """Every criterion is in one segment of one bar, and in the table below."""
    examination = examine(2)
    (bars,) = [block for block in readiness_document(examination).blocks if isinstance(block, Bars)]

    assert [segment.name for segment in bars.segments] == [status.value for status in Status]
    assert sum(sum(counts) for _, counts in bars.rows) == 61
    assert [name.lower() for name, _ in bars.rows] == list(examination.scope.categories)


def test_every_criterion_has_its_own_part_with_its_reason(examine: Examine) -> None:
    """Status and reason stand together, in the words of the analysis."""
    examination = examine(2)
    blocks = readiness_document(examination).blocks
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    said = _text(*blocks)

    for gap in examination.gaps:
        assert any(text.startswith(f"{gap.criterion.id}  ") for text in headings)
        assert f"{gap.status.value.capitalize()}. {gap.reason[:100]}" in said


def test_deviations_come_before_blind_spots_and_paper(examine: Examine) -> None:
    """What gets worse every day is first."""
    (table,) = _tables(examine(2), "step")
    steps = [row.cells[1][0][0].text for row in table.rows]

    assert steps[0] == "Find the cause of the deviations."
    assert steps == sorted(
        steps,
        key=[
            "Find the cause of the deviations.",
            "Look more often.",
            "Make it testable.",
            "Adopt or tailor the proposed controls.",
            "Start to keep the traces.",
        ].index,
    )
    assert steps.count("Find the cause of the deviations.") == 15


def test_tests_that_saw_too_few_days_are_one_step(examine: Examine) -> None:
    """Fifteen tests of one host are made possible by one thing: collecting it regularly."""
    examination = examine(2)
    (table,) = _tables(examination, "step")
    steps = {row.cells[1][0][0].text: row for row in table.rows}
    unable = [r for r in examination.runs.values() if r.conclusion is Conclusion.UNABLE]

    assert len(unable) == 15
    assert "15 tests read settings" in steps["Look more often."].cells[1][1][0].text
    assert "host.accounts" in steps["Look more often."].cells[1][1][0].text
    assert "Make it testable." not in steps


def test_a_test_whose_table_was_never_collected_is_a_step_of_its_own(examine: Examine) -> None:
    """Looking more often does not help where nobody looked at all."""
    examination = examine(2)
    tables = tuple(replace(table, sha256="") for table in examination.tables)
    (table,) = _tables(replace(examination, tables=tables), "step")
    steps = [row.cells[1][0][0].text for row in table.rows]

    assert "Look more often." not in steps
    assert steps.count("Make it testable.") == 15


def test_controls_without_evidence_are_listed_with_what_is_missing(examine: Examine) -> None:
    """All of them, not only the first few: the trace to keep, or what the tests did not find."""
    examination = examine(2)
    (table,) = _tables(examination, "no evidence speaks of")
    bare = [e for e in examination.controls if e.readiness.evidenced is Facet.NO]

    assert len(bare) == 30
    assert [row.cells[0][0][0].text for row in table.rows] == [e.readiness.control.id for e in bare]
    assert "A trace to keep: review in the commit" in _text(table)


def test_the_same_step_for_many_controls_is_said_once(examine: Examine) -> None:
    """A list that repeats one sentence is not read."""
    examination = examine(2)
    said = _text(*readiness_document(examination).blocks)
    first = examination.gaps[0]

    assert len(first.controls) > 2
    assert f"{', '.join(first.controls)}: Adopt or tailor it, and name its owner." in said


def test_a_criterion_without_a_control_is_a_step_of_its_own(examine: Examine) -> None:
    """Nothing else can be done about it first."""
    (table,) = _tables(examine(2, count=3), "step")

    assert "Choose a control." in [row.cells[1][0][0].text for row in table.rows]


def test_nothing_open_is_said_in_a_sentence(examine: Examine) -> None:
    """A program with nothing to do gets no empty table."""
    examination = examine(2, count=12)
    clean = [each for each in examination.controls if each.runs]
    good = [
        replace(each, runs=tuple(run for run in each.runs))
        for each in clean
        if each.runs[0].conclusion is Conclusion.NO_EXCEPTIONS
        and each.readiness.control.id in examination.statement.adopted
    ]
    done = replace(examination, controls=tuple(good), gaps=())

    assert good
    assert "Nothing is open" in _text(*readiness_document(done).blocks)


def test_every_page_says_that_it_is_no_soc_2_report(examine: Examine) -> None:
    """A gap report that is passed on must not be taken for a report."""
    assert "not a SOC 2 report" in readiness_document(examine(2)).notice
