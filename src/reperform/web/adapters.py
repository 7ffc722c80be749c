"""How sign-in by django-allauth fits this installation: nobody signs up, secrets are sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from reperform.accounts.models import User
from reperform.accounts.sealing import SECOND_FACTORS, Sealer
from reperform.web.page import now


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return that nobody signs up by themselves."""
        return False

    def new_user(self, request: HttpRequest) -> User:  # noqa: ARG002 - allauth's signature
        """Return a user that is not saved yet."""
        return User(date_joined=now())


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are sealed at rest."""

    def encrypt(self, text: str) -> str:
        """Return `text` sealed under the server's secret."""
        return Sealer(settings.SECRET_KEY, SECOND_FACTORS).seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return Sealer(settings.SECRET_KEY, SECOND_FACTORS).open(encrypted_text)
