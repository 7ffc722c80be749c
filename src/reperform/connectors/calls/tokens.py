"""Tokens that a source grants for a while: asked for when needed, and again before they end.

Source: RFC 6749, 4.4 and 5 (OAuth 2.0); RFC 7523 (assertions); RFC 7515 (their signature).
"""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.connectors.calls.client import Client
from reperform.connectors.calls.messages import CallFailedError, Request, bearer

_EARLY = timedelta(minutes=5)
"""So long before its end a token is not used any more: clocks differ, and answers take time."""
_USUAL = timedelta(hours=1)
_LIFETIME = timedelta(minutes=5)


class Tokens:
    """The token of one client, new whenever the old one is about to end.

    Args:
        client: of the server that grants tokens; it has no credentials of its own.
        request: the moment -> what is asked for a token; it may hold secrets, which no answer,
            error or record shows.
        clock: tells the time in UTC.
    """

    def __init__(
        self,
        client: Client,
        request: Callable[[datetime], Request],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client, self._request, self._clock = client, request, clock
        self._ends = datetime.min.replace(tzinfo=UTC)
        self._token = ""
        client.refuse_clear()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be in no text: the token that is used now."""
        return (self._token,) if self._token else ()

    def headers(self) -> Mapping[str, str]:
        """Return the header of a token that holds for some minutes yet.

        Raises:
            CallFailedError: none is granted, with the words of the server.
        """
        if self._clock() >= self._ends:
            self.renew()
        return bearer(self._token)

    def renew(self) -> None:
        """Ask for a new token: the source takes the old one no longer, whatever it promised.

        Raises:
            CallFailedError: none is granted, with the words of the server.
        """
        now = self._clock()
        reply = self._client.call(self._request(now))
        read = reply.json() if reply.is_good else None
        found = read if isinstance(read, dict) else {}
        token = found.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise CallFailedError(
                f"no token was granted: {reply.told or 'the answer holds none'}",
                why="Without one the source tells nothing.",
                todo="check the connection's settings, and what the source allows its application",
            )
        said = found.get("expires_in")
        lasts = timedelta(seconds=said) if isinstance(said, int) and 0 < said < 1e6 else _USUAL  # noqa: PLR2004 - a fortnight: nobody means more
        self._token, self._ends = token, now + max(lasts - _EARLY, lasts / 2)


def assertion(claims: Mapping[str, Any], *, key: str, kid: str = "", at: datetime) -> str:
    """Return claims signed with RS256, valid for five minutes.

    Args:
        claims: without the times.
        key: RSA private key (PEM).
        kid: which of the client's keys it is; empty for the only one.
        at: when it is issued.

    Raises:
        CallFailedError: the key is no RSA private key.  Its message does not hold it.
    """
    times = {"iat": int(at.timestamp()), "exp": int((at + _LIFETIME).timestamp())}
    head = {"alg": "RS256", "typ": "JWT", **({"kid": kid} if kid else {})}
    signed = b".".join(_coded(canonical_json(part)) for part in (head, {**claims, **times}))
    return b".".join((signed, _coded(_signature(signed, key)))).decode()


def key_flaw(key: str) -> str:
    """Return what is wrong with an RSA private key (PEM); empty when nothing is."""
    try:
        _signature(b"", key)
    except CallFailedError:
        return "is no RSA private key in PEM, or is locked with a password"
    return ""


def _signature(content: bytes, key: str) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - used here only
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - likewise
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415 - likewise

    try:
        found = serialization.load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, rsa.RSAPrivateKey):
        raise CallFailedError(
            "nothing was asked: the key of the connection is no RSA private key",
            why="Without a signature the source does not know who asks.",
            todo="give the whole key, from BEGIN to END, without a password on it",
        )
    return found.sign(content, padding.PKCS1v15(), hashes.SHA256())


def _coded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
