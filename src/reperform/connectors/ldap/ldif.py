"""Reading LDIF (RFC 2849): entries with their attributes, whatever they hold."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reperform.connectors.answer import Kept
from reperform.connectors.kept import plain


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        at: byte offset where it begins.
        dn: its name.
        values: attribute in lower case, without options -> values as bytes.
        is_cut: an attribute is there with a range: the server gives only part of its values.
    """

    at: int
    dn: str
    values: Mapping[str, Sequence[bytes]]
    is_cut: bool

    def texts(self, *names: str) -> list[str]:
        """Return the values of the first attribute that is there."""
        for name in names:
            if self.values.get(name):
                return [plain(value) for value in self.values[name]]
        return []

    def text(self, *names: str) -> str:
        """Return the first value of the first attribute that is there; empty when none is."""
        return next(iter(self.texts(*names)), "")

    def number(self, name: str) -> int | None:
        """Return a whole number; None when there is none."""
        said = self.text(name)
        is_number = said.removeprefix("-").isascii() and said.removeprefix("-").isdigit()
        return int(said) if is_number and len(said) < 20 else None  # noqa: PLR2004 - of 64 bits


def entries(kept: Kept) -> Iterator[Entry]:
    """Yield each entry of an answer."""
    lines: list[bytes] = []
    begins = at = 0
    with kept.open() as file:
        for raw in file:
            line = raw.rstrip(b"\r\n")
            if not line:
                yield from _entry(begins, lines)
                lines = []
            elif line.startswith(b" ") and lines:
                lines[-1] += line[1:]
            elif not line.startswith(b"#"):
                begins = begins if lines else at
                lines.append(line)
            at += len(raw)
    yield from _entry(begins, lines)


def _entry(at: int, lines: Sequence[bytes]) -> Iterator[Entry]:
    dn, is_cut = "", False
    values: dict[str, list[bytes]] = {}
    for line in lines:
        name, _, rest = line.partition(b":")
        attribute, _, options = plain(name).lower().partition(";")
        value = _value(rest)
        is_cut = is_cut or options.startswith("range=")
        if attribute == "dn":
            dn = plain(value)
        else:
            values.setdefault(attribute, []).append(value)
    if dn:
        yield Entry(at, dn, values, is_cut)


def _value(rest: bytes) -> bytes:
    if not rest.startswith(b":"):
        return rest.lstrip(b" ")
    try:
        return base64.b64decode(rest[1:].strip(), validate=True)
    except binascii.Error:
        return rest


def folded(dn: str) -> str:
    """Return a DN in a form by which two spellings of it are compared.

    >>> folded("CN=Ana, ou=People,dc=Example")
    'cn=ana,ou=people,dc=example'
    """
    return ",".join(part.strip() for part in dn.split(",")).casefold()
