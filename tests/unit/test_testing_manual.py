"""A manual procedure as a file, and the folder that holds both kinds."""

import hashlib
from pathlib import Path

import pytest

from reperform.base.front_matter import FrontMatterError
from reperform.base.problem import Problem
from reperform.testing.library_check import problems_of_tests
from reperform.testing.manual import Attribute, ManualProcedure, Step, load_manual, read_manual
from reperform.testing.procedure import ProcedureMalformedError, load_procedures

FIELDS = {
    "id": "AC-01.T1",
    "title": "Grants were approved",
    "control": "AC-01",
    "nature": "[inspection, inquiry]",
    "population": "every grant",
    "completeness": "counted twice",
    "selection": "census",
    "request": "[list of grants]",
    "pass": "A and B hold",
    "deviation": "one does not",
    "unable": "the ticket is gone",
    "blind": "grants without a log",
}
STEPS = """1. Open the ticket.
   - A. It names the approver.
   - B. It names the day.
"""
SQL = """-- ---
-- id: AC-01.T1
-- title: t
-- control: AC-01
-- nature: inspection
-- population: p
-- tables: {log.events: [name]}
-- pass: p
-- deviation: d
-- unable: u
-- blind: b
-- ---
SELECT 1
"""


def text(steps: str = STEPS, /, **changes: str | None) -> str:
    fields = {**FIELDS, **changes}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\n".join(["---", *lines, "---", steps])


def read(content: str) -> tuple[ManualProcedure, list[str]]:
    problems: list[Problem] = []
    procedure = read_manual(content, where="x.md", problems=problems)
    return procedure, [str(problem) for problem in problems]


def test_a_file_is_read_whole() -> None:
    """Every field, every step with its attributes, and the digest of all its bytes."""
    content = text(
        "1. Open the ticket\n   of each grant.\n   - A. It names\n     the approver.\n\n"
        "2. Look at the log.\n   - B. It agrees.\n"
    )

    found, problems = read(content)

    assert problems == []
    assert (found.id, found.control, found.selection) == ("AC-01.T1", "AC-01", "census")
    assert found.nature == ("inspection", "inquiry")
    assert found.request == ("list of grants",)
    assert (found.passes, found.deviates) == ("A and B hold", "one does not")
    assert (found.unable, found.blind) == ("the ticket is gone", "grants without a log")
    assert found.steps == (
        Step(1, "Open the ticket of each grant.", (Attribute("A", "It names the approver."),)),
        Step(2, "Look at the log.", (Attribute("B", "It agrees."),)),
    )
    assert [attribute.letter for attribute in found.attributes] == ["A", "B"]
    assert found.sha256 == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize("field", [*FIELDS])
def test_a_manual_field_that_is_missing_is_a_problem(field: str) -> None:
    """`blind` and `completeness` no less than the others."""
    assert f"x.md: {field}: is missing or empty" in "\n".join(read(text(**{field: None}))[1])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nature": "[inquiry]"}, "nature: is inquiry alone"),
        ({"nature": "[inspection, looking]"}, "nature: is 'looking'"),
        ({"nature": "inspection"}, "nature: is 'inspection': write a list of texts"),
        ({"selection": "some"}, "selection: is 'some'"),
        ({"id": "AC-02.T1"}, "id: is 'AC-02.T1': name it AC-01.T1"),
        ({"id": "AC-01.T01"}, "id: is 'AC-01.T01'"),
        ({"id": "AC-01"}, "id: is 'AC-01'"),
        ({"tables": "{a.b: [c]}"}, "tables: is not a field"),
    ],
)
def test_a_head_that_cannot_be_is_a_problem(changes: dict[str, str], said: str) -> None:
    """Inquiry alone shows nothing about operation."""
    assert said in "\n".join(read(text(**changes))[1])


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("", "has 0 attributes"),
        ("1. Look.\n   - A. It is there.\n", "has 1 attribute: write at least 2"),
        ("1. Look.\n   - A. a\n   - C. c\n", "its attributes are lettered A, C"),
        ("1. Look.\n   - A. a\n   - A. c\n", "its attributes are lettered A, A"),
        ("1. Look.\n   - A. a\n3. Ask.\n   - B. c\n", "its steps are numbered 1, 3"),
        ("1. Ask.\n2. Look.\n   - A. a\n   - B. b\n", "step 1 has no attribute"),
        (f"In general:\n{STEPS}", "'In general:' belongs to no step"),
        (f"{STEPS}Done.\n", "'Done.' belongs to no step"),
        ("   - A. a\n   - B. b\n", "'   - A. a' belongs to no step"),
        (f"{STEPS}   - c. lower\n", "'   - c. lower' belongs to no step"),
    ],
)
def test_steps_that_leave_no_record_are_a_problem(steps: str, said: str) -> None:
    """What cannot be written down under a letter cannot be reviewed."""
    assert said in "\n".join(read(text(steps))[1])


