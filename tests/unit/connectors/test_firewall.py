"""Rules of nftables and ufw: as their programs print them, and as files bring them."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking
from reperform.connectors.firewall import CONNECTOR, SOURCE
from reperform.connectors.linux import nftables
from reperform.connectors.settings import Access

RULES = "population.firewall_rules"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
NFT = """
table inet filter {
  set trusted {
    type ipv4_addr
    flags interval
    elements = { 10.0.0.0/8, 192.168.1.5 }
  }
  chain trusted_in {
    tcp dport 5432 accept comment "database"
    drop
  }
  chain input {
    type filter hook input priority 0; policy drop;
    ct state vmap { established : accept, invalid : drop }
    iifname "lo" accept
    tcp dport { 22, 80-90 } ip saddr @trusted accept
    tcp dport 443 accept comment "web"
    ip saddr 10.0.0.0/8 jump trusted_in
    iifname "wg0" tcp dport 9100 accept
    ip6 saddr ::/0 udp dport 53 limit rate 5/second accept
    ip saddr != 10.0.0.0/8 tcp dport 8080 accept
    counter log reject
  }
}
table ip other {
  chain input {
    type filter hook input priority -1; policy accept;
    ip saddr 203.0.113.5 drop
  }
}
"""
UFW = """Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW IN    Anywhere                   # ssh of all
5432/tcp                   ALLOW IN    10.0.0.0/8                 # database
2222                       LIMIT IN    Anywhere
80,443/tcp (Web (v6))      ALLOW IN    Anywhere (v6)
6000:6007/tcp (v6) on eth0 DENY IN     Anywhere (v6)
Anywhere on wg0            ALLOW IN    Anywhere

