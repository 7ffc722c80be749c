"""Every test of a control has its four cases: pass, deviation, did not operate, unable."""

import ast
from pathlib import Path

import pytest

SPECS = Path(__file__).parent
LIBRARY = SPECS.parents[1] / "library" / "tests"
CASES = {
    "pass": {"pass", "no exceptions"},
    "deviat": {"deviation", "exceptions noted"},
    "did_not_operate": {"did not operate"},
    "unable": {"unable", "unable to test"},
}


def shown_cases(source: str) -> tuple[list[str], set[str]]:
    """Return the procedures that a spec file names, and the cases that its tests show.

    A test shows a case when its name says so and it asserts it.
    """
    tree = ast.parse(source)
    named = [
        str(node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "PROCEDURE"
        and isinstance(node.value, ast.Constant)
    ]
    shown = {
        case
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for case, words in CASES.items()
        if case in node.name and words & asserted_texts(node)
    }
    return named, shown


def asserted_texts(function: ast.FunctionDef) -> set[str]:
    """Return every text that stands in an assert of the function."""
    return {
        node.value
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assert)
        for node in ast.walk(statement.test)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize(
    "procedure", sorted(path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.sql"))
)
def test_a_procedure_has_a_spec_of_each_outcome(procedure: str) -> None:
    """A drawn case, or a spec file that names it and holds a test of each of the four outcomes."""
    if (SPECS / "cases" / procedure).with_suffix(".txt").exists():
        return  # test_drawn_cases.py holds that a drawing shows every outcome
    files = [shown_cases(path.read_text("utf-8")) for path in sorted(SPECS.glob("test_*.py"))]

    shown = {case for named, cases in files for case in cases if procedure in named}

    missing = [case for case in CASES if case not in shown]
    assert not missing, f"{procedure} has no spec of: {', '.join(missing)}"


def test_a_test_that_asserts_something_else_does_not_count() -> None:
    """A name is not enough, nor is a text outside an assert."""
    named, shown = shown_cases(
        'PROCEDURE = "a/b.sql"\n'
        'def test_a_pass(run):\n    assert run().outcomes == {"c": "pass"}\n'
        'def test_a_deviation(run):\n    assert run().outcomes == {"c": "pass"}\n'
        'def test_it_did_not_operate(run):\n    run("did not operate")\n'
        'def test_something(run):\n    assert run().conclusion == "unable to test"\n'
    )

    assert (named, shown) == (["a/b.sql"], {"pass"})
