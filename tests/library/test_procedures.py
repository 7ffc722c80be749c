"""Every test of a control in the library says what it reads, and reads only that."""

from pathlib import Path

import pytest

from reperform.evidence.sources import TABLES
from reperform.testing.checker import check_procedure
from reperform.testing.procedure import load_procedures, parse_procedure

LIBRARY = Path(__file__).parents[2] / "library"
TESTS = LIBRARY / "tests"
CONTROLS = {path.stem for path in (LIBRARY / "controls").glob("*.md")}


@pytest.mark.parametrize(
    "path", sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.sql"))
)
def test_a_procedure_of_the_library_has_no_problem(path: str) -> None:
    """Head complete, control there, one SELECT, tables and columns as promised both ways."""
    procedure = parse_procedure((TESTS / path).read_text("utf-8"), where=path)

    problems = check_procedure(procedure, tables=TABLES, controls=CONTROLS)

    assert not problems, "\n".join(map(str, problems))


def test_the_library_holds_at_least_twenty_tests_of_controls() -> None:
    """No two have the same id, which loading them would refuse."""
    assert len(load_procedures(TESTS)) >= 20
