"""The scope over the API: versions, problems, and two who decide at once."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.ledger.queries import changes, shown


def test_a_scope_that_was_decided_reads_back_as_it_was_sent(
    program: Callable[..., Program],
) -> None:
    caller = program()
    content = caller.get("/scope")["content"] | {
        "system": "Larkspur Invoicing",
        "services": ["Sends invoices"],
        "categories": ["security", "availability"],
        "type": 2,
        "first": "2025-08-01",
        "last": "2026-07-31",
        "subservices": [
            {
                "name": "Cloud",
                "service": "Hosting",
                "method": "carve-out",
                "expectations": [{"text": "Guards", "criteria": ["CC6.4"]}],
                "report": {"title": "SOC 2", "first": "2025-01-01", "last": "2025-12-31"},
            }
        ],
        "not_applicable": {"CC6.4": "No offices"},
    }

    answer = caller.ask("put", "/scope", {"seen": 0, "content": content})

    assert answer.status_code == 200
    assert caller.get("/scope")["content"] == content
    assert caller.get("/scope")["version"] == 1


def test_the_report_of_a_supplier_that_ends_before_our_period_is_said_in_days(
    program: Callable[..., Program],
) -> None:
    """1 January to 31 July 2026 are 212 days that its report does not cover."""
    caller = program()
    content = {
        "type": 2,
        "first": "2025-08-01",
        "last": "2026-07-31",
        "subservices": [
            {
                "name": "Cloud",
                "service": "Hosting",
                "method": "carve-out",
                "expectations": [{"text": "Guards", "criteria": []}],
                "report": {"title": "SOC 2", "first": "2025-01-01", "last": "2025-12-31"},
            }
        ],
    }
    caller.ask("put", "/scope", {"seen": 0, "content": content})

    lacking = caller.get("/scope")["lacking"]

    assert "The report of Cloud leaves 212 of 365 days of our period uncovered." in lacking


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"categories": ["secrecy"]}, "categories"),
        ({"type": 3}, "type"),
        ({"type": True}, "type"),
        ({"first": "2026-02-30"}, "first"),
        ({"first": "2026-02-01", "last": "2026-01-01"}, "last"),
        ({"system": 7}, "system"),
        ({"system": "x" * 10_001}, "system"),
        ({"system": "a\x00b"}, "content.system"),
        ({"services": ["ok", ""]}, "services 2: service"),
        ({"services": "ok"}, "services"),
        ({"commitments": [1]}, "commitments 1"),
        ({"commitments": [{"kind": "wish", "text": "x", "category": "security"}]}, "commitments 1"),
        ({"user_controls": [{"text": "x", "criteria": ["CC9.9"]}]}, "user_controls 1: criteria"),
        ({"user_controls": [{"text": "x", "criteria": [{}]}]}, "user_controls 1: criteria"),
        ({"user_controls": [{"text": "x", "criteria": 5}]}, "user_controls 1: criteria"),
        ({"not_applicable": {"CC0.0": "x"}}, "not_applicable"),
        ({"not_applicable": {"CC6.4": " "}}, "not_applicable: CC6.4"),
        ({"subservices": [{"name": "x", "service": "y", "method": "magic"}]}, "subservices 1"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_scope_with_a_problem_changes_nothing_and_names_the_field(
    program: Callable[..., Program], content: object, where: str
) -> None:
    caller = program()

    answer = caller.ask("put", "/scope", {"seen": 0, "content": content})

    assert answer.status_code == 422
    assert answer.json()["slug"] == "content-refused"
    assert any(each["where"].startswith(where) for each in answer.json()["problems"])
    assert caller.get("/scope")["version"] == 0


def test_the_second_of_two_who_decide_at_once_is_told(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    """Both saw version 0; the first makes 1, the second is refused and the first's work stays."""
    caller = program()
    first = caller.ask("put", "/scope", {"seen": 0, "content": {"system": "Mine"}})
    second = caller.ask("put", "/scope", {"seen": 0, "content": {"system": "Theirs"}})

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["slug"] == "stale-version"
    assert caller.get("/scope")["content"]["system"] == "Mine"
    assert [shown(each).act for each in changes(larkspur.log, subject="scope")] == ["scope.decided"]


def test_deciding_what_is_decided_makes_no_version(program: Callable[..., Program]) -> None:
    caller = program()
    caller.ask("put", "/scope", {"seen": 0, "content": {"system": "Mine"}})

    again = caller.ask("put", "/scope", {"seen": 1, "content": {"system": "Mine"}})

    assert again.status_code == 200
    assert caller.get("/scope")["version"] == 1


def test_another_organizations_scope_is_another(
    program: Callable[..., Program], strange_program: Program
) -> None:
    program().ask("put", "/scope", {"seen": 0, "content": {"system": "Secret plan"}})

    assert strange_program.get("/scope")["version"] == 0