def test_a_manual_file_without_a_head_is_refused() -> None:
    """Steps alone do not say which control they test."""
    with pytest.raises(FrontMatterError):
        read_manual(STEPS, where="x.md", problems=[])


def test_manual_and_automatic_procedures_lie_in_one_folder(tmp_path: Path) -> None:
    """Each loader takes its own kind, in the order of ids."""
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "b.sql").write_text(SQL)
    (tmp_path / "access" / "a.md").write_text(text(id="AC-01.T3"))
    (tmp_path / "c.md").write_text(text(id="AC-01.T2"))

    assert [found.path for found in load_manual(tmp_path)] == ["c.md", "access/a.md"]
    assert [found.path for found in load_procedures(tmp_path)] == ["access/b.sql"]
    assert problems_of_tests(tmp_path, controls={"AC-01"}) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(id="AC-01.T2", blind=None).encode(), "blind: is missing or empty"),
        (STEPS.encode(), "it has no head between two lines"),
        (b"\xff", "was not read: 'utf-8' codec"),
        (text().encode(), "AC-01.T1 is also the id of a.md"),
    ],
)
def test_a_folder_with_a_problem_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    """Half of the planned procedures would look like all of them."""
    (tmp_path / "a.md").write_text(text())
    (tmp_path / "b.md").write_bytes(content)

    with pytest.raises(ProcedureMalformedError, match=r"1 problem, first b\.md") as caught:
        load_manual(tmp_path)

    assert said in str(caught.value)


def test_no_folder_holds_no_procedure(tmp_path: Path) -> None:
    """A library of controls alone can be read."""
    assert load_manual(tmp_path / "tests") == ()
    assert problems_of_tests(tmp_path / "tests", controls=set()) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.md": text(), "b.sql": SQL}, "tests/a.md: AC-01.T1 is also the id of b.sql"),
        ({"a.md": text(control="AC-09", id="AC-09.T1")}, "tests/a.md: there is no control AC-09"),
        ({"a.md": text(blind="what is not timely")}, "tests/a.md: blind: says 'timely'"),
        ({"a.md": text(request="[adequate lists]")}, "tests/a.md: request: says 'adequate'"),
        ({"a.md": text(STEPS.replace("day", "days, periodically"))}, "B: says 'periodically'"),
        ({"a.md": text(STEPS.replace("Open", "As appropriate, open"))}, "says 'as appropriate'"),
        ({"a.md": text() + "\n"}, "tests/a.md: does not end with one line break"),
        ({"a.txt": "x\n"}, "tests/a.txt: is no test of a control"),
        ({"b.sql": "SELECT 1\n"}, "tests/*.sql: b.sql was not read: it has no head"),
    ],
)
def test_a_folder_is_checked_over_both_kinds(
    files: dict[str, str], said: str, tmp_path: Path
) -> None:
    """Ids, controls, words that two auditors read in two ways, and files that nothing reads."""
    for name, content in files.items():
        (tmp_path / name).write_text(content)

    assert said in "\n".join(map(str, problems_of_tests(tmp_path, controls={"AC-01"})))
