"""Which server sends mail: none, or one by SMTP."""

from typing import Any
from urllib.parse import unquote, urlsplit

from reperform.base.refusal import RefusalError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SECONDS = 10


class MailUrlError(RefusalError):
    """The URL does not name a mail server."""

    slug = "mail-url"


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings of the server that `url` names; of none when it is empty.

    `smtp://` is plain, `smtp+starttls://` turns to TLS, `smtps://` begins with it.

    Raises:
        MailUrlError: the URL is of another kind, or names no host.

    >>> mail("smtps://user:p%40ss@mail.example.com")["EMAIL_HOST_PASSWORD"]
    'p@ss'
    """
    if not url:
        return {
            "MAIL_IS_SENT": False,
            "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        }
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in _PORTS or not host:
        raise MailUrlError(
            "the server did not start: REPERFORM_SMTP_URL does not name a mail server",
            why="Invitations would be said to be sent, and never arrive.",
            todo="write it as smtp+starttls://user:password@host:587, or unset it",
        )
    return {
        "MAIL_IS_SENT": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": _SECONDS,
    }
