"""The page of API tokens: made within one's own role, shown once, revoked."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.actions.tokens import make_token
from reperform.accounts.models import ApiToken, Membership, Organization, User
from reperform.accounts.permissions import MEANINGS, PERMISSIONS, Role, granted
from reperform.ledger.queries import changes

HOME = "/o/larkspur/tokens/"


def make(client: Client, **more: object) -> Any:  # noqa: ANN401 - a response of the test client
    said = {"name": "nightly", "days": 30, "scopes": ["scope.view"], **more}
    return client.post(HOME, said)


def secret_in(answer: Any) -> str:  # noqa: ANN401 - as above
    found = re.search(r"rpf_[\w-]{43}", answer.content.decode())
    assert found
    return found[0]


def calls(secret: str, path: str = "scope") -> int:
    return Client(headers={"Authorization": f"Bearer {secret}"}).get(f"/api/v1/{path}").status_code


def test_every_permission_is_explained_to_who_chooses_scopes() -> None:
    assert list(MEANINGS) == list(PERMISSIONS)


def test_a_token_is_shown_once_and_opens_what_it_was_made_for(
    larkspur: Organization, manager: Client
) -> None:
    """Its secret is in the answer that makes it, and in no page after it; only a digest is kept."""
    answer = make(manager)
    secret = secret_in(answer)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert (calls(secret), calls(secret, "members")) == (200, 403)
    later = manager.get(HOME).content.decode()
    assert secret not in later
    assert f"…{secret[-4:]}" in later
    assert secret not in str(ApiToken.objects.values())
    assert next(change.act for change in changes(larkspur.log)) == "token.made"


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["settings.edit"]},  # an administrator's
        {"scopes": ["no.such"]},
        {"days": 0},
        {"days": 366},
        {"days": "x"},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\x00b"},
    ],
    ids=str,
)
def test_a_token_beyond_its_maker_is_refused(
    wrong: dict[str, Any], larkspur: Organization, manager: Client
) -> None:
    """More than the role has, no scope, too long a life: nothing is made, and the page says so."""
    assert make(manager, **wrong).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_refused_at_once(larkspur: Organization, manager: Client) -> None:
    secret = secret_in(make(manager))
    token = ApiToken.objects.get()

    assert "Revoke nightly?" in unescape(manager.get(f"{HOME}{token.pk}/revoke/").content.decode())
    assert calls(secret) == 200
    assert manager.post(f"{HOME}{token.pk}/revoke/").status_code == 302
    assert calls(secret) == 401
    assert manager.post(f"{HOME}{token.pk}/revoke/").status_code == 404
    assert [change.act for change in changes(larkspur.log)][:2] == ["token.revoked", "token.made"]


def test_a_manager_revokes_their_own_and_an_administrator_everybodys(
    larkspur: Organization,
    manager: Client,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """Else a manager could stop the provisioning that an administrator set up."""
    administrator = signed_in(member(Role.ADMINISTRATOR))
    make(manager)
    mine = ApiToken.objects.get().pk
    make(administrator)
    theirs = ApiToken.objects.exclude(pk=mine).get().pk

    assert manager.post(f"{HOME}{theirs}/revoke/").status_code == 404
    assert f"/{theirs}/revoke/" not in manager.get(HOME).content.decode()
    assert administrator.post(f"{HOME}{mine}/revoke/").status_code == 302


def test_another_organizations_token_is_not_found(
    larkspur: Organization, manager: Client, stranger: User
) -> None:
    """Neither shown nor revoked."""
    membership = Membership.objects.get(user=stranger)
    token, _ = make_token(
        membership=membership, name="secret plan", scopes={"scope.view"}, days=1, by="t",
        at=datetime.now(UTC),
    )  # fmt: skip

    assert "secret plan" not in manager.get(HOME).content.decode()
    assert manager.post(f"{HOME}{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.get(pk=token.pk).revoked_at is None


def test_expired_tokens_and_those_of_leavers_say_that_they_open_nothing(
    larkspur: Organization, manager: Client, member: Callable[[Role], User]
) -> None:
    leaver = Membership.objects.get(user=member(Role.ADMINISTRATOR))
    before = datetime.now(UTC) - timedelta(days=3)
    make_token(
        membership=leaver, name="old", scopes=granted(Role.ADMINISTRATOR), days=1, by="t", at=before
    )
    Membership.objects.filter(pk=leaver.pk).update(is_active=False)

    shown = manager.get(HOME).content.decode()

    assert "expired" in shown
    assert "inactive: opens nothing" in shown


def test_the_page_says_what_to_do_when_there_is_none(
    larkspur: Organization, manager: Client
) -> None:
    assert "There is no token." in manager.get(HOME).content.decode()
