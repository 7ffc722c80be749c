"""The pages of the scope: seven steps, versions that can be read, two who decide at once."""

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.actions import keep_examination
from reperform.program.models import ScopeVersion
from reperform.program.queries import current_scope
from web.conftest import AT
from web.examined import results, write_outputs

HOME = "/o/larkspur/scope/"

STEPS: dict[str, dict[str, Any]] = {
    "system": {
        "system": "Larkspur Invoicing",
        "services": "Sends invoices\nCollects payments",
        "boundaries": "The web application and its database.",
    },
    "categories": {"categories": ["availability"]},
    "period": {"type": "2", "first": "2025-08-01", "last": "2026-07-31"},
    "commitments": {
        "security-commitment": "Customer data is kept from others.",
        "availability-commitment": "The service answers 99.9 % of each month.",
    },
    "subservices": {
        "0-name": "Cloud Host",
        "0-service": "Hosting",
        "0-method": "carve-out",
        "0-expectations": "Access to data centers is reviewed each quarter [CC6.4]",
        "0-title": "SOC 2 Type 2",
        "0-first": "2025-01-01",
        "0-last": "2026-06-30",
    },
    "user_controls": {"text": "Customers remove the accounts of their leavers [CC6.2, CC6.3]"},
    "not_applicable": {"criterion": ["CC6.4", ""], "reason": ["There are no offices.", ""]},
}
"""What a person types on each page of the guided path."""


def decide(client: Client, part: str, *, seen: int, **more: str) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(f"{HOME}{part}/", {**STEPS[part], "seen": str(seen), **more})


def shown(client: Client, url: str = HOME) -> str:
    return unescape(client.get(url).content.decode())


def test_the_path_leads_from_an_empty_scope_to_one_that_lacks_only_days_of_a_supplier(
    larkspur: Organization, manager: Client
) -> None:
    """Each step is saved by itself and leads to the next; the last one leads back."""
    assert "Nothing is decided yet" in shown(manager)

    parts = list(STEPS)
    for number, part in enumerate(parts):
        answer = decide(manager, part, seen=number, next="1")
        expected = f"{HOME}{parts[number + 1]}/" if part != parts[-1] else HOME
        assert (answer.status_code, answer.headers["Location"]) == (302, expected)

    scope = current_scope(larkspur).document
    assert scope.services == ("Sends invoices", "Collects payments")
    assert scope.categories == ("security", "availability")
    assert scope.user_controls[0].criteria == ("CC6.2", "CC6.3")
    assert scope.not_applicable == {"CC6.4": "There are no offices."}
    assert "leaves 31 of 365 days of our period uncovered" in shown(manager)


@pytest.mark.parametrize(
    ("part", "sent", "said"),
    [
        ("period", {"type": "2", "first": "2026-13-01", "last": "2026-07-31"}, "2026-13-01"),
        ("period", {"type": "3", "last": "2026-07-31"}, "type"),
        ("categories", {"categories": ["secrecy"]}, "secrecy"),
        ("user_controls", {"text": "Customers do it [CC9.9]"}, "CC9.9"),
        ("not_applicable", {"criterion": "CC6.4", "reason": ""}, "CC6.4"),
        ("system", {"system": "x" * 10_001}, "10,001"),
        ("system", {"system": "a\x00b"}, "system"),
    ],
)
def test_a_step_with_a_problem_saves_nothing_and_keeps_what_was_typed(
    larkspur: Organization, manager: Client, part: str, sent: dict[str, str], said: str
) -> None:
    answer = manager.post(f"{HOME}{part}/", {**sent, "seen": "0"})
    page = unescape(answer.content.decode())

    assert answer.status_code == 422
    assert "Nothing was saved." in page
    assert said in page
    assert not ScopeVersion.objects.exists()


def test_the_second_of_two_who_decide_at_once_sees_both_and_loses_nothing(
    larkspur: Organization, manager: Client
) -> None:
    """The first saves; the second is told, sees what stands, and can save again."""
    decide(manager, "system", seen=0)
    sent = {"system": "Marigold", "services": "", "boundaries": "", "seen": "0"}

    answer = manager.post(f"{HOME}system/", sent)
    page = unescape(answer.content.decode())

    assert answer.status_code == 409
    assert "Larkspur Invoicing" in page
    assert 'value="Marigold"' in page
    assert 'name="seen" value="1"' in page
    assert manager.post(f"{HOME}system/", {**sent, "seen": "1"}).status_code == 302


def test_a_version_can_be_read_for_good_with_what_it_changed(
    larkspur: Organization, manager: Client
) -> None:
    decide(manager, "system", seen=0)
    manager.post(f"{HOME}system/", {**STEPS["system"], "system": "Marigold", "seen": "1"})

    first, second = (shown(manager, f"{HOME}versions/{number}/") for number in (1, 2))

    assert "System: Larkspur Invoicing" in first
    assert "<del>Larkspur Invoicing</del><ins>Marigold</ins>" in second
    assert manager.get(f"{HOME}versions/3/").status_code == 404
    assert manager.get(f"{HOME}versions/0/").status_code == 404


def test_an_examination_is_pinned_to_the_scope_that_stood_when_it_was_kept(
    larkspur: Organization, manager: Client, tmp_path: Path
) -> None:
    """What is decided later does not move it, and what departs from the scope is said."""
    decide(manager, "period", seen=0)
    decide(manager, "categories", seen=1)
    said = results() | {"library_sha256": "a" * 64}
    keep_examination(
        organization=larkspur, folder=write_outputs(tmp_path / "out", said), by="test", at=AT
    )
    manager.post(f"{HOME}categories/", {"categories": ["privacy"], "seen": "2"})

    page = shown(manager, "/o/larkspur/results/1/")

    assert '<a href="/o/larkspur/scope/versions/2/">Version 2</a>' in page
    assert "It did not examine availability, which is in the scope." in page
    assert "privacy" not in page
    assert "aaaaaaaaaaaa</code>, not the one in use now" in page


def test_an_examination_before_any_scope_says_so(
    larkspur: Organization, manager: Client, tmp_path: Path
) -> None:
    keep_examination(
        organization=larkspur, folder=write_outputs(tmp_path / "out"), by="test", at=AT
    )

    assert "None was decided when it was run." in shown(manager, "/o/larkspur/results/1/")


def test_who_may_only_read_is_offered_nothing_to_edit(
    larkspur: Organization,
    manager: Client,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    decide(manager, "system", seen=0)

    page = shown(signed_in(member(Role.AUDITOR)))

    assert "Larkspur Invoicing" in page
    assert "scope/system/" not in page