203.0.113.0/24 53          REJECT OUT  Anywhere
"""
KEPT = """*filter
### RULES ###
### tuple ### allow tcp 5432 0.0.0.0/0 any 10.0.0.0/8 in comment=6461746162617365
### tuple ### limit any 2222 0.0.0.0/0 any 0.0.0.0/0 in
### tuple ### deny tcp 6000:6007 0.0.0.0/0 any 0.0.0.0/0 in_eth0
### tuple ### route:allow tcp 80 10.0.0.9 any 0.0.0.0/0 in_eth1!out_eth2
### tuple ### allow tcp 22 ::/0 any ::/0 OpenSSH - in
-A ufw-user-input -p tcp --dport 22 -j ACCEPT
"""


def collected(tmp_path: Path, **files: bytes | str) -> Collected:
    folder = tmp_path / "rules"
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    folder.mkdir(exist_ok=True)
    (question,) = CONNECTOR.questions(Access({"folder": str(folder)}, {}), Asking(NOW))
    return put(question, SOURCE, tmp_path, NOW)


def said(found: Collected) -> list[tuple[Any, ...]]:
    return [
        (
            row["direction"],
            row["action"],
            row["protocol"],
            row["port_first"],
            row["port_last"],
            row["remote"],
            row["is_public"],
        )
        for row in found.of(RULES)
    ]


def test_the_rules_that_nft_itself_lists_are_followed(tmp_path: Path) -> None:
    """From where packets come in, through the chains that a rule leads to, with its conditions."""
    file = tmp_path / "ruleset.nft"
    file.write_text(NFT)
    nft = shutil.which("nft", path="/usr/sbin:/usr/bin:/sbin")
    done = subprocess.run(
        ["/usr/bin/unshare", "-rn", "sh", "-c", f"{nft} -f {file} && {nft} -j list ruleset"],
        capture_output=True,
        check=False,
    )
    if nft is None or done.returncode:
        pytest.skip("nftables is not installed, or may not be run here")

    found = collected(tmp_path, web1_dot_json=done.stdout)

    assert found.outcome == "complete", found.collection.reason
    assert set(said(found)) == {
        ("in", "accept", "all", None, None, "any, state established", False),
        ("in", "refuse", "all", None, None, "any, state invalid", False),
        ("in", "accept", "all", None, None, "any, lo", False),
        ("in", "accept", "tcp", 22, 22, "10.0.0.0/8, 192.168.1.5", False),
        ("in", "accept", "tcp", 80, 90, "10.0.0.0/8, 192.168.1.5", False),
        ("in", "accept", "tcp", 443, 443, "any", True),
        ("in", "accept", "tcp", 5432, 5432, "10.0.0.0/8", False),
        ("in", "refuse", "all", None, None, "10.0.0.0/8", False),
        ("in", "accept", "tcp", 9100, 9100, "any, iifname wg0", None),
        ("in", "accept", "udp", 53, 53, "::/0", True),
        ("in", "accept", "tcp", 8080, 8080, "any", True),
        ("in", "refuse", "all", None, None, "any", True),
        ("in", "refuse", "all", None, None, "203.0.113.5", False),
        ("in", "accept", "all", None, None, "what another chain lets pass", False),
    }
    assert {row["says"] for row in found.of(RULES)} == {None, "database", "web"}
    assert {row["system"] for row in found.of(RULES)} == {"firewall web1"}
    assert found.covers[RULES] == Cover(date(2026, 3, 5), date(2026, 3, 5))


def ruleset(*entries: dict[str, Any]) -> str:
    return json.dumps({"nftables": [{"metainfo": {}}, *entries]})


def chain(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"chain": {"family": "ip", "table": "t", "name": name, "type": "filter", **more}}


def rule(of: str, *expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"rule": {"family": "ip", "table": "t", "chain": of, "expr": list(expressions)}}


ACCEPT, DROP = {"accept": None}, {"drop": None}


def test_a_host_without_a_filter_is_open_and_not_without_rules(tmp_path: Path) -> None:
    """Neither is one whose only chain lets pass what no rule refuses."""
    found = collected(
        tmp_path,
        bare=ruleset(),
        loose=ruleset(chain("in", hook="input", policy="accept"), rule("in", {"counter": {}})),
        closed=ruleset(chain("in", hook="input", policy="accept"), rule("in", DROP)),
    )

    open_to_all = ("in", "accept", "all", None, None, "any", True)
    by_host = dict(zip([row["system"] for row in found.of(RULES)], said(found), strict=True))
    assert by_host["firewall bare"] == open_to_all
    assert by_host["firewall loose"] == open_to_all
    assert by_host["firewall closed"] == ("in", "refuse", "all", None, None, "any", True)


def test_what_cannot_be_told_is_not_told(tmp_path: Path) -> None:
    """Conditions of another kind, a map or a set that is elsewhere."""
    source = {"payload": {"protocol": "ip", "field": "saddr"}}
    port = {"payload": {"protocol": "tcp", "field": "dport"}}
    found = collected(
        tmp_path,
        odd=ruleset(
            chain("in", hook="input", policy="drop"),
            rule("in", {"xt": {"type": "match", "name": "recent"}}, ACCEPT),
            rule("in", {"vmap": {"key": port, "data": "@ports"}}),
            rule("in", {"match": {"op": "==", "left": source, "right": "@nobody"}}, ACCEPT),
            rule("in", {"match": {"op": "==", "left": port, "right": "@nobody"}}, ACCEPT),
        ),
    )

    assert [row["is_public"] for row in found.of(RULES)] == [None, True, None, True, True]
    assert found.of(RULES)[3]["port_first"] is None


def test_what_ufw_prints_is_read_to_its_last_line(tmp_path: Path) -> None:
    found = collected(tmp_path, db1_dot_txt=UFW)

    assert found.outcome == "complete", found.collection.reason
    assert said(found) == [
        ("in", "refuse", "all", None, None, "any", True),
        ("out", "accept", "all", None, None, "any", True),
        ("in", "accept", "tcp", 22, 22, "Anywhere", True),
        ("in", "accept", "tcp", 5432, 5432, "10.0.0.0/8", False),
        ("in", "accept", "all", 2222, 2222, "Anywhere", True),
        ("in", "accept", "tcp", 80, 80, "Anywhere", True),
        ("in", "accept", "tcp", 443, 443, "Anywhere", True),
        ("in", "refuse", "tcp", 6000, 6007, "Anywhere on eth0", None),
        ("in", "accept", "all", None, None, "Anywhere on wg0", None),
        ("out", "refuse", "all", 53, 53, "203.0.113.0/24", False),
    ]
    assert found.of(RULES)[3]["says"] == "database"


def test_a_ufw_that_is_off_refuses_nothing(tmp_path: Path) -> None:
    found = collected(tmp_path, db1="Status: inactive\n")

    assert said(found) == [("in", "accept", "all", None, None, "any", True)]


def test_ufws_own_files_have_the_name_of_their_folder(tmp_path: Path) -> None:
    found = collected(tmp_path, **{"db-1__user_dot_rules": KEPT})

    assert {row["system"] for row in found.of(RULES)} == {"firewall db-1"}
    assert said(found) == [
        ("in", "accept", "tcp", 5432, 5432, "10.0.0.0/8", False),
        ("in", "accept", "all", 2222, 2222, "0.0.0.0/0", True),
        ("in", "refuse", "tcp", 6000, 6007, "0.0.0.0/0 on eth0", None),
        ("in", "accept", "tcp", 80, 80, "0.0.0.0/0 on eth1!out_eth2", None),
        ("in", "accept", "tcp", 22, 22, "::/0", True),
    ]
    assert found.of(RULES)[0]["says"] == "database"


REFUSED = {
    "no ruleset": (b'{"a": 1}', "it is no ruleset of nftables"),
    "half of one": (ruleset(chain("in", hook="input")).encode()[:-9], "it is no ruleset"),
    "a circle": (
        ruleset(chain("in", hook="input"), rule("in", {"jump": {"target": "in"}})).encode(),
        "or in a circle",
    ),
    "without the defaults": (
        b"Status: active\n\nTo Action From\n--\n",
        "print it with `ufw status v",
    ),
    "a line that is no rule": (UFW.encode() + b"and more\n", "line 16 is no rule: 'and more'"),
    "half of ufw's own": (b"### tuple ### allow tcp 22 0.0.0.0/0\n", "line 1 is no rule"),
    "something else": (b"\xff\xfe\x00", "does not say whether ufw is active"),
    "nothing": (b"", "is empty"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_none_is_refused_by_its_name(tmp_path: Path, case: str) -> None:
    """And those that are leave nothing whole."""
    content, why = REFUSED[case]

    found = collected(tmp_path, bad=content, good="Status: inactive\n")

    assert found.outcome == "partial"
    assert "file bad: " in found.collection.reason
    assert why in found.collection.reason
    assert not found.covers[RULES].is_whole


def test_chains_that_nobody_could_follow_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each chain leads twice to the next: the ways double with each of them."""
    monkeypatch.setattr(nftables, "_MOST", 1_000)
    chains = [chain("c0", hook="input"), *(chain(f"c{n}") for n in range(1, 16))]
    jumps = [rule(f"c{n}", {"jump": {"target": f"c{n + 1}"}}) for n in range(15) for _ in "ab"]

    found = collected(tmp_path, bad=ruleset(*chains, *jumps))

    assert "more than 1,000 ways through its chains" in found.collection.reason


def test_an_empty_folder_shows_no_filter(tmp_path: Path) -> None:
    found = collected(tmp_path)

    assert found.outcome == "refused"
    assert "it holds no file" in found.collection.reason
