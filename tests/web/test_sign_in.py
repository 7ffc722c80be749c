"""One's own sign-in: sessions, password, second factors, and what cannot be done."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role

PASSWORD = "a sentence of nobody in particular"
OTHER = "quite another sentence of nobody"


@pytest.fixture
def ana(member: Callable[[Role], User]) -> User:
    user = member(Role.EMPLOYEE)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(user: User, password: str = PASSWORD) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/o/larkspur/").status_code == 200


def text(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def test_sessions_are_listed_with_browser_address_and_time(ana: User) -> None:
    client = sign_in(ana)

    page = text(client.get("/accounts/sessions/"))

    assert "Firefox on Linux" in page
    assert "127.0.0.1" in page
    assert "this one" in page


def test_one_session_is_ended_and_the_others_stay(ana: User) -> None:
    here, lost, third = sign_in(ana), sign_in(ana), sign_in(ana)
    key = lost.session.session_key
    number = UserSession.objects.get(session_key=key).pk

    assert here.post(f"/sessions/{number}/end/").status_code == 302

    assert (is_in(here), is_in(lost), is_in(third)) == (True, False, True)
    assert here.get(f"/sessions/{number}/end/").status_code == 405


def test_all_other_sessions_are_ended_at_once(ana: User) -> None:
    here, lost = sign_in(ana), sign_in(ana)

    here.post("/accounts/sessions/")

    assert (is_in(here), is_in(lost)) == (True, False)


def test_another_persons_session_is_not_found(ana: User, stranger: User) -> None:
    """Nor is it ended."""
    stranger.set_password(PASSWORD)
    stranger.save()
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    theirs, mine = sign_in(stranger), sign_in(ana)
    number = UserSession.objects.get(user=stranger).pk

    assert mine.post(f"/sessions/{number}/end/").status_code == 404
    assert theirs.get("/o/other/").status_code == 200
    assert Client().post(f"/sessions/{number}/end/").status_code == 302


def test_a_new_password_ends_the_sessions_that_the_old_one_opened(ana: User) -> None:
    """Who knew the old one is out."""
    here, thief = sign_in(ana), sign_in(ana)

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER},
    )

    assert (is_in(here), is_in(thief)) == (True, False)
    assert not is_in(sign_in(ana))
    assert is_in(sign_in(ana, OTHER))


@pytest.mark.parametrize(
    "weak", ["short", "123456789012", "password1234", "employee@larkspur.example"]
)
def test_a_password_that_is_easy_to_guess_is_refused(weak: str, ana: User) -> None:
    """And the page says what is asked for, before anybody tries."""
    client = sign_in(ana)
    assert "at least 12 characters" in text(client.get("/accounts/password/change/"))

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
    )

    assert not is_in(sign_in(ana, weak))


def test_the_secret_of_an_authenticator_app_is_encrypted_at_rest(ana: User) -> None:
    """And activating it takes a code that the app shows."""
    from allauth.mfa.totp.internal import auth  # noqa: PLC0415 - the test plays the app

    client = sign_in(ana)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "Incorrect code" in text(wrong)

    counter = next(auth.yield_hotp_counters_from_time())
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    client.post("/accounts/2fa/totp/activate/", {"code": code})

    kept = {each.type: each.data for each in Authenticator.objects.filter(user=ana)}
    assert set(kept) == {"totp", "recovery_codes"}
    assert secret not in str(kept)


def test_nobody_makes_an_account_or_another_address_by_themselves(ana: User) -> None:
    """An address is whom an invitation and a provider mean: it is not chosen by its bearer."""
    said = {"email": "new@larkspur.example", "password1": PASSWORD, "password2": PASSWORD}
    assert "By invitation only" in text(Client().post("/accounts/signup/", said))
    client = sign_in(ana)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/email/", {"email": "boss@larkspur.example", "action_add": "1"})

    assert User.objects.count() == 1
    assert [each.email for each in EmailAddress.objects.all()] == [ana.email]


def test_a_session_begins_anew_with_a_sign_in(ana: User) -> None:
    """A key that somebody planted before is worth nothing afterwards: session fixation."""
    client = Client()
    client.get("/accounts/login/?next=/o/larkspur/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key

    client.cookies["sessionid"] = str(planted)
    client.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})

    assert is_in(client)
    assert client.session.session_key != planted
    attacker = Client()
    attacker.cookies["sessionid"] = str(planted)
    assert not is_in(attacker)


def test_cookies_are_out_of_the_reach_of_scripts_and_other_sites(
    ana: User, larkspur: Organization
) -> None:
    cookie = sign_in(ana).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
