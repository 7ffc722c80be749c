"""ssh/state: asking one host how it is, each command on its own."""

from collections.abc import Iterator
from datetime import UTC, datetime

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer
from reperform.connectors.linux import system
from reperform.connectors.openssh.line import Line, opened
from reperform.connectors.openssh.place import Host
from reperform.connectors.programs import TooMuchError
from reperform.connectors.settings import Access
from reperform.connectors.ssh import commands
from reperform.connectors.ssh.commands import Command

_NO_FILTER = "neither nft nor iptables-save is installed, so rules cannot be listed"


def observed(access: Access, host: Host, **facts: str) -> Answer:
    """Return who asked which host and when: every question begins with it."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    said = {"at": now, "system": named(host), "host": str(host), "user": access.text("user")}
    said |= {"rights": access.text("rights"), **facts}
    return Answer("observed", "clock, the connection's settings", [canonical_json(said)])


def named(host: Host) -> str:
    """Return a host as rows name it."""
    return f"ssh {host}"


def ask(access: Access, host: Host) -> Iterator[Answer]:
    """Yield what a host says of itself.

    Raises:
        CallFailedError: it is on a network that is not open to connections.
        SshError: it was not reached, is not the one that is known, or hung up.
    """
    with opened(access, host) as line:
        yield observed(access, host)
        asked = Asked(line, access.text("rights"))
        yield asked.programs
        yield asked.marks
        for command in (commands.WHO, *commands.STATE):
            yield asked.answer(command)
        if asked.has("sudo") is False:
            yield _absent(commands.SUDOERS, "sudo is not installed")
        else:
            yield asked.answer(commands.SUDOERS)
        yield from _packages(asked)
        yield from filters(asked)
        yield from _clock(asked)


class Asked:
    """A host that is asked; it says first what it has.

    Attributes:
        programs: the answer that lists programs.
        marks: the answer that lists what shows a container, or systemd.
        has_systemd: systemd runs there.
    """

    def __init__(self, line: Line, rights: str) -> None:
        self._line, self._rights = line, rights
        self.programs, self.marks = self._run(commands.PROGRAMS), self._run(commands.MARKS)
        listed = b"".join(self.programs.body).decode("utf-8", errors="replace").splitlines()
        self._known = {path.rpartition("/")[2] for path in listed}
        self.has_systemd = system.SYSTEMD.encode() in b"".join(self.marks.body).splitlines()

    def has(self, program: str) -> bool | None:
        """Return whether a host has a program; None when it did not say."""
        return None if self.programs.refused else program in self._known

    def lacks(self, command: Command) -> bool:
        """Return whether a host is known not to have what a command runs."""
        return command.program in commands.ASKED_FOR and self.has(command.program) is False

    def answer(self, command: Command) -> Answer:
        """Return what a command prints when it succeeds, why it does not, or that it cannot."""
        if self.lacks(command):
            if command.absent:
                return _absent(command, command.absent)
            why = f"the program {command.program} is not installed"
            return Answer(command.name, command.line(self._rights), refused=why)
        return self._run(command)

    def _run(self, command: Command) -> Answer:
        asked = command.line(self._rights)
        try:
            said = self._line.run(asked)
        except (TimeoutError, TooMuchError) as error:
            return Answer(command.name, asked, refused=f"{command.program}: {error}")
        if said.code not in command.good:
            why = said.errors or f"it ended with exit code {said.code}"
            more = "; it says all only to root" if command.is_root else ""
            return Answer(command.name, asked, refused=f"{command.program}: {why}{more}")
        return Answer(command.name, asked, [said.output])


def _absent(command: Command, why: str) -> Answer:
    asked = commands.PROGRAMS.line("")
    return Answer(command.name, asked, absent=f"{why}: it is in no usual folder")


def _packages(asked: Asked) -> Iterator[Answer]:
    if asked.lacks(commands.INSTALLED):
        why = "packages are read through dpkg and apt, which this host does not have"
        yield Answer("dpkg", "dpkg-query", refused=why)
        return
    for command in commands.DPKG:
        yield asked.answer(command)


def filters(asked: Asked) -> Iterator[Answer]:
    """Yield the packet filter's rules.

    No program to list them does not mean that there are none: that is refused, not absent.
    """
    found = [each for each in commands.FILTERS if not asked.lacks(each)]
    if not found:
        yield Answer("firewall", "nft, iptables-save", refused=_NO_FILTER)
    for command in (*found, commands.UFW):
        yield asked.answer(command)


def _clock(asked: Asked) -> Iterator[Answer]:
    """Yield what each time client that is installed says; and that none is, when none is."""
    found = [each for each in commands.TIME if not asked.lacks(each)]
    if not asked.has_systemd:
        found = [each for each in found if each.program != "timedatectl"]
    if not found:
        yield Answer("clients", commands.PROGRAMS.line(""), [system.NO_CLIENT.encode()])
    for command in found:
        yield asked.answer(command)
