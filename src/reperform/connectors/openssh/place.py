"""Hosts as people name them, and the public keys by which each is known."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_ssh_private_key,
)

PORT = 22
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?", re.ASCII)
_SIX = re.compile(r"[0-9A-Fa-f:.]{2,45}", re.ASCII)
_USER = re.compile(r"[a-z_][a-z0-9_.-]{0,31}", re.ASCII)
_KIND = re.compile(r"[a-z0-9@.-]{4,60}", re.ASCII)
_MARKERS = ("@cert-authority", "@revoked")
_LENGTH = 4
_OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----"


class Host(NamedTuple):
    """A host's name or address, and the port of its SSH server."""

    name: str
    port: int

    def __str__(self) -> str:
        """As the settings name it."""
        if self.port == PORT:
            return self.name
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"

    @property
    def alias(self) -> str:
        """As a line of known hosts names it (sshd(8))."""
        return self.name if self.port == PORT else f"[{self.name}]:{self.port}"


def host_of(text: str) -> Host:
    """Return the host that `text` names.

    Raises:
        ValueError: it names none.

    >>> str(host_of("web-1.example.org")), str(host_of("[::1]:2222")), host_of("db:2222").alias
    ('web-1.example.org', '[::1]:2222', '[db]:2222')
    """
    name, colon, port = text.rpartition(":")
    if not colon or (text.count(":") > 1 and not name.endswith("]")):
        name, port = text, str(PORT)
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    is_name = _NAME.fullmatch(bare) or (":" in bare and _SIX.fullmatch(bare))
    is_port = port.isascii() and port.isdigit() and 0 < int(port[:6]) < 1 << 16
    if not is_name or not is_port:
        raise ValueError(f"{text[:60]!r} is no host, and no HOST:PORT")
    return Host(bare, int(port))


def hosts_flaw(said: Sequence[str]) -> str:
    """Return what is wrong with a list of hosts; empty when nothing is."""
    found = set()
    for line in said:
        try:
            host = host_of(line)
        except ValueError as error:
            return str(error)
        if host in found:
            return f"{line[:60]} is there twice"
        found.add(host)
    return ""


def user_flaw(said: str) -> str:
    """Return why a name is no user's; empty when it may be one."""
    return "" if _USER.fullmatch(said) else "is no name of a user"


def known_flaw(said: Sequence[str]) -> str:
    """Return what is wrong with lines of known hosts; empty when nothing is."""
    for number, line in enumerate(said, start=1):
        fields = line.split()
        fields = fields[1:] if fields and fields[0] in _MARKERS else fields
        if len(fields) < 3 or not _KIND.fullmatch(fields[1]) or not _is_key(*fields[1:3]):  # noqa: PLR2004 - names, kind, key
            return f"{number} ({line[:40]!r}) is no host and its public key"
    return ""


def _is_key(kind: str, text: str) -> bool:
    """Return whether a text is a public key of a kind: RFC 4253, 6.6 begins with its name."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    length = int.from_bytes(raw[:_LENGTH], "big")
    return raw[_LENGTH : _LENGTH + length] == kind.encode()


def key_flaw(said: str) -> str:
    """Return why a text is no private key that can be used unattended; empty when it is one."""
    text = f"{said.strip()}\n".replace("\r\n", "\n")
    load = load_ssh_private_key if text.startswith(_OPENSSH) else load_pem_private_key
    try:
        load(text.encode(), None)
    except TypeError:
        return "has a passphrase: nobody is there to type it"
    except (ValueError, UnsupportedAlgorithm):
        return "is no private key that can be read"
    return ""
