"""Rules of ufw: as `ufw status verbose` prints them, or as its own files keep them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from reperform.connectors.linux.rule import Rule, is_public, ports_of

INACTIVE = "Status: inactive"
ACTIVE = "Status: active"
TUPLE = "### tuple ###"
_DEFAULT = re.compile(r"Default: (\w+) \(incoming\), (\w+) \(outgoing\)(?:, (\w+) \(routed\))?")
_RULE = re.compile(
    r"(?P<to>\S.*?)\s+(?P<action>ALLOW|DENY|REJECT|LIMIT)(?: (?P<way>IN|OUT|FWD))?\s+"
    r"(?P<far>\S.*?)(?:\s+# (?P<says>.*))?"
)
_PORTS = re.compile(r"(?:(?P<address>\S+) )?(?P<ports>[0-9:,]+)(?:/(?P<protocol>\w+))?")
_PROFILE = re.compile(r" \((?:[^()]|\([^()]*\))*\)")
_RULES = "### RULES ###"
_ANYWHERE = ("Anywhere", "any", "0.0.0.0/0", "::/0")
_ACCEPTING = ("allow", "limit")
_HEX = re.compile(r"comment=([0-9a-f]{0,1000})")
_FIELDS = 6
_NONE = "disabled"


class NotUfwError(ValueError):
    """A text is no list of ufw's rules, or holds a line that is none; it says which."""


def rules_of(lines: Iterable[tuple[int, int, str]]) -> Iterator[Rule]:
    """Yield the rules of a text, whichever of the two forms it has.

    Args:
        lines: number from 1, byte offset and text of each.

    Raises:
        NotUfwError: a line is no rule.
    """
    listed = list(lines)
    if any(line.startswith((TUPLE, _RULES)) for _, _, line in listed):
        yield from _kept(listed)
    else:
        yield from _printed(listed)


def _printed(lines: Sequence[tuple[int, int, str]]) -> Iterator[Rule]:
    texts = [line.strip() for _, _, line in lines]
    if INACTIVE in texts:
        says = "ufw is off: it refuses nothing"
        yield Rule("ufw", "inactive", is_in=True, is_accepted=True, says=says)
        return
    if ACTIVE not in texts:
        raise NotUfwError("it does not say whether ufw is active")
    defaults = [(at, found) for _, at, line in lines if (found := _DEFAULT.fullmatch(line.strip()))]
    if not defaults:
        raise NotUfwError("it does not say the defaults: print it with `ufw status verbose`")
    for at, found in defaults:
        yield from _defaults(found, at)
    begin = next((n for n, text in enumerate(texts) if text.startswith("--")), len(texts))
    for number, at, line in lines[begin + 1 :]:
        if not line.strip():
            continue
        rule = _RULE.fullmatch(line.strip())
        if rule is None:
            raise NotUfwError(f"line {number} is no rule: {line[:60]!r}")
        yield from _row(rule, number, at)


def _defaults(found: re.Match[str], at: int) -> Iterator[Rule]:
    for word, is_in, name in zip(
        found.groups(), (True, False, True), ("in", "out", "routed"), strict=True
    ):
        if word and word != _NONE:
            yield Rule("ufw", f"default {name}", is_in, word in _ACCEPTING, at=at)


def _row(found: re.Match[str], number: int, at: int) -> Iterator[Rule]:
    is_in = found["way"] != "OUT"
    near, _, near_on = _without(found["to"]).partition(" on ")
    far, _, far_on = _without(found["far"]).partition(" on ")
    # What goes out has the other end in the first column, and its port there too.
    remote = (
        far
        if is_in
        else near.rpartition(" ")[0] or (_ANYWHERE[0] if _PORTS.fullmatch(near) else near)
    )
    public = True if remote in _ANYWHERE else is_public([remote])
    interface = near_on or far_on
    protocol, ports = _what(near)
    for each in ports or (None,):
        yield Rule(
            firewall="ufw",
            uid=f"line {number}",
            is_in=is_in,
            is_accepted=found["action"].lower() in _ACCEPTING,
            protocol=protocol,
            ports=each,
            remote=f"{remote} on {interface}" if interface else remote,
            # Whether the Internet is behind one interface, ufw does not say.
            is_public=None if public and interface else public,
            says=found["says"],
            at=at,
        )


def _without(text: str) -> str:
    """Return an end without what ufw adds for people: the profile, and that it is IPv6."""
    return _PROFILE.sub("", text.strip())


def _what(text: str) -> tuple[str | None, list[tuple[int, int]]]:
    """Return protocol and ports of an end; ports of no protocol are of each that has some."""
    found = _PORTS.fullmatch(text)
    if found is None:
        name = text.rpartition("/")[2]
        return (name if "/" in text and name.isalpha() else "all"), []
    ports = [ports_of(each) for each in found["ports"].split(",")]
    if None in ports:
        return None, []
    return found["protocol"] or "all", [each for each in ports if each]


def _kept(lines: Iterable[tuple[int, int, str]]) -> Iterator[Rule]:
    """Yield the rules of user.rules and user6.rules; the defaults are elsewhere, and not known.

    A line is `action protocol port destination port source [profiles] way [comment=...]`.
    """
    for number, at, text in lines:
        if not text.startswith(TUPLE):
            continue
        fields = text.removeprefix(TUPLE).split()
        comment = _HEX.fullmatch(fields[-1]) if fields else None
        fields = fields[:-1] if comment else fields
        if len(fields) <= _FIELDS:
            raise NotUfwError(f"line {number} is no rule: {text[:60]!r}")
        action, protocol, port, _, _, source = fields[:_FIELDS]
        way, _, interface = fields[-1].partition("_")
        ports = [] if port == "any" else [ports_of(each) for each in port.split(",")]
        if None in ports or way not in ("in", "out"):
            raise NotUfwError(f"line {number} is no rule: {text[:60]!r}")
        far = fields[3] if way == "out" else source
        public = is_public([far])
        for each in ports or (None,):
            yield Rule(
                firewall="ufw",
                uid=f"line {number}",
                is_in=way == "in",
                is_accepted=action.partition("_")[0].removeprefix("route:") in _ACCEPTING,
                protocol="all" if protocol == "any" else protocol,
                ports=each,
                remote=far + (f" on {interface}" if interface else ""),
                is_public=None if public and interface else public,
                says=_comment(comment),
                at=at,
            )


def _comment(found: re.Match[str] | None) -> str | None:
    if found is None or len(found[1]) % 2:
        return None
    return bytes.fromhex(found[1]).decode("utf-8", errors="replace")
