"""Settings over the API: as on the page."""

from collections.abc import Callable

from api.conftest import Program
from reperform.accounts.models import Organization


def test_settings_are_read_and_changed(program: Callable[..., Program]) -> None:
    caller = program()
    assert caller.get("/settings") == {
        "name": "Larkspur",
        "requires_second_factor": False,
        "requires_provider": False,
        "groups_make_administrators": False,
        "version": 0,
        "slug": "larkspur",
    }

    body = {"name": "Larkspur Ltd", "requires_second_factor": False, "seen": 0}
    answer = caller.ask("put", "/settings", body)

    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert caller.ask("put", "/settings", body).status_code == 409
    assert Organization.objects.get().name == "Larkspur Ltd"


def test_a_second_factor_cannot_become_the_rule_while_no_administrator_has_one(
    program: Callable[..., Program],
) -> None:
    caller = program()

    answer = caller.ask(
        "put", "/settings", {"name": "Larkspur", "requires_second_factor": True, "seen": 0}
    )

    assert answer.status_code == 422
    assert answer.json()["slug"] == "locked-out"
