"""host/sudo, host/sshd, host/listeners, host/firewall: the ways in."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import (
    by_name,
    json_of,
    lines_of,
    observed_at,
    row,
    state_covers,
)

_SOCKETS = ("ss", "-H", "-lntup")
_PROC_NET = {
    "/proc/net/tcp": "tcp",
    "/proc/net/tcp6": "tcp",
    "/proc/net/udp": "udp",
    "/proc/net/udp6": "udp",
}
_LISTENING = {"tcp": "0A", "udp": "07"}
_LOOPBACK = re.compile(r"127\.|::1$|\[::1\]$|::ffff:127\.")
_PROCESS = re.compile(r'\(\("([^"]+)"')
_NFT = ("nft", "-j", "list", "ruleset")
_SAVERS = ("iptables-save", "ip6tables-save")


def ask_sudo(machine: Machine) -> Iterator[Answer]:
    """Yield every sudoers file."""
    yield machine.observed()
    if machine.program("sudo") is None and not machine.path("/etc/sudoers").exists():
        yield Answer("/etc/sudoers", "/etc/sudoers", absent="sudo is not installed")
        return
    yield machine.file("/etc/sudoers")
    yield from machine.files("/etc/sudoers.d")


def shape_sudo(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each rule: user or group, and what it may do."""
    for kept in by_name(answers).values():
        if not kept.name.startswith("/etc/sudoers"):
            continue
        joined, begin, number = "", 0, 0
        for line_number, at, line in lines_of(kept):
            if not joined:
                begin, number = at, line_number
            joined += line.strip()
            if joined.endswith("\\"):
                joined = joined[:-1] + " "
                continue
            found = re.match(r"(?!Defaults|\w+_Alias|@|#)(\S+)\s+(\S.*=.*)", joined)
            joined = ""
            if found:
                yield row(
                    "host.sudo_rules",
                    kept,
                    begin,
                    observed_at=observed_at(answers),
                    path=kept.name,
                    line=number,
                    subject=found[1],
                    rule=found[2],
                    is_nopasswd="NOPASSWD" in found[2],
                    allows_all=bool(re.search(r"(?:[:)=,]|\s)\s*ALL\s*(?:,|$)", found[2])),
                )


