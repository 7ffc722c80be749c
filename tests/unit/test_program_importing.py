"""Registers that come as files: what every one of them does alike."""

from reperform.base.grid import read_grid
from reperform.program.assets import read_asset
from reperform.program.assets.importing import Known, plan_import
from reperform.program.importing.columns import plain_cell

WAREHOUSE = read_asset({"name": "Warehouse", "purpose": "Keeps"})[0]
KNOWN = Known(members={}, assets={3: WAREHOUSE}, retired=frozenset({4}))


def test_a_row_with_more_cells_than_the_header_is_a_problem() -> None:
    """Its cells may stand below the wrong titles: a comma was not quoted."""
    plan = plan_import(read_grid(b"Name,Purpose\nA,one, two\n", name="list.csv"), KNOWN)

    assert [each.where for each in plan.every_problem] == ["list.csv: row 2"]
    assert not plan.acting


def test_what_went_out_neutralized_comes_in_as_it_was() -> None:
    plan = plan_import(read_grid(b"Name\n'=1+1\n", name="list.csv"), KNOWN)

    assert plan.entered[0].name == "=1+1"
    assert plain_cell("'tis") == "'tis"


def test_the_fingerprint_is_of_what_would_be_done() -> None:
    first, second = (
        plan_import(read_grid(content, name="list.csv"), KNOWN)
        for content in (b"Reference,Purpose\nAST-3,Keeps\n", b"Reference,Name\nAST-3,Depot\n")
    )
    assert first.every_problem, "no column is for Name"
    assert second.changed == 1
    assert first.fingerprint != second.fingerprint


def test_what_is_gone_or_never_was_is_named() -> None:
    content = b"Reference,Name\nAST-4,x\nAST-9,y\nAST-3,Warehouse\nAST-3,Depot\n"
    plan = plan_import(read_grid(content, name="list.csv"), KNOWN)

    assert [each.what for each in plan.every_problem] == [
        "AST-4 is retired",
        "there is no AST-9",
        "AST-3 is there twice",
    ]
