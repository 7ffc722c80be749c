"""ssh: Linux hosts, asked over SSH by fixed commands that change nothing."""

from functools import partial

from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
    looked,
)
from reperform.connectors.days import last_day, spans
from reperform.connectors.openssh import place
from reperform.connectors.openssh.line import Line, opened
from reperform.connectors.openssh.place import host_of
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform.connectors.ssh import commands, shape, sign_ins
from reperform.connectors.ssh.ask import Asked, ask

_SIGN_IN, _JOURNAL = "sign in", "group systemd-journal"
_STATE = Source(
    stream="ssh/state",
    tables=shape.TABLES,
    shape=shape.shape,
    covers=shape.covers,
    blind=(
        "hosts that nobody named; a kernel or program that lies about its host; accounts of a "
        "directory service; sudo rules in other files; Match blocks of sshd; software other than "
        "dpkg's; encryption below the block device; whose an account is"
    ),
)
_SIGN_INS = Source(
    sign_ins.STREAM, sign_ins.TABLES, sign_ins.shape, sign_ins.covers, sign_ins.BLIND
)


def _questions(access: Access, asking: Asking) -> list[Question]:
    hosts = [host_of(line) for line in access.lines("hosts")]
    asked = [Question(_STATE.stream, str(host), partial(ask, access, host)) for host in hosts]
    for host in hosts:
        before = asking.cursor(sign_ins.STREAM, str(host))
        for first, last in spans(asking, before, late=sign_ins.LATE):
            said = {"first": str(first), "last": str(last)}
            put = partial(sign_ins.ask, access, host, first=first, last=last)
            asked.append(Question(sign_ins.STREAM, str(host), put, said))
    return asked


def _check(access: Access) -> Check:
    """Go to each host once, and try what needs root."""
    reached, tried = [], dict[str, list[Answer]]()
    for text in access.lines("hosts"):
        host = host_of(text)
        with opened(access, host) as line:
            reached.append(f"{host} as {_who(line)}")
            asked = Asked(line, access.text("rights"))
            for command in commands.ROOT:
                if not asked.lacks(command):
                    tried.setdefault(_right(command), []).append(asked.answer(command))
            if not asked.lacks(commands.BOUNDS):
                tried.setdefault(_JOURNAL, []).append(sign_ins.bounds(asked))
    findings = [looked(name, *answers) for name, answers in tried.items()]
    return Check("; ".join(reached), (Finding(_SIGN_IN, Grant.GRANTED), *findings))


def _who(line: Line) -> str:
    said = line.run(commands.WHO.line(""))
    return f"user id {said.output.decode(errors='replace').strip()[:20]}" if said.output else "?"


def _right(command: commands.Command) -> str:
    return f"sudo {command.program}"


_WHY = {
    "passwd": "whether a password is set, locked or empty; never the password",
    "cut": "ages of passwords and ends of accounts, without the field of the hash",
    "grep": "the rules of sudo",
    "sshd": "the settings that sshd follows",
    "nft": "the rules of the packet filter",
    "ufw": "what ufw lets in and out, and its defaults",
    "iptables-save": "the same, where iptables keeps them",
    "ip6tables-save": "the same for IPv6",
    "auditctl": "which rules the audit daemon has",
}

CONNECTOR = Connector(
    name="ssh",
    title="Linux hosts over SSH",
    asks="A list of hosts, each by fixed commands that change nothing: accounts, rights of sudo, "
    "settings of sshd, packages and what waits, disks, clock, listening ports, filters, logging, "
    "and who came in over SSH.",
    blind="hosts that nobody named; a host whose kernel or programs lie about it",
    permissions=(
        Permission(_SIGN_IN, "a user of its own with a key of its own, and no other group"),
        Permission(_JOURNAL, "who came in over SSH", is_required=False),
        *(
            Permission(_right(command), _WHY[command.program], is_required=False)
            for command in commands.ROOT
        ),
    ),
    settings=(
        Setting(
            "hosts",
            "Hosts",
            "one a line: a name or address, or HOST:PORT; IPv6 with a port in brackets",
            SettingKind.LINES,
            flaw=place.hosts_flaw,
        ),
        Setting("user", "User", "who signs in on each of them", flaw=place.user_flaw),
        Setting(
            "key",
            "Private key",
            "of that user, without a passphrase, as ssh-keygen -t ed25519 writes it",
            SettingKind.TEXT,
            is_secret=True,
            flaw=place.key_flaw,
        ),
        Setting(
            "known_hosts",
            "Known host keys",
            "one a line, as ssh-keyscan prints them and as you compared them at the hosts' "
            "consoles; a host with another key, or without one here, is not asked",
            SettingKind.LINES,
            flaw=place.known_flaw,
        ),
        Setting(
            "rights",
            "Rights of root",
            "some commands say all only to root: how they are run",
            SettingKind.CHOICE,
            choices={
                commands.SUDO: "by sudo, which allows those commands and no others",
                "none": "as the user: what root alone may see is refused",
            },
        ),
    ),
    streams=(
        Stream(_STATE, needs=(_SIGN_IN,)),
        Stream(_SIGN_INS, needs=(_SIGN_IN, _JOURNAL), cursor=last_day),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
