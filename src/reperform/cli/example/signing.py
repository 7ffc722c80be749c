"""Signing the example's release tags with SSH keys, so that there is something to verify.

The keys come from names, so anybody can make them: they protect nothing.
Source: PROTOCOL.sshsig of OpenSSH; RFC 8709 for the form of the keys.
"""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_KIND = b"ssh-ed25519"
_LINE = 70


def allowed_signer(email: str) -> str:
    """Return a person's line for a file of allowed signers, see ssh-keygen(1)."""
    key = base64.b64encode(_public(_key(email))).decode()
    return f'{email} namespaces="git" {_KIND.decode()} {key}\n'


def signature(content: bytes, email: str) -> bytes:
    """Return a person's armored SSH signature of a git object.

    >>> signature(b"x", "ana@larkspur.example").splitlines()[0]
    b'-----BEGIN SSH SIGNATURE-----'
    """
    key = _key(email)
    digest = hashlib.sha512(content).digest()
    parts = (b"git", b"", b"sha512")  # namespace, reserved, hash
    signed = key.sign(b"SSHSIG" + b"".join(map(_string, (*parts, digest))))
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + _string(_public(key))
    blob += b"".join(map(_string, parts)) + _string(_string(_KIND) + _string(signed))
    text = base64.b64encode(blob)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return b"\n".join(
        (b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----", b"")
    )


def _key(email: str) -> Ed25519PrivateKey:
    seed = hashlib.sha256(f"example key of {email}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public(key: Ed25519PrivateKey) -> bytes:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _string(_KIND) + _string(raw)


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content
