"""Signing in, in a real browser: every page of it, passkeys by a virtual authenticator."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from browser import judging
from browser.conftest import DESKTOP, PHONE
from browser.filling import PASSWORD
from browser.serving import Site
from browser.test_every_page import judge

PUBLIC = (
    *("login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"),
    *("password/reset/key/1-set-password/", "3rdparty/login/cancelled/", "3rdparty/login/error/"),
)
OWN = (
    *("2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "password/change/"),
    *("sessions/", "email/", "3rdparty/", "logout/", "reauthenticate/"),
)
"""Below `/accounts/`: before and after one is signed in."""


def judged(page: Page, listener: judging.Listener, path: str, *, phone: bool) -> list[str]:
    answer = page.goto(f"/accounts/{path}")
    refused = path == "3rdparty/login/error/" and answer and answer.status == 401
    found = [] if refused or (answer and answer.ok) else [f"answered {answer and answer.status}"]
    found += [*judge(page, phone=phone), *listener.complaints(page)]
    return [f"{path}: {each}" for each in found]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("role", ["", "employee"])
def test_every_page_of_the_sign_in_can_be_used_by_everybody(
    role: str, size: tuple[int, int], filled: Site, window: Callable[..., BrowserContext]
) -> None:
    """As the pages of the program: WCAG 2.2 AA, weight, keyboard, the policy, the phone."""
    context = window(filled, role=role, size=size)
    listener = judging.Listener(context, filled.url)
    page = context.new_page()
    if role:
        page.goto("/accounts/2fa/totp/activate/")
        if "reauthenticate" in page.url:  # the session is the same for both sizes
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Confirm").click()
            page.wait_for_url("**/2fa/totp/activate/")

    wrong = [
        complaint
        for path in (OWN if role else PUBLIC)
        for complaint in judged(page, listener, path, phone=size is PHONE)
    ]

    assert not wrong, "\n".join(wrong)


@pytest.fixture
def newcomer(new_site: Site, window: Callable[..., BrowserContext]) -> Page:
    """The first administrator of a new installation, who opened it by its name."""
    new_site.url = new_site.url.replace("127.0.0.1", "localhost")
    page = window(new_site).new_page()
    page.goto(new_site.first_link)
    page.get_by_label("Your name").fill("Ana Diaz")
    page.get_by_label("E-mail address").fill("ana@larkspur.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The password once more").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/o/**")
    return page


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a security key that knows its owner.  Source: W3C WebAuthn, section 11."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


def sign_out(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_a_passkey_is_made_named_used_renamed_and_removed(newcomer: Page) -> None:
    """Under the policy that blocks inline scripts; the key alone signs in, without a password."""
    page = newcomer
    session, key = authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Laptop of Ana")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    codes = page.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10
    assert (
        len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    )

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/o/**")

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Laptop of Ana")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.wait_for_url("**/reauthenticate/**")  # a sign-in that is a while ago changes no factor
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Old laptop")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Old laptop")).not_to_be_visible()


def test_a_recovery_code_opens_the_account_once(newcomer: Page) -> None:
    """A password alone does not, once there is a second factor."""
    page = newcomer
    session, key = authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Key")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    code = page.locator("#recovery_codes").input_value().split()[0]
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})

    for works in (True, False):
        sign_out(page)
        page.get_by_label("Email").fill("ana@larkspur.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/2fa/authenticate/**")
        page.goto("/")
        assert "/2fa/authenticate/" in page.url  # half a sign-in opens nothing
        page.get_by_label(re.compile("Code|code")).fill(code)
        page.get_by_role("button", name="Sign In").click()
        if works:
            page.wait_for_url("**/o/**")
    expect(page.get_by_text("Incorrect code")).to_be_visible()


def test_a_session_elsewhere_is_ended(
    newcomer: Page, new_site: Site, window: Callable[..., BrowserContext]
) -> None:
    """One by one: who was signed in there is asked to sign in again."""
    other = window(new_site).new_page()
    other.goto("/accounts/login/")
    other.get_by_label("Email").fill("ana@larkspur.example")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url("**/o/**")

    newcomer.goto("/accounts/sessions/")
    expect(newcomer.get_by_text("Chrome on Linux")).to_have_count(2)
    newcomer.get_by_role("button", name="End it").click()
    expect(newcomer.get_by_text("Chrome on Linux")).to_have_count(1)

    other.goto("/")
    assert "/accounts/login/" in other.url
