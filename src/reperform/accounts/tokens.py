"""Secrets that are shown once: links and API tokens.  Only their digests are kept."""

import hashlib
import secrets
from dataclasses import dataclass

_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret, to be shown once, and what is kept of it."""

    text: str
    sha256: str


def new_secret(prefix: str = "") -> NewSecret:
    """Return a new secret of 256 bits of chance.

    A plain digest is enough for what nobody can guess: a slow one would only slow us down.
    Source: OWASP ASVS 4.0.3, 2.9 and 6.2.
    """
    text = prefix + secrets.token_urlsafe(_BYTES)
    return NewSecret(text=text, sha256=secret_sha256(text))


def secret_sha256(text: str) -> str:
    """Return the digest under which a secret is looked up."""
    return hashlib.sha256(text.encode()).hexdigest()
