"""Every operation, for every scope, for another organization, and without a token."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from api.conftest import Program
from reperform.accounts.models import ApiToken, Membership, Organization
from reperform.accounts.permissions import PERMISSIONS, Role, granted
from reperform.api.access import takes
from reperform.api.described import EXAMPLES
from reperform.api.site import api

SAMPLES = {name: str(value) for name, value in EXAMPLES.items()}


def operations() -> Iterator[tuple[str, str, str]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    (guard,) = operation.auth_callbacks
                    assert isinstance(guard, takes)
                    yield method.lower(), prefix + path, guard.permission


def url(path: str) -> str:
    parts = [
        SAMPLES[part[1:-1].split(":")[-1]] if part.startswith("{") else part
        for part in path.split("/")
    ]
    return "/".join(parts)


OPERATIONS = list(operations())


def test_every_operation_says_which_scope_it_takes() -> None:
    assert OPERATIONS
    assert not [path for _, path, permission in OPERATIONS if permission not in PERMISSIONS]


@pytest.mark.parametrize("secret", ["", "rpf_wrong", "x" * 5_000, "ünïcode"])
@pytest.mark.django_db
def test_without_a_good_token_nothing_answers(secret: str) -> None:
    program = Program("")
    program = Program(secret.encode().decode("latin-1")) if secret else program

    answers = {program.ask(method, url(path)).status_code for method, path, _ in OPERATIONS}

    assert answers == {401}


@pytest.mark.parametrize("role", Role)
def test_a_token_does_what_its_scopes_say(role: Role, program: Callable[..., Program]) -> None:
    """With every scope of each role: 403 exactly where the table does not have the role."""
    caller, wrong = program(role), []
    for method, path, permission in OPERATIONS:
        status = caller.ask(method, url(path), {}).status_code
        is_refused = status == 403
        if is_refused != (permission not in granted(role)) or status >= 500:
            wrong.append((method, path, status))

    assert not wrong


def test_a_token_with_one_scope_does_one_thing(program: Callable[..., Program]) -> None:
    """An administrator's token that may only read the scope reads nothing else."""
    caller = program(Role.ADMINISTRATOR, {"scope.view"})

    allowed = {
        path
        for method, path, _ in OPERATIONS
        if caller.ask(method, url(path), {}).status_code != 403
    }

    assert "/scope" in allowed
    assert allowed == {path for _, path, permission in OPERATIONS if permission == "scope.view"}


def test_a_token_loses_what_its_maker_loses(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    """A demoted member's token cannot do more than the member; a removed one's does nothing."""
    caller = program(Role.ADMINISTRATOR)
    assert caller.ask("get", "/members").status_code == 200

    Membership.objects.update(role=Role.EMPLOYEE.value)
    assert caller.ask("get", "/members").status_code == 403

    Membership.objects.update(is_active=False)
    assert caller.ask("get", "/members").status_code == 401


@pytest.mark.parametrize("field", ["expires_at", "revoked_at"])
def test_a_token_that_expired_or_was_revoked_opens_nothing(
    program: Callable[..., Program], field: str
) -> None:
    caller = program()
    ApiToken.objects.update(**{field: datetime.now(UTC) - timedelta(seconds=1)})

    assert caller.ask("get", "/scope").status_code == 401
