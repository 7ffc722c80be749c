"""The page of settings, and moving between organizations."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes, shown
from web.conftest import AT

HOME = "/o/larkspur/settings/"


@pytest.fixture
def administrator(member: Callable[[Role], User]) -> User:
    return member(Role.ADMINISTRATOR)


@pytest.fixture
def browser(administrator: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(administrator)


def save(client: Client, *, seen: int = 0, **more: object) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(HOME, {"seen": seen, "name": "Larkspur", **more})


def text(answer: Any) -> str:  # noqa: ANN401 - as above
    return unescape(answer.content.decode())


def test_the_name_is_changed_and_its_address_stays(larkspur: Organization, browser: Client) -> None:
    """And the ledger has who changed it from what to what."""
    assert save(browser, name="Larkspur Ltd").status_code == 302

    larkspur.refresh_from_db()
    assert (larkspur.name, larkspur.slug, larkspur.settings_version) == (
        "Larkspur Ltd", "larkspur", 1,
    )  # fmt: skip
    change = shown(changes(larkspur.log)[0])
    assert change.by == "administrator@larkspur.example"
    assert change.rows == [("name", "Larkspur", "Larkspur Ltd")]


def test_saving_what_stands_changes_nothing(larkspur: Organization, browser: Client) -> None:
    assert save(browser).status_code == 302

    assert changes(larkspur.log).count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 201}, {"name": "a\x00b"}, {"seen": "x"}]
)
def test_what_cannot_be_is_shown_in_place(
    wrong: dict[str, Any], larkspur: Organization, browser: Client
) -> None:
    assert save(browser, **wrong).status_code == 422
    larkspur.refresh_from_db()
    assert larkspur.name == "Larkspur"


def test_a_second_factor_cannot_become_the_rule_while_no_administrator_has_one(
    larkspur: Organization, browser: Client
) -> None:
    """Everybody would be locked out at once, who made the rule first of all."""
    assert "You have no second factor yourself." in text(browser.get(HOME))

    answer = save(browser, requires_second_factor="on")

    assert answer.status_code == 422
    assert "no administrator has one" in text(answer)
    larkspur.refresh_from_db()
    assert not larkspur.requires_second_factor


def test_an_administrator_who_has_one_makes_it_the_rule(
    larkspur: Organization,
    browser: Client,
    administrator: User,
    manager: Client,
) -> None:
    """Who has none is named before, and sees afterwards only how to set one up."""
    TOTP.activate(administrator, generate_totp_secret())
    page = text(browser.get(HOME))
    assert "1 active member has none" in page
    assert "compliance_manager@larkspur.example" in page

    assert save(browser, requires_second_factor="on").status_code == 302

    assert browser.get(HOME).status_code == 200
    assert manager.get("/o/larkspur/").headers["Location"] == "/second-factor/"
    Authenticator.objects.all().delete()
    assert browser.get(HOME).headers["Location"] == "/second-factor/"


def test_two_administrators_do_not_undo_each_other(larkspur: Organization, browser: Client) -> None:
    """The second is told what stands now; what they typed stays, and saving again means it."""
    save(browser, name="First")

    second = save(browser, name="Second")

    assert second.status_code == 409
    assert "As it is now" in text(second)
    assert "<dd>First</dd>" in text(second)
    assert 'value="Second"' in text(second)
    assert 'name="seen" value="1"' in text(second)
    assert save(browser, name="Second", seen=1).status_code == 302


def test_somebody_in_two_organizations_moves_between_them(
    larkspur: Organization, browser: Client, administrator: User, manager: Client
) -> None:
    """The header names the others; who belongs to one only sees no switch."""
    other = found_organization(name="Meadow", by="test", at=AT)
    Membership.objects.create(user=administrator, organization=other, role="employee", since=AT)

    assert 'href="/o/meadow/"' in text(browser.get(HOME))
    assert browser.get("/o/meadow/").status_code == 200
    assert "Your other organizations" not in text(manager.get("/o/larkspur/"))
