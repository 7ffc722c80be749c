"""What the conditions of a rule of nftables leave over: protocol, ports, and the other side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reperform.connectors.linux.rule import is_public, ports_of
from reperform.connectors.said import objects, of

_NEUTRAL = frozenset({"counter", "log", "limit", "accept", "drop", "reject", "jump", "goto"})
_PORTED = ("tcp", "udp", "sctp", "dccp", "th", "udplite")
Place = tuple[str, str, str]
"""Family, table, and the name of a chain or a set."""
Sets = Mapping[Place, Any]
"""Elements of the named sets."""


@dataclass(frozen=True, slots=True)
class Match:
    """What the conditions of a rule, and of those that led to it, leave over.

    Attributes:
        protocol: as tcp; `all` for every one.
        ports: of this end for what comes in; empty for all.
        remotes: networks of the other side; empty for all.
        words: what narrows it otherwise, in words.
        is_closed: nothing new comes by it: answers, or this machine itself.
    """

    protocol: str = "all"
    ports: tuple[tuple[int, int], ...] = ()
    remotes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_closed: bool = False

    @property
    def is_all(self) -> bool:
        """Whether they leave everything over."""
        return self == Match()


def expressions(rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a rule consists of."""
    return objects(rule.get("expr"))


def match_of(sets: Sets, place: Place, rule: Mapping[str, Any], *, is_in: bool) -> Match:
    """Return what the conditions of one rule leave over."""
    match = Match()
    for each in expressions(rule):
        if "match" in each:
            match = _narrowed(sets, place, match, each["match"], is_in=is_in)
        elif not set(each) <= _NEUTRAL:
            match = replace(match, words=(*match.words, f"if {'/'.join(sorted(each))[:40]}"))
    return match


def _narrowed(sets: Sets, place: Place, match: Match, said: object, *, is_in: bool) -> Match:
    """Return what a condition more leaves over."""
    left, is_not = of(said, "left"), of(said, "op") == "!="
    values = tuple(_values(sets, place, of(said, "right")))
    narrowed = _by_field(match, left, values, is_in=is_in, is_not=is_not)
    if narrowed is None and not is_not:
        narrowed = _by_state(match, left, values)
    if narrowed is not None:
        return narrowed
    key, name = of(left, "meta", "key"), of(left, "payload", "field")
    what = name or key or of(left, "ct", "key") or "something else"
    words = f"{what} {'is not ' * is_not}{', '.join(values)[:200]}"
    return replace(match, words=(*match.words, words))


def _by_field(
    match: Match, left: object, values: tuple[str, ...], *, is_in: bool, is_not: bool
) -> Match | None:
    """Return what a condition on a packet's own fields leaves over; None when it is another."""
    protocol, name = of(left, "payload", "protocol"), of(left, "payload", "field")
    key = of(left, "meta", "key")
    if protocol in _PORTED and name == "dport":
        ports = tuple(each for each in map(ports_of, values) if each)
        is_known = len(ports) == len(values) and not is_not
        kind = match.protocol if protocol == "th" else str(protocol)
        return replace(match, protocol=kind, ports=ports if is_known else ())
    if protocol in ("ip", "ip6") and name == ("saddr" if is_in else "daddr"):
        return replace(match, remotes=() if is_not else values or ("unknown",))
    is_l4 = key == "l4proto" or (protocol, name) in (("ip", "protocol"), ("ip6", "nexthdr"))
    if is_l4 and len(values) == 1 and not is_not:
        return replace(match, protocol=values[0])
    if protocol in ("icmp", "icmpv6"):
        return replace(match, protocol=str(protocol))
    return match if key in ("nfproto", "protocol") else None


def _by_state(match: Match, left: object, values: tuple[str, ...]) -> Match | None:
    """Return what a condition on a connection's state or an interface leaves over."""
    if of(left, "ct", "key") == "state":
        if "new" in values:
            return match
        words = (*match.words, f"state {', '.join(values)[:100]}")
        return replace(match, is_closed=True, words=words)
    if of(left, "meta", "key") in ("iif", "iifname", "oif", "oifname") and values == ("lo",):
        return replace(match, is_closed=True, words=(*match.words, "lo"))
    return None


def _values(sets: Sets, place: Place, right: object) -> list[str]:
    """Return the values that a condition names, those of a named set too."""
    if isinstance(right, str) and right.startswith("@"):
        elements = sets.get((*place[:2], right[1:]))
        return [text for each in elements if (text := _text(each))] if elements else [right]
    several = of(right, "set") if isinstance(right, dict) else right
    listed = several if isinstance(several, list) else [right]
    return [text for each in listed if (text := _text(each))]


def _text(value: object) -> str:
    prefix, bounds, element = of(value, "prefix"), of(value, "range"), of(value, "elem", "val")
    if isinstance(prefix, dict):
        return f"{prefix.get('addr')}/{prefix.get('len')}"
    if isinstance(bounds, list) and len(bounds) == 2:  # noqa: PLR2004 - first and last
        return f"{bounds[0]}-{bounds[1]}"
    if element is not None:
        return _text(element)
    return str(value) if isinstance(value, str | int) else ""


def both(before: Match, own: Match) -> Match:
    """Return what both leave over, as far as it can be told."""
    return Match(
        protocol=own.protocol if own.protocol != "all" else before.protocol,
        ports=own.ports or before.ports,
        remotes=_narrower(before.remotes, own.remotes),
        words=(*before.words, *own.words),
        is_closed=before.is_closed or own.is_closed,
    )


def _narrower(before: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    if before and own:
        return before if is_public(own) else own
    return own or before
