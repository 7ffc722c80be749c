"""Scope and statement: what is accepted, and what is refused with its place."""

from datetime import date
from pathlib import Path

import pytest

from reperform.base.period import Period
from reperform.program.scope import Scope, UnknownCategoryError, parse_categories
from reperform.program.statement import (
    Adoption,
    Statement,
    StatementError,
    parse_statement,
    read_statement_file,
)


def parse(text: str) -> Statement:
    return parse_statement(
        text,
        where="statement.yaml",
        controls={"CHG-01"},
        criteria={"CC6.4"},
        description={"DC1"},
    )


def test_security_is_always_in_scope_and_the_order_is_the_standards() -> None:
    """Names may be written with capitals, blanks, hyphens or underscores."""
    assert parse_categories("") == ("security",)
    assert parse_categories("Privacy,processing-integrity") == (
        "security",
        "processing integrity",
        "privacy",
    )


def test_an_unknown_category_is_refused_with_the_five_that_exist() -> None:
    """Otherwise nothing would be examined under its name."""
    with pytest.raises(UnknownCategoryError, match="'resilience' is not a category") as refused:
        parse_categories("security,resilience")

    assert "confidentiality" in str(refused.value)


def test_a_type_1_wants_evidence_of_one_day_and_a_type_2_of_every_day() -> None:
    """The as-of date of a Type 1 is the period's last day."""
    period = Period(date(2025, 8, 1), date(2026, 7, 31))

    assert Scope(2, period, ("security",)).evidence_period == period
    assert Scope(1, period, ("security",)).evidence_period == Period(period.last, period.last)


def test_a_statement_says_what_management_says() -> None:
    """Every field, and nothing that is not there."""
    statement = parse(
        """
        organization: Larkspur, Inc.
        description: {DC1: It sends invoices.}
        controls:
          CHG-01: {owner: Ada Diaz, adopted_on: 2025-07-01}
        not_applicable: {CC6.4: Carved out.}
        """
    )

    assert statement.organization == "Larkspur, Inc."
    assert statement.system == ""
    assert statement.adopted == {"CHG-01": Adoption("Ada Diaz", date(2025, 7, 1))}
    tailored = parse("controls: {CHG-01: {owner: Ada, title: Ours, text: We read each change.}}")
    assert tailored.adopted["CHG-01"] == Adoption(
        "Ada", None, {"title": "Ours", "text": "We read each change."}
    )
    assert statement.not_applicable == {"CC6.4": "Carved out."}
    assert parse("") == Statement()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- 1", "statement.yaml: it is not"),
        ("organisation: x", "'organisation'"),
        ("organization: 12", "organization: 12 is not text"),
        ("controls: {XX-99: {owner: a}}", "controls: there is no 'XX-99'"),
        ("controls: {CHG-01: {}}", "CHG-01: owner: nobody is named"),
        ("controls: {CHG-01: {owner: a, adopted_on: soon}}", "adopted_on: 'soon'"),
        ("controls: {CHG-01: {owner: a, adopted_on: 2025-01-01 10:00:00}}", "adopted_on"),
        ("not_applicable: {CC9.9: x}", "not_applicable: there is no 'CC9.9'"),
        ("description: {DC1: [x]}", "description: DC1"),
        ("controls: {CHG-01: {owner: a, frequency: often}}", "frequency: 'often' is none of"),
        ("controls: {CHG-01: {owner: a, evidence: tickets}}", "evidence: 'tickets' is not a list"),
        ("controls: {CHG-01: {owner: a, criteria: [CC9.9]}}", "criteria: there is no 'CC9.9'"),
        ("own_controls: [PAY-01]", "own_controls: it is not a list of `name: value`"),
        ("own_controls: {pay: {owner: a}}", "own_controls: 'pay' is no code"),
        ("own_controls: {CHG-01: {owner: a}}", "CHG-01 is the library's control of this name"),
        ("own_controls: {PAY-01: x}", "PAY-01: it does not say its title, text, criteria"),
        ("own_controls: {PAY-01: {owner: a, title: b}}", "it does not say its text, criteria"),
    ],
)
def test_what_a_statement_cannot_say_is_refused_with_its_place(text: str, place: str) -> None:
    """File, field and value are named; nothing of the file is taken."""
    with pytest.raises(StatementError) as refused:
        parse(text)

    assert place in str(refused.value)


def test_a_statement_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Not there, a folder, not UTF-8, too large."""
    (tmp_path / "latin").write_bytes("organization: Caf\xe9".encode("latin-1"))
    (tmp_path / "large").write_bytes(b" " * 4_000_001)

    for name in ("missing", ".", "latin", "large"):
        with pytest.raises(StatementError, match="was not read"):
            read_statement_file(tmp_path / name)
