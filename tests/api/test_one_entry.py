"""A change leaves exactly one entry of the trail: who, when, before, after; no change, none."""

from collections.abc import Callable

import pytest

from api.conftest import AT, Program
from reperform.accounts.models import Organization
from reperform.ledger.queries import changes, shown

FIELD = "/description/fields/dc3.data"
INVITED = {"email": "grace@larkspur.example", "role": "employee"}
MADE = {"name": "nightly", "scopes": ["scope.view"], "days": 1}
CHANGES = [
    ("put", "/scope", {"seen": 0, "content": {"system": "Invoicing"}}, "scope.decided"),
    ("put", FIELD, {"seen": 0, "text": "Invoices."}, "description.written"),
    ("post", "/members/invitations", INVITED, "member.invited"),
    ("post", "/tokens", MADE, "token.made"),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case[3])
def test_a_change_leaves_one_entry(
    case: tuple[str, str, object, str], program: Callable[..., Program], larkspur: Organization
) -> None:
    method, path, body, act = case
    caller = program()
    before = changes(larkspur.log).count()

    assert caller.ask(method, path, body).status_code in (200, 201)

    assert changes(larkspur.log).count() == before + 1
    entry = shown(changes(larkspur.log)[0])
    assert (entry.act, entry.by) == (act, "administrator@larkspur.example by token test")
    assert entry.at > AT
    assert entry.after


@pytest.mark.parametrize(("path", "body"), [(path, body) for _, path, body, _ in CHANGES[:2]])
def test_what_changes_nothing_leaves_none(
    path: str, body: dict[str, object], program: Callable[..., Program], larkspur: Organization
) -> None:
    """The same once more, with the version that stands; and what is refused."""
    caller = program()
    caller.ask("put", path, body)
    before = changes(larkspur.log).count()

    assert caller.ask("put", path, body | {"seen": 1}).status_code == 200
    assert caller.ask("put", path, body | {"seen": 7}).status_code == 409
    assert caller.ask("put", path, {"seen": 1}).status_code == 422

    assert changes(larkspur.log).count() == before
