"""Secrets that must be read again, sealed at rest under the server's secret.

A key is derived for each purpose (HKDF-SHA256, RFC 5869) from the server's secret, and the text is
sealed with Fernet (AES-128-CBC and HMAC-SHA256, with a version byte and the time).  The format is
in docs/spec/secrets.md.
"""

import base64
from dataclasses import dataclass, field

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECOND_FACTORS = "second factors"
PROVIDERS = "identity providers"
CONNECTIONS = "connections"
WEBHOOKS = "webhooks"
"""Both are followed by the name of the organization's log: what one sealed, another cannot open."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens texts of one purpose.

    Attributes:
        secret: the server's; it is never shown.
        purpose: what the texts are for: what one purpose sealed, another cannot open.
    """

    secret: str = field(repr=False)
    purpose: str

    def seal(self, text: str) -> str:
        """Return `text` sealed, in ASCII."""
        return self._cipher().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what `seal` was given.

        Raises:
            cryptography.fernet.InvalidToken: it was sealed for another purpose, or altered.
        """
        return self._cipher().decrypt(sealed.encode()).decode()

    def _cipher(self) -> Fernet:
        info = f"reperform {self.purpose}".encode()
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
        return Fernet(base64.urlsafe_b64encode(derive.derive(self.secret.encode())))
