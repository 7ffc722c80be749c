"""Linux hosts over a real OpenSSH server: this machine, and hosts that say what a test prepared."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from collected import Collected, put
from reperform.connectors.calls.opening import networks
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.openssh import line
from reperform.connectors.settings import Access, read_settings
from reperform.connectors.ssh import CONNECTOR, commands
from reperform.connectors.ssh.commands import Command
from sshd import Reply, Server, is_here, pair, server

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not is_here() and os.environ.get("CI") != "true", reason="OpenSSH is not installed"
    ),
]

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ALL = (commands.PROGRAMS, commands.MARKS, commands.WHO, *commands.STATE, commands.SUDOERS)
HOST: dict[Command, str] = {
    commands.PROGRAMS: "/usr/sbin/sshd\n/usr/bin/sudo\n/usr/bin/last\n/usr/bin/ss\n/usr/bin/lsblk\n"
    "/usr/bin/dpkg-query\n/usr/bin/apt-get\n/usr/bin/apt-config\n/usr/sbin/nft\n"
    "/usr/bin/chronyc\n/usr/bin/journalctl\n",
    commands.MARKS: "/run/systemd/system\n",
    commands.WHO: "1001\n",
    commands.UNAME: "web-1 6.1.0-18-amd64\n",
    commands.RELEASE: 'ID=debian\nVERSION_ID="12"\n',
    commands.PLACES: "/var/log/journal\n",
    commands.PASSWD: "root:x:0:0:root:/root:/bin/bash\n"
    "www-data:x:33:33::/var/www:/usr/sbin/nologin\n"
    "ana:x:1000:1000:Ana \u00c9lan:/home/ana:/bin/bash\n"
    "bob:x:1001:1001::/home/bob:/bin/bash\n"
    "eve:x:1002:1002::/home/eve:/bin/sh\n",
    commands.GROUP: "root:x:0:\nsudo:x:27:ana\nwww-data:x:33:\nana:x:1000:\nbob:x:1001:\n"
    "ops:x:1500:bob\nempty:x:1600:\n",
    commands.STATES: "root L 2025-05-20 0 99999 7 -1\nwww-data L 05/20/2025 0 99999 7 -1\n"
    "ana P 2026-01-10 0 90 7 -1\nbob NP 2026-01-10 0 99999 7 -1\neve P 2026-01-10 0 90 7 -1\n",
    commands.AGES: "root:20228:0:99999:7::\nwww-data:20228:0:99999:7::\nana:20463:0:90:7::\n"
    "bob:20463:0:99999:7::\neve:20463:0:90:7::20500\n",
    commands.LAST: "ana pts/0 203.0.113.7 2026-03-01T10:00:00+00:00 - 2026-03-01T11:00:00+00:00\n"
    "\nwtmp begins 2025-09-01T00:00:00+00:00\n",
    commands.SSHD: "port 22\npermitrootlogin no\npasswordauthentication no\n",
    commands.SOCKETS: "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\ntcp LISTEN 0 5 [::1]:631 [::]:*\n",
    commands.BLOCKS: json.dumps(
        {
            "blockdevices": [
                {"name": "vda1", "type": "part", "mountpoint": "/boot"},
                {
                    "name": "vda2",
                    "type": "part",
                    "children": [{"name": "root", "kname": "dm-0", "type": "crypt"}],
                },
            ]
        }
    ),
    commands.MOUNTS: "/dev/vda1 /boot ext4 rw 0 0\n/dev/mapper/root / ext4 rw 0 0\n",
    commands.PROCESSES: "systemd\nsystemd-journal\nsshd\n",
    commands.SUDOERS: "/etc/sudoers:5:Defaults\tenv_reset\n/etc/sudoers:9:%ops ALL=(ALL) \\\n"
    "/etc/sudoers:10:  NOPASSWD: ALL\n/etc/sudoers.d/eve:1:eve ALL=(root) /usr/bin/systemctl\n",
    commands.INSTALLED: "bash\t5.2\tamd64\tinstalled\nold\t1\tamd64\tconfig-files\n",
    commands.FETCHED: "1772668800.5\tdebian-security_InRelease\n1772668700\tb_Release\n",
    commands.HEADS: "/var/lib/apt/lists/debian-security_InRelease:Date: Mon, 02 Mar 2026 10:00:00 "
    "UTC\n/var/lib/apt/lists/debian-security_InRelease:Label: Debian-Security\n",
    commands.UPGRADE: "Inst bash [5.2] (5.2.1 Debian-Security:12/stable-security [amd64])\n",
    commands.CONFIG: 'APT::Periodic::Unattended-Upgrade "1";\n'
    'APT::Periodic::Update-Package-Lists "1";\n',
    commands.NFT: json.dumps({"nftables": [{"chain": {"hook": "input", "policy": "drop"}}]}),
    next(each for each in commands.TIME if each.program == "chronyc"): "Leap status : Normal\n",
}


@pytest.fixture(scope="module")
def served() -> Iterator[Server]:
    with server() as found:
        yield found


def prepare(
    served: Server,
    changed: Mapping[Command, Reply | str] | None = None,
    rights: str = "none",
) -> None:
    replies = {**HOST, **(changed or {})}
    served.says(
        {
            command.line(rights): said if isinstance(said, Reply) else Reply(said)
            for command, said in replies.items()
        }
    )


def collected(folder: Path, access: Access, stream: str = "ssh/state") -> Collected:
    asking = Asking(NOW, since=date(2026, 3, 2))
    question = next(each for each in CONNECTOR.questions(access, asking) if each.stream == stream)
    return put(question, CONNECTOR.stream(stream).source, folder, NOW)


@pytest.fixture(scope="module")
def told(served: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Collected, Path]:
    """What came of the host that is in order, and where it is kept."""
    prepare(served, {commands.RELEASE: Reply(HOST[commands.RELEASE], errors=served.key)})
    folder = tmp_path_factory.mktemp("told")
    return collected(folder, served.access()), folder


def test_this_machine_is_asked_by_the_commands_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is prepared: every command is run by a shell, as on any host.

    What apt would install is left out: it takes longer than all the others together.
    """
    monkeypatch.setattr(commands, "DPKG", (commands.INSTALLED, commands.HEADS, commands.CONFIG))
    with server(is_prepared=False) as here:
        found = collected(tmp_path, here.access())

    release = dict(
        each.partition("=")[::2] for each in Path("/etc/os-release").read_text().splitlines()
    )
    accounts = {each.split(":")[0] for each in Path("/etc/passwd").read_text().splitlines()}
    asked = {each.name: each for each in found.collection.answers}
    assert found.outcome in ("complete", "partial")
    assert [row["os_id"] for row in found.of("ssh.system")] == [release["ID"].strip('"')]
    assert {row["account"] for row in found.of("population.accounts")} == accounts
    assert found.of("ssh.listeners") != []
    assert found.of("ssh.disks") != [] or not found.covers["ssh.disks"].is_whole
    assert asked["/etc/passwd"].asked == (
        "env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TZ=UTC cat /etc/passwd"
    )


