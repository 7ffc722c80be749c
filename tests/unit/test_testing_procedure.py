"""A test of a control as a file."""

import hashlib
from pathlib import Path

import pytest

from reperform.base.front_matter import FrontMatterError
from reperform.testing.procedure import (
    ProcedureMalformedError,
    load_procedures,
    parse_procedure,
)

FIELDS = {
    "id": "AC-01.T1",
    "title": "Events are known",
    "control": "AC-01",
    "nature": "inspection",
    "population": "every event",
    "tables": "{log.events: [name], log.people: [account]}",
    "pass": "it is known",
    "deviation": "it is not",
    "unable": "nobody can say",
    "blind": "what was not logged",
}


def text(**changes: str | None) -> str:
    fields = {**FIELDS, **changes}
    lines = [f"-- {name}: {value}" for name, value in fields.items() if value is not None]
    return "\n".join(["-- ---", *lines, "-- ---", "SELECT 1", ""])


def test_a_file_is_read_whole() -> None:
    """Every field, the SQL, and the digest of all its bytes."""
    parameters = "{days: 90, branch: main}"
    content = text(parameters=parameters, occurrences="monthly", over_period="[log.events]")

    found = parse_procedure(content, where="known.sql")

    assert (found.id, found.control, found.sql) == ("AC-01.T1", "AC-01", "SELECT 1")
    assert found.tables == {"log.events": ("name",), "log.people": ("account",)}
    assert found.over_period == ("log.events",)
    assert found.parameters == {"days": 90, "branch": "main"}
    assert (found.passes, found.deviates, found.unable) == (
        *("it is known", "it is not", "nobody can say"),
    )
    assert found.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_every_table_covers_the_period_unless_the_head_says_which() -> None:
    """The strict reading is the one that needs no words."""
    assert parse_procedure(text(), where="x.sql").over_period == ("log.events", "log.people")
    assert parse_procedure(text(over_period="[]"), where="x.sql").over_period == ()


@pytest.mark.parametrize("field", [*FIELDS])
def test_a_field_that_is_missing_is_named(field: str) -> None:
    """`blind` no less than the others."""
    with pytest.raises(ProcedureMalformedError, match=f"its head has no '{field}'"):
        parse_procedure(text(**{field: None}), where="x.sql")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"blnd": "x"}, "a field that no test has: blnd"),
        ({"blind": "''"}, "its head has no 'blind'"),
        ({"title": "[a, b]"}, "its head has no 'title'"),
        ({"tables": "[log.events]"}, "its head has no 'tables'"),
        ({"tables": "{log.events: name}"}, "columns of log.events are not a list"),
        ({"tables": "{log.events: [1]}"}, "columns of log.events are not a list"),
        ({"tables": "{log.events: [a, a]}"}, "a column of log.events is there twice"),
        ({"over_period": "[log.other]"}, "over_period does not list tables"),
        ({"over_period": "[[log.events]]"}, "over_period does not list tables"),
        ({"over_period": "log.events"}, "over_period does not list tables"),
        ({"occurrences": "[monthly]"}, "occurrences is not the name of a frequency"),
        ({"parameters": "[a]"}, "parameters are not"),
        ({"parameters": "{a: 1.5}"}, "the parameter a is neither"),
        ({"parameters": "{a: true}"}, "the parameter a is neither"),
        ({"parameters": "{a: 2025-01-01}"}, "the parameter a is neither"),
        ({"parameters": "{1: 1}"}, "1 cannot be the name of a parameter"),
        ({"parameters": "{period_last: 1}"}, "'period_last' cannot be the name of a parameter"),
    ],
)
def test_a_field_of_another_kind_is_refused(changes: dict[str, str], said: str) -> None:
    """A value that means something else than it seems would change what is tested."""
    with pytest.raises(ProcedureMalformedError) as caught:
        parse_procedure(text(**changes), where="x.sql")

    assert said in str(caught.value)


def test_a_file_without_a_head_is_refused() -> None:
    """SQL alone does not say what it tests."""
    with pytest.raises(FrontMatterError):
        parse_procedure("SELECT 1", where="x.sql")


def test_a_folder_is_loaded_in_the_order_of_ids(tmp_path: Path) -> None:
    """Whatever the files are called."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.sql").write_text(text(id="AC-02.T1"))
    (tmp_path / "b.sql").write_text(text())
    (tmp_path / "notes.md").write_text("not a test")

    found = load_procedures(tmp_path)

    assert [(p.id, p.path) for p in found] == [("AC-01.T1", "b.sql"), ("AC-02.T1", "deep/a.sql")]


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    """One of them would be lost without a word."""
    (tmp_path / "a.sql").write_text(text())
    (tmp_path / "b.sql").write_text(text())

    with pytest.raises(ProcedureMalformedError, match=r"AC-01\.T1 is also the id of a\.sql"):
        load_procedures(tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """With the place of the first byte that is not."""
    (tmp_path / "a.sql").write_bytes(text().encode() + b"\xff")

    with pytest.raises(FrontMatterError, match="is not UTF-8"):
        load_procedures(tmp_path)
