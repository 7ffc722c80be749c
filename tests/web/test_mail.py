"""Mail, against a real server on this machine; and ways back where none is sent."""

import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from reperform.accounts.models import Invitation, Organization, User
from reperform.accounts.permissions import Role
from reperform.server.mail import MailUrlError, mail

PASSWORD = "a sentence of nobody in particular"
OTHER = "quite another sentence of nobody"
HOME = "/o/larkspur/members/"


class Box(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 - aiosmtpd's type
        self.letters.append(message)


@pytest.fixture
def box(settings: Settings) -> Iterator[Box]:
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in mail(f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    yield box
    controller.stop()


@pytest.fixture
def administrator(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.ADMINISTRATOR))


@pytest.fixture
def ana(member: Callable[[Role], User]) -> User:
    user = member(Role.EMPLOYEE)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def links(text: str) -> list[str]:
    return re.findall(r"http://testserver(/\S+)", text)


@pytest.mark.enable_socket
def test_an_invitation_is_sent_and_opens_the_way_in(
    box: Box, larkspur: Organization, administrator: Client
) -> None:
    page = administrator.post(HOME, {"email": "eva@larkspur.example", "role": "employee"})

    assert "sent to eva@larkspur.example" in page.content.decode()
    (letter,) = box.letters
    assert letter["To"] == "eva@larkspur.example"
    (link,) = links(letter.get_payload())
    assert Client().get(link).status_code == 200


@pytest.mark.enable_socket
def test_an_invitation_is_sent_again_by_another_link(
    box: Box, larkspur: Organization, administrator: Client
) -> None:
    """The first link opens nothing any more."""
    administrator.post(HOME, {"email": "eva@larkspur.example", "role": "employee"})
    number = Invitation.objects.get().pk

    administrator.post(f"{HOME}invitations/{number}/renew/")

    first, second = (links(each.get_payload())[0] for each in box.letters)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (422, 200)


@pytest.mark.enable_socket
def test_a_mail_server_that_does_not_answer_loses_no_invitation(
    box: Box, larkspur: Organization, administrator: Client, settings: Settings
) -> None:
    settings.EMAIL_PORT = 1

    page = administrator.post(HOME, {"email": "eva@larkspur.example", "role": "employee"})

    assert page.status_code == 200
    assert "sent to" not in page.content.decode()
    assert Client().get(links(page.content.decode().replace("<", " "))[0]).status_code == 200


@pytest.mark.enable_socket
def test_a_forgotten_password_is_reset_by_mail_once(box: Box, ana: User) -> None:
    """Nobody is told who has an account; the link works once."""
    for email in (ana.email, "nobody@larkspur.example"):
        answer = Client().post("/accounts/password/reset/", {"email": email})
        assert answer.headers["Location"] == "/accounts/password/reset/done/"
    letter = next(each for each in box.letters if each["To"] == ana.email)
    (link,) = links(letter.get_payload(decode=True).decode())[:1]

    client = Client()
    form = client.get(link).headers["Location"]
    client.post(form, {"password1": OTHER, "password2": OTHER})

    ana.refresh_from_db()
    assert ana.check_password(OTHER)
    again = Client().get(link)
    assert "Bad Token" in again.content.decode()


@pytest.mark.enable_socket
def test_who_proves_the_mailbox_takes_over_what_others_left_in_the_account(
    box: Box, ana: User
) -> None:
    """An account that a provider made: its passkey, its link and its sessions go with the proof."""
    EmailAddress.objects.update(verified=False)
    Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data={})
    SocialAccount.objects.create(user=ana, provider="oidc-x", uid="x")
    thief = Client()
    thief.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    Client().post("/accounts/password/reset/", {"email": ana.email})
    link = links(box.letters[0].get_payload(decode=True).decode())[0]

    client = Client()
    client.post(client.get(link).headers["Location"], {"password1": OTHER, "password2": OTHER})

    assert EmailAddress.objects.get().verified
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.enable_socket
def test_a_letter_leads_to_our_own_address_whatever_name_was_asked_for(
    box: Box, ana: User, settings: Settings
) -> None:
    """Anybody can ask for a letter to somebody, by any name and port that the server takes."""
    settings.SITE_URL = "https://soc.example.com"

    Client(HTTP_HOST="localhost:6666").post("/accounts/password/reset/", {"email": ana.email})

    (letter,) = box.letters
    text = letter.get_payload()
    assert "https://soc.example.com/accounts/password/reset/key/" in text
    assert "localhost" not in text
    assert "6666" not in text


@pytest.mark.enable_socket
def test_an_invitation_leads_to_our_own_address_whatever_name_was_asked_for(
    box: Box,
    larkspur: Organization,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
    settings: Settings,
) -> None:
    """The letter goes to somebody who knows only what it says."""
    settings.SITE_URL = "https://soc.example.com"
    said = {"email": "new@larkspur.example", "role": "employee"}

    browser = signed_in(member(Role.ADMINISTRATOR))
    browser.post(f"/o/{larkspur.slug}/members/", said, HTTP_HOST="localhost:6666")

    (letter,) = box.letters
    text = letter.get_payload()
    assert "https://soc.example.com/invitation/" in text
    assert "localhost" not in text


def test_without_mail_the_page_says_who_gives_a_way_back(ana: User, mailoutbox: list[Any]) -> None:
    """And nothing is sent, or printed, anywhere."""
    assert (
        "This installation sends no mail."
        in Client().get("/accounts/password/reset/").content.decode()
    )

    Client().post("/accounts/password/reset/", {"email": ana.email})

    assert mailoutbox == []


def test_another_organizations_invitation_is_not_renewed(
    larkspur: Organization,
    administrator: Client,
    stranger: User,
    signed_in: Callable[[User], Client],
) -> None:
    administrator.post(HOME, {"email": "eva@larkspur.example", "role": "employee"})
    number = Invitation.objects.get().pk

    answer = signed_in(stranger).post(f"/o/other/members/invitations/{number}/renew/")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://[::1"]
)
def test_a_url_of_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(MailUrlError):
        mail(url)
