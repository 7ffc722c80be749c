"""Tokens over the API: one never makes another with more than itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from api.conftest import Program
from reperform.accounts.models import ApiToken
from reperform.accounts.permissions import Role


def body(**more: object) -> dict[str, object]:
    return {"name": "made", "scopes": ["scope.view"], "days": 1, **more}


def test_a_token_makes_another_within_itself(program: Callable[..., Program]) -> None:
    caller = program(Role.ADMINISTRATOR, {"tokens.edit", "scope.view"})

    answer = caller.ask("post", "/tokens", body())

    assert answer.status_code == 201
    made = Program(answer.json()["secret"])
    assert made.ask("get", "/scope").status_code == 200
    assert made.ask("get", "/tokens").status_code == 403
    listed = caller.get("/tokens")["items"]
    assert [each["name"] for each in listed] == ["made", "test"]
    assert "secret" not in listed[0]


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [
        ({"scopes": ["members.view"]}, "token-refused"),  # its maker's role has it, it has not
        ({"scopes": ["scope.view", "no.such"]}, "token-refused"),
        ({"days": 30}, "token-refused"),  # it lives 7 days itself
        ({"scopes": []}, "content-refused"),
        ({"days": 0}, "content-refused"),
        ({"name": " "}, "content-refused"),
        ({"name": "a\x00b"}, "content-refused"),
    ],
    ids=str,
)
def test_a_token_never_makes_one_with_more_than_itself(
    wrong: dict[str, object], slug: str, program: Callable[..., Program]
) -> None:
    """Neither more scopes nor a longer life, though the person who made it has both."""
    caller = program(Role.ADMINISTRATOR, {"tokens.edit", "scope.view"})

    answer = caller.ask("post", "/tokens", body(**wrong))

    assert answer.status_code == 422
    assert answer.json()["slug"] == slug
    assert ApiToken.objects.count() == 1


def test_what_a_token_made_is_revoked_with_it(program: Callable[..., Program]) -> None:
    """Else the thief of a token keeps what they made with it."""
    caller = program(Role.ADMINISTRATOR, {"tokens.edit", "scope.view"})
    child = Program(
        caller.ask("post", "/tokens", body(scopes=["scope.view", "tokens.edit"], days=3)).json()[
            "secret"
        ]
    )
    grandchild = Program(child.ask("post", "/tokens", body()).json()["secret"])
    number = ApiToken.objects.get(made_with=None).pk

    assert caller.ask("delete", f"/tokens/{number}").status_code == 204

    assert {each.ask("get", "/scope").status_code for each in (caller, child, grandchild)} == {401}


def test_a_token_revokes_what_its_member_made_and_with_members_edit_anybodys(
    program: Callable[..., Program],
) -> None:
    theirs = program(Role.COMPLIANCE_MANAGER, {"scope.view"})
    number = ApiToken.objects.get().pk
    small = program(Role.ADMINISTRATOR, {"tokens.edit"})
    large = program(Role.ADMINISTRATOR, {"tokens.edit", "members.edit"})

    assert small.ask("delete", f"/tokens/{number}").status_code == 404
    assert large.ask("delete", f"/tokens/{number}").status_code == 204
    assert theirs.ask("get", "/scope").status_code == 401


def test_another_organizations_token_is_not_found(
    program: Callable[..., Program], strange_program: Program
) -> None:
    number = ApiToken.objects.get().pk
    caller = program()

    assert caller.ask("delete", f"/tokens/{number}").status_code == 404
    assert number not in [each["number"] for each in caller.get("/tokens")["items"]]
    assert strange_program.ask("get", "/tokens").status_code == 200


def test_the_page_of_tokens_shows_when_one_was_used(program: Callable[..., Program]) -> None:
    caller = program()
    caller.get("/scope")

    (listed,) = caller.get("/tokens")["items"]

    used = datetime.fromisoformat(listed["last_used_at"])
    assert datetime.now(UTC) - used < timedelta(minutes=1)