def test_accounts_say_what_makes_them_powerful_and_whether_they_are_open(
    told: tuple[Collected, Path], served: Server
) -> None:
    """By group, by a rule of sudo for everything, by user id 0; ended, or a password of none."""
    found, _ = told

    said = {
        row["account"]: (row["kind"], row["is_enabled"], row["can_sign_in"], row["privileges"])
        for row in found.of("population.accounts")
    }
    passwords = {row["account"]: row["password"] for row in found.of("ssh.accounts")}
    assert found.outcome == "complete", found.collection.reason
    assert said == {
        "root": ("root", True, True, "group root,user id 0"),
        "www-data": ("system", False, False, None),
        "ana": (None, True, True, "group sudo"),
        "bob": (None, True, True, "sudo"),
        "eve": (None, False, True, None),
    }
    assert passwords["bob"] == "empty"
    (ana,) = [row for row in found.of("population.accounts") if row["account"] == "ana"]
    assert (ana["system"], ana["last_used_at"], ana["password_changed_at"]) == (
        f"ssh {served.host}",
        "2026-03-01 10:00:00",
        "2026-01-10 00:00:00",
    )


def test_each_table_has_what_its_command_said(told: tuple[Collected, Path]) -> None:
    found, _ = told

    (system,) = found.of("ssh.system")
    (update,) = found.of("ssh.pending_updates")
    (state,) = found.of("ssh.package_state")
    assert (system["host"], system["os_support_ends_on"], system["asked_as_root"]) == (
        "web-1",
        "2028-06-30",
        False,
    )
    assert (update["package"], update["is_security"]) == ("bash", True)
    assert (state["is_unattended"], state["has_security_archive"]) == (True, True)
    assert state["lists_refreshed_at"] == "2026-03-05 00:00:00"
    assert {row["resource"]: row["is_encrypted"] for row in found.of("population.encryption")} == {
        "/boot on /dev/vda1": False,
        "/ on /dev/mapper/root": True,
    }
    assert [(row["path"], row["line"]) for row in found.of("ssh.sudo_rules")] == [
        ("/etc/sudoers", 9),
        ("/etc/sudoers.d/eve", 1),
    ]
    assert [row["is_synchronized"] for row in found.of("ssh.time_sync")] == [True]
    assert [(row["port"], row["is_public"]) for row in found.of("ssh.listeners")] == [
        (22, True),
        (631, False),
    ]
    assert [row["refuses_by_default"] for row in found.of("ssh.firewall")] == [True]
    assert {(row["group_name"], row["member"]) for row in found.of("population.groups")} >= {
        ("sudo", "ana"),
        ("ops", "bob"),
        ("ana", "ana"),
        ("empty", None),
    }


