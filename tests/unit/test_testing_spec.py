"""docs/spec/procedure.md says what the code does."""

import re
from pathlib import Path

from reperform.base.occurrences import FREQUENCIES
from reperform.base.problem import Problem
from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.testing import functions
from reperform.testing.checker import check_procedure
from reperform.testing.library_check import manual_problems
from reperform.testing.manual import SELECTIONS, read_manual
from reperform.testing.outcome import Conclusion, Outcome
from reperform.testing.procedure import NATURES, parse_procedure

SPEC = (Path(__file__).parents[2] / "docs" / "spec" / "procedure.md").read_text("utf-8")
PERSON = Column("person", Type.TEXT, "who")
TABLES = {
    spec.name: spec
    for spec in (
        TableSpec("hr.leavers", Kind.EVENTS, (PERSON, Column("left_on", Type.DATE, "when"))),
        TableSpec(
            "idp.accounts", Kind.STATE, (PERSON, Column("disabled_at", Type.TIMESTAMP, "when"))
        ),
    )
}


def test_the_example_is_a_test_of_a_control() -> None:
    """What readers copy first has no problem."""
    example = SPEC.split("```sql\n")[1].split("```")[0]

    procedure = parse_procedure(example, where="example.sql")

    assert check_procedure(procedure, tables=TABLES, controls={"AC-05"}) == []


def test_the_functions_are_the_ones_that_may_be_called() -> None:
    """Each list, whole and in order."""
    listed = [block.split() for block in re.findall(r"```text\n(.*?)```", SPEC, re.DOTALL)]

    assert listed == [
        sorted(name for name in names if name[0].isalpha())
        for names in (
            functions.SCALAR,
            functions.AGGREGATE,
            functions.ORDERED_AGGREGATE,
            functions.WINDOW,
            functions.TABLE,
        )
    ]


def test_the_words_are_the_ones_in_use() -> None:
    """Natures, frequencies, outcomes, conclusions."""
    marked = (*NATURES, *SELECTIONS, *FREQUENCIES, *Outcome)
    words = [*(f"`{word}`" for word in marked), *Conclusion]

    assert [word for word in words if word not in SPEC] == []


def test_the_manual_example_is_a_manual_procedure() -> None:
    """The block of Markdown in the spec reads without a problem."""
    example = re.findall(r"```markdown\n(.*?)```", SPEC, re.DOTALL)[0]
    problems: list[Problem] = []

    procedure = read_manual(example, where="example.md", problems=problems)

    assert problems + manual_problems(procedure, controls={procedure.control}) == []
    assert [attribute.letter for attribute in procedure.attributes] == ["A", "B", "C", "D"]
