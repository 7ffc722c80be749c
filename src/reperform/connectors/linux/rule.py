"""A rule of a host's packet filter, as the population of firewall rules has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from reperform.connectors.kept import said
from reperform.connectors.populations import TABLES

FIREWALL_RULES = TABLES["population.firewall_rules"]
_WHOLE = {4: 1, 6: 3}
"""A prefix this short is the whole Internet, or half of it; of IPv6, 2000::/3 is all there is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, or what happens where there is none.

    Attributes:
        firewall: which part of the filter holds it.
        uid: its id, or its place.
        is_in: it judges what comes in, or what goes out; None when that is not known.
        is_accepted: it lets it pass; else it refuses it.
        protocol: as tcp, or `all`; None when not known.
        ports: first and last; None for all, or a protocol without any.
        remote: the other side, in words.
        is_public: the other side is the whole Internet; None when that is not known.
        says: its comment.
        at: byte offset in the answer.
    """

    firewall: str
    uid: str
    is_in: bool | None
    is_accepted: bool
    protocol: str | None = "all"
    ports: tuple[int, int] | None = None
    remote: str = "any"
    is_public: bool | None = True
    says: str | None = None
    at: int = 0

    def values(self) -> dict[str, Any]:
        """Return the columns of a row but for system and time."""
        first, last = self.ports or (None, None)
        return {
            "firewall": said(self.firewall),
            "rule_uid": said(self.uid),
            "direction": None if self.is_in is None else ("in" if self.is_in else "out"),
            "action": "accept" if self.is_accepted else "refuse",
            "protocol": said(self.protocol),
            "port_first": first,
            "port_last": last,
            "remote": said(self.remote),
            "is_public": self.is_public,
            "says": said(self.says),
        }


def is_public(networks: Sequence[str]) -> bool | None:
    """Return whether one of some networks is the whole Internet; None when one is none.

    >>> is_public(["10.0.0.0/8"]), is_public(["10.0.0.1", "::/0"]), is_public(["trusted"])
    (False, True, None)
    """
    found: list[bool | None] = []
    for text in networks:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            found.append(None)
        else:
            found.append(network.prefixlen <= _WHOLE[network.version])
    if True in found:
        return True
    return None if None in found or not found else False


def ports_of(text: str) -> tuple[int, int] | None:
    """Return the first and last port of a text as `22`, `6000:6007` or `6000-6007`; None for none.

    >>> ports_of("22"), ports_of("6000:6007"), ports_of("http")
    ((22, 22), (6000, 6007), None)
    """
    first, _, last = text.replace("-", ":").partition(":")
    numbers = [each for each in (first, last or first) if each.isascii() and each.isdigit()]
    if len(numbers) != 2 or any(len(each) > 5 for each in numbers):  # noqa: PLR2004 - 16 bits
        return None
    return int(numbers[0]), int(numbers[1])
