"""How sign-in by django-allauth fits this installation: nobody signs up, secrets are encrypted."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest

from reperform.accounts.models import User
from reperform.web.page import now


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return that nobody signs up by themselves."""
        return False

    def new_user(self, request: HttpRequest) -> User:  # noqa: ARG002 - allauth's signature
        """Return a user that is not saved yet."""
        return User(date_joined=now())


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Single sign-on lets in who was invited, and makes nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401, ARG002 - allauth's signature
        """Return that nobody signs up by themselves."""
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted under the server's secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    """Return the cipher of second factors.  Source: RFC 5869 for the key, Fernet for the rest."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"reperform second factors")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
