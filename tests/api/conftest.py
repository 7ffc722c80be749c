"""An organization, and tokens that call the API for it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.actions.tokens import make_token
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role, granted

AT = datetime.now(UTC) - timedelta(minutes=1)


class Program:
    """A program that calls the API with a token, or without."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - the test client's own type
        data = "" if body is None else json.dumps(body)
        return self._client.generic(
            method.upper(), f"/api/v1{path}", data, content_type="application/json"
        )

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        answer = self.ask("get", path)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)


def _member(organization: Organization, role: Role, email: str) -> Membership:
    user = User.objects.create(email=email, date_joined=AT)
    return Membership.objects.create(
        user=user, organization=organization, role=role.value, since=AT
    )


@pytest.fixture
def larkspur(db: None) -> Organization:
    return found_organization(name="Larkspur", by="test", at=AT)


@pytest.fixture
def program(larkspur: Organization) -> Callable[..., Program]:
    """Makes a program of Larkspur with a role, and with all of its scopes or those named."""
    made: dict[Role, Membership] = {}

    def make(role: Role = Role.ADMINISTRATOR, scopes: set[str] | None = None) -> Program:
        if role not in made:
            made[role] = _member(larkspur, role, f"{role.name.lower()}@larkspur.example")
        _, secret = make_token(
            membership=made[role],
            name="test",
            scopes=granted(role) if scopes is None else scopes,
            days=7,
            by="test",
            at=AT,
        )
        return Program(secret)

    return make


@pytest.fixture
def strange_program(db: None) -> Program:
    """A program of another organization, with every scope."""
    other = found_organization(name="Other", by="test", at=AT)
    member = _member(other, Role.ADMINISTRATOR, "stranger@other.example")
    _, secret = make_token(
        membership=member, name="x", scopes=granted(Role.ADMINISTRATOR), days=7, by="t", at=AT
    )
    return Program(secret)
