"""How sign-in by django-allauth fits this installation: nobody signs up, secrets are sealed."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from reperform.accounts.actions.recovery import prove_mailbox
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

    def set_password(self, user: User, password: str) -> None:
        """Set a password; by a link from the mailbox, take the account over for its owner."""
        if not self.request.user.is_authenticated:
            prove_mailbox(user=user, at=now())
        super().set_password(user, password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a letter: to our own address where it is known, whoever asked.

        The name and port that a request asks for are the visitor's, and the letter somebody else's.
        """
        url = str(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{urlsplit(url).path}" if settings.SITE_URL else url

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ANN401, ARG002 - allauth's signature
        """Return by what wrong passwords are counted: the person, at whichever name of the server.

        allauth's own key begins with the name and port that the visitor asked for: each port would
        give five more guesses.
        """
        return str(credentials.get("email", "")).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send mail where a server is set up for it, and nothing elsewhere."""
        if settings.MAIL_IS_SENT:
            super().send_mail(template_prefix, email, context)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are sealed at rest."""

    def encrypt(self, text: str) -> str:
        """Return `text` sealed under the server's secret."""
        return Sealer(settings.SECRET_KEY, SECOND_FACTORS).seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return Sealer(settings.SECRET_KEY, SECOND_FACTORS).open(encrypted_text)
