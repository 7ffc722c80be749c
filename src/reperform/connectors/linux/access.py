"""The ways into a Linux host: sudo, sshd, listening sockets, and whether its filters refuse."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import by_name, json_of, lines_of, observed_at, row

SOCKETS = ("ss", "-H", "-lntup")
SSHD = ("sshd", "-T")
NFT = ("nft", "-j", "list", "ruleset")
SAVERS = ("iptables-save", "ip6tables-save")
PROC_NET = {
    "/proc/net/tcp": "tcp",
    "/proc/net/tcp6": "tcp",
    "/proc/net/udp": "udp",
    "/proc/net/udp6": "udp",
}
_LISTENING = {"tcp": "0A", "udp": "07"}
_LOOPBACK = re.compile(r"127\.|::1$|\[::1\]$|::ffff:127\.")
_PROCESS = re.compile(r'\(\("([^"]+)"')
_SUDO_RULE = re.compile(r"(?!Defaults|\w+_Alias|@|#)(\S+)\s+(\S.*=.*)")
_ALL = re.compile(r"(?:[:)=,]|\s)\s*ALL\s*(?:,|$)")


def sudo_rules(
    kept: Kept, path: str, lines: Iterable[tuple[int, int, str]], seen: str | None
) -> Iterator[Row]:
    """Yield a row for each rule of one file: user or group, and what it may do.

    Args:
        kept: the answer that holds the file.
        path: of the file.
        lines: number, byte offset in the answer, and text of each line.
        seen: when the host was asked.
    """
    joined, begin, number = "", 0, 0
    for line_number, at, line in lines:
        if not joined:
            begin, number = at, line_number
        joined += line.strip()
        if joined.endswith("\\"):
            joined = joined[:-1] + " "
            continue
        found = _SUDO_RULE.match(joined)
        joined = ""
        if found:
            yield row(
                "sudo_rules",
                kept,
                begin,
                observed_at=seen,
                path=path,
                line=number,
                subject=found[1],
                rule=found[2],
                is_nopasswd="NOPASSWD" in found[2],
                allows_all=bool(_ALL.search(found[2])),
            )


def shape_sshd(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each effective setting; the hosts keys' names are settings too."""
    kept = by_name(answers).get(" ".join(SSHD))
    for _, at, line in lines_of(kept) if kept else ():
        keyword, _, value = line.partition(" ")
        if kept and keyword:
            seen = observed_at(answers)
            yield row(
                "sshd_settings",
                kept,
                at,
                observed_at=seen,
                keyword=keyword.lower(),
                value=value,
            )


def shape_listeners(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each listening socket."""
    seen = observed_at(answers)
    for kept in by_name(answers).values():
        if kept.name in PROC_NET:
            found = _from_proc(kept)
        elif kept.name == " ".join(SOCKETS):
            found = _from_ss(kept)
        else:
            continue
        for at, protocol, address, port, process in found:
            yield row(
                "listeners",
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
    protocol = PROC_NET[kept.name]
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


def shape_firewall(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each filter that could be listed."""
    kept, seen = by_name(answers), observed_at(answers)
    if " ".join(NFT) in kept:
        one = kept[" ".join(NFT)]
        yield row("firewall", one, 0, observed_at=seen, backend="nftables", **_nft(json_of(one)))
    for name in SAVERS:
        if name in kept:
            backend = name.removesuffix("-save")
            yield row(
                "firewall",
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
    chains, all_rules = (
        [
            each[kind]
            for each in listed
            if isinstance(each, dict) and isinstance(each.get(kind), dict)
        ]
        for kind in ("chain", "rule")
    )
    inputs = [chain for chain in chains if chain.get("hook") == "input"]
    names = [tuple(map(chain.get, ("family", "table", "name"))) for chain in inputs]
    rules = [
        rule for rule in all_rules if tuple(map(rule.get, ("family", "table", "chain"))) in names
    ]
    drops = any(chain.get("policy") == "drop" for chain in inputs)
    last = rules[-1].get("expr") if rules else None
    last = [each for each in last if isinstance(each, dict)] if isinstance(last, list) else []
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