def covers_sudo(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a sudoers file was refused."""
    return state_covers(answers, started_at, {"host.sudo_rules": ("/etc/sudoers",)})


def ask_sshd(machine: Machine) -> Iterator[Answer]:
    """Yield the SSH server's effective configuration."""
    yield machine.observed()
    yield machine.command("sshd", "-T", absent="no SSH server is installed")


def shape_sshd(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each effective setting; the hosts keys' names are settings too."""
    kept = by_name(answers).get("sshd -T")
    for _, at, line in lines_of(kept) if kept else ():
        keyword, _, value = line.partition(" ")
        if kept and keyword:
            seen = observed_at(answers)
            yield row(
                "host.sshd_settings",
                kept,
                at,
                observed_at=seen,
                keyword=keyword.lower(),
                value=value,
            )


def covers_sshd(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless the server would not say."""
    return state_covers(answers, started_at, {"host.sshd_settings": ("sshd",)})


def ask_listeners(machine: Machine) -> Iterator[Answer]:
    """Yield listening sockets: by ss where it is installed, else as the kernel lists them."""
    yield machine.observed()
    if machine.program(_SOCKETS[0]):
        yield machine.command(*_SOCKETS)
        return
    for name in _PROC_NET:
        yield machine.file(name)


def shape_listeners(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each listening socket."""
    seen = observed_at(answers)
    for kept in by_name(answers).values():
        if kept.name in _PROC_NET:
            found = _from_proc(kept)
        elif kept.name == " ".join(_SOCKETS):
            found = _from_ss(kept)
        else:
            continue
        for at, protocol, address, port, process in found:
            yield row(
                "host.listeners",
                kept,
                at,
                observed_at=seen,
                protocol=protocol,
                address=address,
                port=port,
                is_public=not _LOOPBACK.match(address),
                process=process,
            )


def _from_ss(kept: Kept) -> Iterator[tuple[int, str, str, int, str | None]]:
    for _, at, line in lines_of(kept):
        fields = line.split(None, 6)
        if len(fields) > 4:  # noqa: PLR2004 - protocol, state, two queues, local address
            address, _, port = fields[4].rpartition(":")
            process = _PROCESS.search(fields[6]) if len(fields) > 6 else None  # noqa: PLR2004 - process
            if port.isdigit():
                address = address.strip("[]").partition("%")[0]
                yield at, fields[0], address, int(port), process[1] if process else None


def _from_proc(kept: Kept) -> Iterator[tuple[int, str, str, int, str | None]]:
    protocol = _PROC_NET[kept.name]
    for number, at, line in lines_of(kept):
        fields = line.split()
        if number > 1 and len(fields) > 3 and fields[3] == _LISTENING[protocol]:  # noqa: PLR2004 - state
            address, _, port = fields[1].rpartition(":")
            yield at, protocol, _address(address), int(port, 16), None


def _address(words: str) -> str:
    """Return an address of /proc/net: 32-bit words in the host's byte order, in hexadecimal."""
    raw = b"".join(bytes.fromhex(words[i : i + 8])[::-1] for i in range(0, len(words), 8))
    if len(raw) == 4:  # noqa: PLR2004 - IPv4
        return ".".join(map(str, raw))
    groups = [raw[i : i + 2].hex() for i in range(0, len(raw), 2)]
    if raw == bytes(16):
        return "::"
    return "::1" if raw == bytes(15) + b"\x01" else ":".join(groups)


def covers_listeners(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless the sockets could not be listed."""
    return state_covers(answers, started_at, {"host.listeners": ("ss", "/proc/net")})


def ask_firewall(machine: Machine) -> Iterator[Answer]:
    """Yield the packet filter's rules.

    No program to list them does not mean that there are none: that is refused, not absent.
    """
    yield machine.observed()
    programs = [name for name in (_NFT[0], *_SAVERS) if machine.program(name)]
    if not programs:
        why = "neither nft nor iptables-save is installed, so rules cannot be listed"
        yield Answer("firewall", "nft, iptables-save", refused=why)
    if _NFT[0] in programs:
        yield machine.command(*_NFT)
    for name in _SAVERS:
        if name in programs:
            yield machine.command(name)


def shape_firewall(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each filter that could be listed."""
    kept, seen = by_name(answers), observed_at(answers)
    if " ".join(_NFT) in kept:
        one = kept[" ".join(_NFT)]
        yield row(
            "host.firewall", one, 0, observed_at=seen, backend="nftables", **_nft(json_of(one))
        )
    for name in _SAVERS:
        if name in kept:
            backend = name.removesuffix("-save")
            yield row(
                "host.firewall",
                kept[name],
                0,
                observed_at=seen,
                backend=backend,
                **_saved(kept[name]),
            )


def _nft(ruleset: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return rules and policy of the chains that see incoming traffic; NULL when not readable."""
    listed = ruleset.get("nftables") if isinstance(ruleset, dict) else None
    if not isinstance(listed, list):
        return {"input_rules": None, "input_policy": None, "refuses_by_default": None}
    chains = [entry["chain"] for entry in listed if isinstance(entry, dict) and "chain" in entry]
    inputs = [chain for chain in chains if chain.get("hook") == "input"]
    names = {(chain.get("family"), chain.get("table"), chain.get("name")) for chain in inputs}
    rules = [
        entry["rule"]
        for entry in listed
        if isinstance(entry, dict)
        and "rule" in entry
        and tuple(entry["rule"].get(key) for key in ("family", "table", "chain")) in names
    ]
    drops = any(chain.get("policy") == "drop" for chain in inputs)
    last = rules[-1].get("expr", []) if rules else []
    catches = len(last) <= 2 and any("drop" in e or "reject" in e for e in last)  # noqa: PLR2004 - a counter and the verdict
    return {
        "input_rules": len(rules),
        "input_policy": "drop" if drops else "accept",
        "refuses_by_default": drops or catches,
    }


def _saved(kept: Kept) -> dict[str, Any]:
    policy, rules, last, table = "accept", 0, "", ""
    for _, _, line in lines_of(kept):
        if line.startswith("*"):
            table = line[1:]
        elif table == "filter" and line.startswith(":INPUT "):
            policy = line.split()[1].lower()
        elif table == "filter" and line.startswith("-A INPUT "):
            rules, last = rules + 1, line
    catches = bool(re.fullmatch(r"-A INPUT -j (DROP|REJECT)( --reject-with \S+)?", last))
    return {
        "input_rules": rules,
        "input_policy": policy,
        "refuses_by_default": policy == "drop" or catches,
    }


def covers_firewall(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a filter's rules were refused."""
    return state_covers(
        answers, started_at, {"host.firewall": ("firewall", "nft", "iptables", "ip6tables")}
    )
