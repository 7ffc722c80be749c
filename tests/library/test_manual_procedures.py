"""Every manual procedure of the library can be performed, and none is another one's copy."""

import re
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from reperform.base.problem import Problem
from reperform.testing.library_check import manual_problems, problems_of_tests
from reperform.testing.manual import ManualProcedure, load_manual, read_manual
from reperform.testing.procedure import load_procedures

LIBRARY = Path(__file__).parents[2] / "library"
TESTS = LIBRARY / "tests"
CONTROLS = {path.stem for path in (LIBRARY / "controls").glob("*.md")}
MANUAL = sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.md"))
TOO_ALIKE = 0.85


def read(path: str) -> tuple[ManualProcedure, list[Problem]]:
    problems: list[Problem] = []
    text = (TESTS / path).read_text("utf-8")
    procedure = read_manual(text, where=path, problems=problems)
    return procedure, problems + manual_problems(procedure, controls=CONTROLS)


@pytest.mark.parametrize("path", MANUAL)
def test_a_manual_procedure_of_the_library_has_no_problem(path: str) -> None:
    """Head complete, control there, every step leaves something to write down, no vague word."""
    assert [str(problem) for problem in read(path)[1]] == []


@pytest.mark.parametrize("path", MANUAL)
def test_every_attribute_decides_something(path: str) -> None:
    """`pass` names each letter once or in a run, and none that is not there."""
    procedure, _ = read(path)
    letters = {attribute.letter for attribute in procedure.attributes}
    runs = re.findall(r"\b([A-Z]) to ([A-Z])\b", procedure.passes)

    named = set(re.findall(r"\b[A-Z]\b", procedure.passes))
    within = {chr(code) for first, last in runs for code in range(ord(first), ord(last) + 1)}

    assert all(first < last for first, last in runs)
    assert named | within == letters


def test_nothing_is_wrong_with_the_folder_of_tests() -> None:
    """Ids are unique over both kinds, and no file is there that nothing reads."""
    assert [str(found) for found in problems_of_tests(TESTS, controls=CONTROLS)] == []


def test_every_control_has_at_least_one_procedure() -> None:
    """A control that nobody plans to test could only be believed."""
    automatic = {procedure.control for procedure in load_procedures(TESTS)}
    manual = {procedure.control for procedure in load_manual(TESTS)}

    assert sorted(CONTROLS - automatic - manual) == []


def test_the_numbers_of_a_controls_tests_have_no_hole() -> None:
    """T1, T2, T3: a missing number would look like a test that was taken out."""
    heads = [path.read_text("utf-8") for path in TESTS.rglob("*.*")]
    ids = [re.findall(r"^(?:-- )?id: (\S+)\.T(\d+)$", head, re.MULTILINE)[0] for head in heads]

    for (control, number), (following, next_number) in pairwise(
        sorted((control, int(number)) for control, number in ids)
    ):
        assert next_number == (number + 1 if following == control else 1), following


def test_no_two_procedures_have_nearly_the_same_steps() -> None:
    """Boilerplate that only changes the noun tests nothing in particular."""
    bodies = {
        procedure.id: " ".join(
            [
                *(step.act for step in procedure.steps),
                *(attribute.text for attribute in procedure.attributes),
            ]
        )
        for procedure in load_manual(TESTS)
    }

    alike = [
        (first, second)
        for first, second in combinations(bodies, 2)
        if is_alike(bodies[first], bodies[second])
    ]

    assert alike == []


def is_alike(first: str, second: str) -> bool:
    matcher = SequenceMatcher(None, first.split(), second.split(), autojunk=False)
    # Word by word: letters alone are alike in any two English texts.
    return matcher.quick_ratio() > TOO_ALIKE and matcher.ratio() > TOO_ALIKE


def test_a_copy_with_another_noun_is_found() -> None:
    """The measure itself."""
    text = "Open each ticket and compare its approver with the list of managers of that day."

    assert is_alike(text, text.replace("managers", "owners"))
    assert not is_alike(text, "Read the minutes of the board and count the members who attended.")
