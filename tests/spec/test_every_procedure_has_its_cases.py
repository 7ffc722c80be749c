"""Every test of a control has its four cases: pass, deviation, did not operate, unable."""

import ast
from pathlib import Path

import pytest

SPECS = Path(__file__).parent
LIBRARY = SPECS.parents[1] / "library" / "tests"
CASES = ("pass", "deviat", "did_not_operate", "unable")


def specs() -> dict[str, list[str]]:
    """Return, for each PROCEDURE that a spec file names, the names of its tests."""
    found: dict[str, list[str]] = {}
    for path in sorted(SPECS.glob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        named = [
            node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "PROCEDURE"
            and isinstance(node.value, ast.Constant)
        ]
        tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        for procedure in named:
            found.setdefault(str(procedure), []).extend(tests)
    return found


@pytest.mark.parametrize(
    "procedure", sorted(path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.sql"))
)
def test_a_procedure_has_a_spec_of_each_outcome(procedure: str) -> None:
    """A spec file names it, and holds a test of each of the four outcomes."""
    tests = specs().get(procedure, [])

    missing = [case for case in CASES if not any(case in test for test in tests)]

    assert not missing, f"{procedure} has no spec of: {', '.join(missing)}"
