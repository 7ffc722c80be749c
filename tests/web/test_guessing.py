"""Guessing passwords is slowed by the limits that the product ships, not by ones of a test."""

from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from reperform.accounts.models import User
from reperform.accounts.permissions import Role
from reperform.server import settings as shipped

PASSWORD = "a sentence of nobody in particular"
PER_PERSON, PER_ADDRESS = 5, 10
"""In five minutes for one person; in a minute from one address, whoever is tried."""


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> Iterator[None]:
    settings.ACCOUNT_RATE_LIMITS = shipped.ACCOUNT_RATE_LIMITS
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ana(member: Callable[[Role], User]) -> User:
    user = member(Role.EMPLOYEE)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(
    address: str, password: str, *, whence: str, host: str = "localhost"
) -> tuple[bool, str]:
    """Try once from a browser at `whence`; return whether it is in, and what the page says."""
    client = Client(REMOTE_ADDR=whence, HTTP_HOST=host)
    answer = client.post("/accounts/login/", {"login": address, "password": password})
    return client.get("/o/larkspur/").status_code == 200, answer.content.decode()


SLOWED = "Too many failed login attempts. Try again later."


def test_five_wrong_passwords_of_a_person_close_their_door_from_everywhere(ana: User) -> None:
    """Each from another address: then also the right one is refused, also from a fresh address."""
    for number in range(PER_PERSON):
        is_in, said = sign_in(ana.email, "wrong", whence=f"198.51.100.{number}")
        assert not is_in
        assert SLOWED not in said, number

    is_in, said = sign_in(ana.email, PASSWORD, whence="198.51.100.99")

    assert not is_in
    assert SLOWED in said


def test_another_spelling_of_an_address_is_the_same_person(ana: User) -> None:
    """Else each spelling would give five more guesses."""
    for number in range(PER_PERSON):
        spelled = ana.email[:number].upper() + ana.email[number:]
        sign_in(spelled, "wrong", whence=f"198.51.100.{number}")

    assert SLOWED in sign_in(ana.email.upper(), PASSWORD, whence="198.51.100.99")[1]


def test_another_name_or_port_of_the_server_is_the_same_door(ana: User) -> None:
    """The name that a request asks for is the visitor's to choose, and any port with it."""
    for number in range(PER_PERSON):
        sign_in(ana.email, "wrong", whence=f"198.51.100.{number}", host=f"localhost:{number + 1}")

    is_in, said = sign_in(ana.email, PASSWORD, whence="198.51.100.99", host="localhost:99")

    assert not is_in
    assert SLOWED in said


def test_guesses_are_not_forgotten_because_much_else_happens(ana: User) -> None:
    """The counts lie where other things are kept too, of which a visitor can cause many."""
    for number in range(PER_PERSON):
        sign_in(ana.email, "wrong", whence=f"198.51.100.{number}")
    for number in range(2_000):
        cache.set(f"something-else-{number}", value=True)

    assert SLOWED in sign_in(ana.email, PASSWORD, whence="198.51.100.99")[1]


def test_ten_wrong_passwords_from_an_address_close_it_for_everybody_there(ana: User) -> None:
    """Each of another person, as who tries one password at many accounts does."""
    for number in range(PER_ADDRESS):
        _, said = sign_in(f"somebody{number}@larkspur.example", "wrong", whence="198.51.100.1")
        assert SLOWED not in said, number

    here = sign_in(ana.email, PASSWORD, whence="198.51.100.1")
    elsewhere = sign_in(ana.email, PASSWORD, whence="198.51.100.2")

    assert here[1].count(SLOWED) == 1
    assert not here[0]
    assert elsewhere[0]


def test_who_signs_in_often_is_not_slowed(ana: User) -> None:
    """Only wrong passwords count."""
    for _ in range(PER_ADDRESS + 2):
        assert sign_in(ana.email, PASSWORD, whence="198.51.100.1")[0]


def test_a_right_password_does_not_give_more_guesses(ana: User) -> None:
    """Who knows one account's password cannot sign in between guesses to begin to count anew."""
    for number in range(PER_ADDRESS):
        sign_in(f"somebody{number}@larkspur.example", "wrong", whence="198.51.100.1")
        if number < PER_ADDRESS - 1:
            assert sign_in(ana.email, PASSWORD, whence="198.51.100.1")[0]

    assert SLOWED in sign_in("somebody@larkspur.example", "wrong", whence="198.51.100.1")[1]
