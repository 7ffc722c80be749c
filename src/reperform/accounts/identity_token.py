"""What an identity provider's token says, once it was found to be its own, for us, and of now.

The token comes over TLS, and OpenID Connect would let that stand for its signature.  We check the
signature all the same: a proxy that ends TLS, or a token endpoint that somebody else answers, then
signs in nobody.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import jwt

from reperform.base.refusal import RefusalError

CLOCKS_DIFFER = 60
"""How many seconds a provider's clock may be off ours."""

_ALGORITHMS = {
    "RS256": "sha256", "RS384": "sha384", "RS512": "sha512",
    "PS256": "sha256", "PS384": "sha384", "PS512": "sha512",
    "ES256": "sha256", "ES384": "sha384", "ES512": "sha512",
    "EdDSA": "sha512",
}  # fmt: skip
"""How tokens may be signed, and the digest each means: by a key pair only.

`none` signs nothing; with HS256 a public key that was published would be the secret.
Source: RFC 8725, 2.1 and 3.1.
"""
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
_LONGEST_SUBJECT = 255


class IdentityTokenError(RefusalError):
    """A provider's token does not prove who signs in."""

    slug = "identity-token-refused"


def claims_of(
    token: str,
    *,
    keys: Mapping[str, Any],
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
) -> dict[str, Any]:
    """Return what a token says.  Source: OpenID Connect Core 1.0, 3.1.3.7 and 3.1.3.8.

    Args:
        token: as the token endpoint gave it, a signed JWT.
        keys: the provider's published keys, a JSON Web Key Set.
        issuer: whom the provider says it is, exactly.
        client_id: what it knows us by.
        nonce: what was sent with the question that this answers.
        access_token: what came with the token; a token that has its digest is of the same answer.

    Raises:
        IdentityTokenError: it is not signed by a published key in a way we take, is of another
            issuer, for somebody else, expired, not issued yet, the answer to another question, or
            names nobody.
    """
    algorithm = _algorithm(token)
    try:
        claims = jwt.decode(
            token,
            _key(token, keys, algorithm),
            algorithms=[algorithm],
            issuer=issuer,
            audience=client_id,
            leeway=CLOCKS_DIFFER,
            options={"require": list(_REQUIRED), "enforce_minimum_key_length": True},
        )
    except jwt.PyJWTError as error:
        raise _refused(str(error)) from error
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise _refused("it does not say who signs in")
    _refuse_other_party(claims, client_id)
    if not _is_same(claims.get("nonce"), nonce):
        raise _refused("it answers another question (nonce)")
    digest = claims.get("at_hash")
    if digest is not None and not _is_same(digest, _half_digest(access_token, algorithm)):
        raise _refused("it came with another answer (at_hash)")
    return claims


def nonce_for(verifier: str) -> str:
    """Return the nonce of a question, from the secret that the browser's session keeps of it.

    The secret is PKCE's verifier, which the question does not show: so an answer belongs to one
    session, and to one question of it.  Source: OpenID Connect Core 1.0, 15.5.2.

    >>> nonce_for("x") == nonce_for("x"), nonce_for("x") == nonce_for("y")
    (True, False)
    """
    return hashlib.sha256(f"reperform nonce {verifier}".encode()).hexdigest()


def _algorithm(token: str) -> str:
    try:
        named = jwt.get_unverified_header(token).get("alg")
    except jwt.PyJWTError as error:
        raise _refused(str(error)) from error
    if not isinstance(named, str) or named not in _ALGORITHMS:
        raise _refused(f"it is signed with {str(named)[:20]!r}, not with a key pair")
    return named


def _key(token: str, keys: Mapping[str, Any], algorithm: str) -> jwt.PyJWK:
    """Return the one published key that may have signed.  Source: OpenID Connect Core 1.0, 10.1."""
    named = jwt.get_unverified_header(token).get("kid")
    published = keys.get("keys")
    fitting = [
        each
        for each in (published if isinstance(published, list) else ())
        if isinstance(each, dict)
        and (named is None or each.get("kid") == named)
        and each.get("use", "sig") == "sig"
        and each.get("alg", algorithm) == algorithm
        and each.get("kty") == _kind(algorithm)
    ]
    if len(fitting) != 1:
        raise _refused(f"{len(fitting)} of the provider's published keys may have signed it")
    return jwt.PyJWK(fitting[0], algorithm)


def _kind(algorithm: str) -> str:
    return {"R": "RSA", "P": "RSA", "E": "EC"}[algorithm[0]] if algorithm != "EdDSA" else "OKP"


def _refuse_other_party(claims: Mapping[str, Any], client_id: str) -> None:
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp")
    if (several or party is not None) and party != client_id:
        raise _refused("it was issued to another application (azp)")


def _half_digest(text: str, algorithm: str) -> str:
    digest = hashlib.new(_ALGORITHMS[algorithm], text.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _is_same(said: object, known: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), known.encode())


def _refused(reason: str) -> IdentityTokenError:
    return IdentityTokenError(
        f"you were not signed in: the provider's identity token was not taken: {reason[:200]}",
        why="Only a token of the provider itself, for this program, of now, and in answer to the"
        " question of this browser says who you are; any other could be somebody else's.",
        todo="sign in once more; if it stays so, an administrator compares issuer, client and"
        " clock of the provider with what is set here",
    )
