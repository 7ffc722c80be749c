"""host/sudo, host/sshd, host/listeners, host/firewall: the ways in."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import by_name, lines_of, observed_at, state_covers
from reperform.connectors.linux import access


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
        if kept.name.startswith("/etc/sudoers"):
            yield from access.sudo_rules(kept, kept.name, lines_of(kept), observed_at(answers))


def covers_sudo(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a sudoers file was refused."""
    return state_covers(answers, started_at, {"host.sudo_rules": ("/etc/sudoers",)})


def ask_sshd(machine: Machine) -> Iterator[Answer]:
    """Yield the SSH server's effective configuration."""
    yield machine.observed()
    yield machine.command(*access.SSHD, absent="no SSH server is installed")


def covers_sshd(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless the server would not say."""
    return state_covers(answers, started_at, {"host.sshd_settings": ("sshd",)})


def ask_listeners(machine: Machine) -> Iterator[Answer]:
    """Yield listening sockets: by ss where it is installed, else as the kernel lists them."""
    yield machine.observed()
    if machine.program(access.SOCKETS[0]):
        yield machine.command(*access.SOCKETS)
        return
    for name in access.PROC_NET:
        yield machine.file(name)


def covers_listeners(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless the sockets could not be listed."""
    return state_covers(answers, started_at, {"host.listeners": ("ss", "/proc/net")})


def ask_firewall(machine: Machine) -> Iterator[Answer]:
    """Yield the packet filter's rules.

    No program to list them does not mean that there are none: that is refused, not absent.
    """
    yield machine.observed()
    programs = [name for name in (access.NFT[0], *access.SAVERS) if machine.program(name)]
    if not programs:
        why = "neither nft nor iptables-save is installed, so rules cannot be listed"
        yield Answer("firewall", "nft, iptables-save", refused=why)
    if access.NFT[0] in programs:
        yield machine.command(*access.NFT)
    for name in access.SAVERS:
        if name in programs:
            yield machine.command(name)


def covers_firewall(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a filter's rules were refused."""
    return state_covers(
        answers, started_at, {"host.firewall": ("firewall", "nft", "iptables", "ip6tables")}
    )