def test_what_root_alone_may_see_is_refused_and_leaves_the_rest(
    tmp_path: Path, served: Server
) -> None:
    """And nobody passes for unprivileged while the rules of sudo are not known."""
    no = Reply(code=1, errors="sudo: a password is required")
    prepare(served, dict.fromkeys(commands.ROOT, no), rights="sudo")

    found = collected(tmp_path, served.access(rights="sudo"))

    said = {row["account"]: row["is_privileged"] for row in found.of("population.accounts")}
    assert found.outcome == "partial"
    assert "sshd -T: sshd: sudo: a password is required; it says all only to root" in (
        found.collection.reason
    )
    assert found.of("ssh.sshd_settings") == []
    assert found.covers["ssh.sshd_settings"].last is None
    assert found.covers["ssh.accounts"].last == date(2026, 3, 5)
    assert said == {"root": True, "ana": True, "bob": None, "eve": None, "www-data": None}
    assert {row["password"] for row in found.of("ssh.accounts")} == {None}


def test_with_sudo_only_what_needs_root_is_run_by_it() -> None:
    """The rest is asked as the user."""
    with_sudo = {each for each in ALL if " sudo -n " in each.line("sudo")}

    assert with_sudo == {commands.STATES, commands.AGES, commands.SUDOERS, commands.SSHD} | {
        commands.AUDIT
    }
    assert not any(" sudo -n " in each.line("none") for each in (*ALL, *commands.ROOT))


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "nobody there": ({"hosts": ["127.0.0.1:1"], "known_hosts": []}, "Connection refused"),
    "no such host": ({"hosts": ["nowhere.invalid"]}, "was not asked"),
    "a host that is not known": ({"known_hosts": []}, "No ED25519 host key is known"),
    "no key of that user": ({"key": "user of another"}, "Permission denied"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_host_that_does_not_answer_is_refused_by_its_name(
    tmp_path: Path, served: Server, case: str
) -> None:
    more, why = REFUSED[case]
    given = dict(more)
    key = pair(str(given.pop("key")))[0] if "key" in given else ""
    access = served.access(key=key, **given)

    found = collected(tmp_path, access)

    assert found.outcome == "refused"
    assert why in found.collection.reason
    assert access.lines("hosts")[0] in found.collection.reason
    assert found.covers["ssh.accounts"].last is None


def test_a_host_whose_key_changed_is_refused_and_its_key_not_learned(
    tmp_path: Path, served: Server
) -> None:
    """Somebody else may answer at its address."""
    prepare(served)
    kind, other = pair("host of another")[1].split()[:2]

    found = collected(
        tmp_path, served.access(known_hosts=[f"[127.0.0.1]:{served.port} {kind} {other}"])
    )

    assert found.outcome == "refused"
    assert "IDENTIFICATION HAS CHANGED" in found.collection.reason
    assert "find out why its key is another" in found.collection.reason


def test_the_key_is_kept_nowhere(told: tuple[Collected, Path], served: Server) -> None:
    """What a host says of itself is kept; what would open it is not, although it says it."""
    kept = b"".join(path.read_bytes() for path in told[1].rglob("*") if path.is_file())
    assert b"web-1" in kept
    for secret in served.key.splitlines()[1:-1]:
        assert secret.encode() not in kept


def test_an_answer_that_is_cut_off_is_refused(tmp_path: Path, served: Server) -> None:
    """The connection ends in the middle of a list: what came of it is nothing."""
    hang_up = Reply("half", before="kill -9 $PPID; sleep 5")
    prepare(served, {commands.GROUP: hang_up})

    found = collected(tmp_path, served.access())

    assert found.outcome == "refused"
    assert "hung up before it had said all" in found.collection.reason
    assert found.rows == []


def test_an_answer_without_end_and_one_that_never_comes_are_bounded(
    tmp_path: Path, served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is killed; what else the host says is kept."""
    monkeypatch.setattr(line, "_LARGEST", 200_000)
    monkeypatch.setattr(line, "_TO_ANSWER", 1)
    changed = {
        commands.PROCESSES: Reply(before="exec cat /dev/zero"),
        commands.SOCKETS: Reply(before="exec sleep 60"),
    }
    small = {each: said for each, said in HOST.items() if each in ALL}
    served.says(
        {each.line("none"): Reply(said) for each, said in small.items()}
        | {each.line("none"): said for each, said in changed.items()}
    )

    found = collected(tmp_path, served.access())

    assert found.outcome == "partial"
    assert "processes: ps: it printed more than 200,000 bytes" in found.collection.reason
    assert "ss -H -lntup: ss: it did not end within 1 seconds" in found.collection.reason
    assert found.covers["ssh.services"].last is None
    assert found.covers["ssh.listeners"].last is None


def test_a_banner_says_nothing_that_counts(tmp_path: Path) -> None:
    """What a host writes before anybody is let in is no answer."""
    with server(more="Banner /etc/passwd") as loud:
        prepare(loud, {commands.PROGRAMS: "/usr/bin/journalctl\n", commands.BOUNDS: BOUNDS})
        found = collected(tmp_path, loud.access(), "ssh/sign-ins")

    assert "nothing is prepared" in found.collection.reason
    assert "root:" not in found.collection.reason


def test_hostile_answers_come_out_as_text_or_not_at_all(tmp_path: Path, served: Server) -> None:
    """Bytes that are no text, fields that lack, numbers beyond all bounds, two of a kind."""
    changed = {
        commands.PASSWD: Reply(
            b"\xff\xfe:x:1000:1000::/:/bin/sh\nshort:x\nbig:x:99999999999999999999:1::/:/bin/sh\n"
            b"a:x:\xd9\xa3:1::/:/bin/sh\n=cmd|' /C calc'!A1:x:1001:1::/:/bin/sh\n"
        ),
        commands.GROUP: Reply(b"\x00:\x00\n:::\n"),
        commands.AGES: Reply("=:::::::::\nx:99999999999999999999:::::-1\n"),
        commands.STATES: Reply(b"\xff\n P\n"),
        commands.BLOCKS: Reply("[" * 100_000),
        commands.SUDOERS: Reply(b"/etc/sudoers:x:1\n\xff:1:ana ALL=ALL\n/a:1:ALL ALL=(ALL) ALL\n"),
        commands.FETCHED: Reply("9" * 40 + "\tx_Release\n"),
        commands.NFT: Reply('{"nftables": [{"chain": null}, 3]}'),
        commands.UNAME: Reply(b"\xff\xff"),
    }
    prepare(served, changed)

    found = collected(tmp_path, served.access())

    names = [row["account"] for row in found.of("population.accounts")]
    assert names == ["\\xff\\xfe", "=cmd|' /C calc'!A1"]
    assert {row["is_privileged"] for row in found.of("population.accounts")} == {True}
    assert [row["is_encrypted"] for row in found.of("ssh.disks")] == [None, None]


UFW = """Status: active
Default: deny (incoming), allow (outgoing), disabled (routed)

To                         Action      From
--                         ------      ----
443/tcp                    ALLOW IN    Anywhere                   # web
"""
INPUT = {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "hook": "input"}}


def rule(chain: str, verdict: object) -> dict[str, object]:
    place = {"family": "ip", "table": "filter", "chain": chain}
    return {"rule": {**place, "expr": [{"counter": {}}, verdict]}}


OWN = [
    INPUT,
    rule("INPUT", {"jump": {"target": "ufw-user-input"}}),
    rule("ufw-user-input", {"accept": None}),
]
BANNED = [rule("INPUT", {"jump": {"target": "f2b-sshd"}}), rule("f2b-sshd", {"reject": {}})]
PUBLISHED = [rule("DOCKER", {"accept": None})]


@pytest.mark.parametrize(
    ("beside", "conclusion"),
    [
        ([*OWN, *BANNED], "no exceptions"),
        ([*OWN, *PUBLISHED], "unable to test"),
        (None, "unable to test"),
    ],
    ids=["refused beside it", "let in beside it", "not listed"],
)
def test_what_others_let_in_beside_ufw_makes_nothing_pass(
    tmp_path: Path, served: Server, beside: list[object] | None, conclusion: str
) -> None:
    """A container engine opens the ports that it publishes, and `ufw status` says nothing of it."""
    programs = HOST[commands.PROGRAMS] + "/usr/sbin/ufw\n"
    if beside is None:
        programs = programs.replace("/usr/sbin/nft\n", "/usr/sbin/iptables-save\n")
    changed: dict[Command, Reply | str] = {commands.PROGRAMS: programs, commands.UFW: UFW}
    if beside is not None:
        changed[commands.NFT] = json.dumps({"nftables": beside})
    else:
        changed |= dict.fromkeys(commands.SAVERS, "*filter\n:INPUT DROP [0:0]\nCOMMIT\n")
    prepare(served, changed)

    found = collected(tmp_path, served.access())
    ran = found.concluded("network/open-rules-say-why.sql", NOW.date())

    assert len(found.of("population.firewall_rules")) > 0
    assert ran.conclusion.value == conclusion, ran.reason
    assert ("beside it" in ran.reason or "ufw says nothing" in ran.reason) == (
        conclusion != "no exceptions"
    )


def entry(at: str, message: object, process: int = 7, user: str = "0") -> str:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    said = {
        "__CURSOR": f"s=1;i={message!s:.12}{process}",
        "__REALTIME_TIMESTAMP": str(int(moment.timestamp() * 1_000_000)),
        "MESSAGE": message,
        "_PID": str(process),
        "_UID": user,
    }
    return json.dumps(said) + "\n"


BOUNDS = (
    "File path: /var/log/journal/1/user-1000.journal\n"
    "Head realtime timestamp: Sun 2026-01-04 00:00:00 UTC (647883dff8000)\n\n"
    "File path: /var/log/journal/1/system@1.journal\n"
    "Head realtime timestamp: Mon 2026-03-02 09:00:00 UTC (64c08cb68d400)\n"
)
DAYS = (date(2026, 3, 2), date(2026, 3, 4))
JOURNAL = "".join(
    [
        entry(
            "2026-03-03T10:00:00", "Accepted publickey for ana from 203.0.113.7 port 5 ssh2: RSA"
        ),
        entry("2026-03-03T11:00:00", "Partial publickey for bob from 203.0.113.8 port 5 ssh2", 8),
        entry(
            "2026-03-03T11:00:05",
            "Accepted keyboard-interactive/pam for bob from 203.0.113.8 port 5 ssh2",
            8,
        ),
        entry(
            "2026-03-03T12:00:00",
            "Failed password for invalid user x from 1.1.1.1 port 1 from 203.0.113.9 port 5 ssh2",
            9,
        ),
        entry(
            "2026-03-03T12:00:01", "Connection closed by invalid user x 1.1.1.1 port 5 [preauth]", 9
        ),
        entry(
            "2026-03-03T13:00:00",
            "Accepted password for root from 192.0.2.1 port 5 ssh2",
            9,
            "1000",
        ),
        entry("2026-03-03T14:00:00", list(b"Failed none for \xff from ::1 port 5 ssh2"), 10),
        entry("2026-03-03T15:00:00", "Server listening on 0.0.0.0 port 22."),
    ]
)


def test_sign_ins_are_those_that_the_ssh_server_itself_wrote(
    tmp_path: Path, served: Server
) -> None:
    """A second factor where both were given; a name that holds what a line holds; a forger's."""
    prepare(served, {commands.BOUNDS: BOUNDS, commands.sign_ins(*DAYS): JOURNAL})

    found = collected(tmp_path, served.access(), "ssh/sign-ins")

    said = [
        (row["account"], row["is_success"], row.get("is_mfa"), row["source_ip"])
        for row in found.of("population.sign_ins")
    ]
    cover = found.covers["population.sign_ins"]
    assert found.outcome == "complete"
    assert said == [
        ("ana", True, None, "203.0.113.7"),
        ("bob", True, True, "203.0.113.8"),
        ("x from 1.1.1.1 port 1", False, None, "203.0.113.9"),
        ("\\xff", False, None, "::1"),
    ]
    assert (cover.first, cover.last) == (date(2026, 3, 3), date(2026, 3, 4))
    assert "remembers nothing from before 2026-03-03" in cover.missing


def test_a_journal_of_ones_own_is_not_that_of_the_system(tmp_path: Path, served: Server) -> None:
    """Whoever is in no group sees their own entries, and no error."""
    own = BOUNDS.partition("\n\n")[0] + "\n"
    prepare(served, {commands.BOUNDS: own, commands.sign_ins(*DAYS): ""})

    found = collected(tmp_path, served.access(), "ssh/sign-ins")

    assert found.outcome == "partial"
    assert "put it into the group systemd-journal" in found.collection.reason


def test_the_days_of_sign_ins_follow_each_other_and_each_host_is_asked(served: Server) -> None:
    """A host that was asked goes on behind its last day, and one that is new begins."""
    hosts = ["a.example", "b.example:2222"]
    cursors = {("ssh/sign-ins", "a.example"): "2026-03-03"}
    asking = Asking(NOW, since=date(2026, 2, 20), cursors=cursors)

    asked = CONNECTOR.questions(served.access(hosts=hosts), asking)

    assert [(each.target, each.parameters.get("first")) for each in asked] == [
        ("a.example", None),
        ("b.example:2222", None),
        ("a.example", "2026-03-04"),
        ("b.example:2222", "2026-02-20"),
        ("b.example:2222", "2026-02-27"),
    ]


def test_a_network_that_is_not_open_is_not_asked(tmp_path: Path, served: Server) -> None:
    """The address is judged, and the judged one is gone to."""
    access = replace(served.access(), private=networks("10.0.0.0/8"))

    found = collected(tmp_path, access)

    assert found.outcome == "refused"
    assert "no public address" in found.collection.reason


def test_the_check_says_what_each_right_showed(served: Server) -> None:
    prepare(
        served,
        {
            commands.SSHD: Reply(code=1, errors="sudo: a password is required"),
            commands.BOUNDS: BOUNDS,
        },
        rights="sudo",
    )

    said = checked(CONNECTOR, served.access(rights="sudo"))

    grants = {each.permission: each.grant for each in said.findings}
    assert said.reached == f"{served.host} as user id 1001"
    assert grants["sign in"] is Grant.GRANTED
    assert grants["sudo sshd"] is Grant.DENIED
    assert grants["sudo passwd"] is Grant.GRANTED
    assert grants["sudo auditctl"] is Grant.UNKNOWN
    assert grants["group systemd-journal"] is Grant.GRANTED


def test_settings_that_are_none_are_problems_in_their_place() -> None:
    """An option in a host's name, two of a host, a key with a passphrase, no key at all."""
    content = {
        "hosts": "-oProxyCommand=touch /x\nweb",
        "user": "Ana -x",
        "key": "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        "known_hosts": "web ssh-ed25519 AAAA",
    }
    _, problems = read_settings(CONNECTOR.settings, content)
    _, twice = read_settings(CONNECTOR.settings, {**content, "hosts": "web\nweb:22"})

    assert {each.where for each in problems} == {"hosts", "user", "key", "known_hosts"}
    assert next(each.what for each in twice if each.where == "hosts") == "web:22 is there twice"


def test_settings_that_are_good_are_no_problem(served: Server) -> None:
    content = {
        "hosts": f"{served.host}\nweb-1.example.org",
        "user": "reperform",
        "key": served.key.replace("\n", "\r\n"),
        "known_hosts": f"{served.known}\n@cert-authority *.example.org {served.public}",
    }
    assert read_settings(CONNECTOR.settings, content)[1] == []
