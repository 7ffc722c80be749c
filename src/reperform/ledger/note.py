"""Signed notes: a text and the signatures below it.  Source: C2SP signed-note."""

import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.ledger.encoding import base64_text, from_base64

_ED25519 = b"\x01"
_LARGEST = 1_000_000
_MOST_SIGNATURES = 100
_KEY_BYTES = 32
_HASH_BYTES = 4
_PRIME = 2**255 - 19
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# The y of every point of small order: under such a key one signature fits many texts.
_WEAK = {0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)")


class NoteRefusedError(RefusalError):
    """A text is not a signed note, or a key is not a verifier key."""

    slug = "note-refused"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A verifier key: its name and the public key.

    The text form is `name+hash+base64`, the hash being 8 hexadecimal digits.
    """

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """The 4 bytes that name the key in a signature."""
        kind = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(kind).digest()[:_HASH_BYTES]

    @property
    def is_weak(self) -> bool:
        """Whether anybody can sign for the key.  Source: RFC 8032, section 5.1.3, for `y`."""
        y = int.from_bytes(self.public, "little") & ((1 << 255) - 1)
        return y % _PRIME in _WEAK

    def __str__(self) -> str:
        encoded = base64_text(_ED25519 + self.public)
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """Return the verifier key that `text` is.

        Raises:
            NoteRefusedError: it is not one, is of another algorithm, its hash does not match, or
                anybody could sign for it.
        """
        name, _, rest = text.strip().partition("+")
        key_hash, _, encoded = rest.partition("+")
        try:
            raw = from_base64(encoded)
        except ValueError as error:
            raise _bad_key(text) from error
        if not _NAME.fullmatch(name) or raw[:1] != _ED25519 or len(raw) != _KEY_BYTES + 1:
            raise _bad_key(text)
        verifier = cls(name=name, public=raw[1:])
        if verifier.is_weak:
            raise _bad_key(text)
        if verifier.key_hash.hex() != key_hash:
            raise _bad_key(text)
        return verifier

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether `signature` over `message` is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def _bad_key(text: str) -> NoteRefusedError:
    return NoteRefusedError(
        f"{visible(text, limit=100)!r} is not a verifier key",
        why="Without the right key a signature proves nothing.",
        todo="give it whole, as NAME+HASH+BASE64, from somebody you trust to know it",
    )


def sign_note(text: str, *, name: str, key: Ed25519PrivateKey) -> bytes:
    """Return the note `text`, which ends in a line break, with the signature of `key` below it.

    Raises:
        ValueError: `text` or `name` is not one that a note can have.
    """
    if not text.endswith("\n") or _CONTROL.search(text) or not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot sign a note that says {text[:80]!r}")
    verifier = Verifier(name=name, public=key.public_key().public_bytes_raw())
    signature = base64_text(verifier.key_hash + key.sign(text.encode()))
    return f"{text}\n\u2014 {name} {signature}\n".encode()


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note: whose it says it is, and the signature."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note's text, and every signature below it, none of them checked."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, verifier: Verifier) -> bool:
        """Return whether the note carries that key's signature, and only good ones of it.

        Signatures of other keys, such as witnesses, are passed over, even under the same name.
        """
        own = [
            verifier.verifies(line.signature, self.text.encode())
            for line in self.signatures
            if (line.name, line.key_hash) == (verifier.name, verifier.key_hash)
        ]
        return bool(own) and all(own)


def parse_note(content: bytes) -> Note:
    """Return text and signatures of a signed note.

    Raises:
        NoteRefusedError: it is not UTF-8, is too long, has control characters, no signature, too
            many, or a line among the signatures that is not one.
    """
    if len(content) > _LARGEST:
        raise _bad_note(f"it has {len(content):,} bytes, more than {_LARGEST:,}")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad_note("it is not UTF-8") from error
    if _CONTROL.search(whole):
        raise _bad_note("it has control characters")
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise _bad_note("no signature stands below it")
    lines = below[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise _bad_note(f"it has more than {_MOST_SIGNATURES} signatures")
    return Note(text=text + "\n", signatures=tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    try:
        raw = from_base64(found[2]) if found else b""
    except ValueError:
        raw = b""
    if found is None or len(raw) <= _HASH_BYTES:
        raise _bad_note(f"{visible(line, limit=80)!r} is not a signature")
    return Signature(found[1], raw[:_HASH_BYTES], raw[_HASH_BYTES:])


def _bad_note(what: str) -> NoteRefusedError:
    return NoteRefusedError(
        f"the signed note was not read: {what}",
        why="What it says is not known to be signed by anyone.",
        todo="ask for the checkpoint again, byte for byte",
    )
