"""The fixed commands by which a host is asked: no text of anybody's is in one of them."""

import shlex
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.connectors.linux import access, accounts, packages, system

_CLEAN = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC")
SUDO = "sudo"
_JOURNAL = "journalctl"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: of its answer.
        argv: what is run.
        is_root: it says all only to root.
        absent: what it means that the program is not there, when that is a fact.
        good: exit codes with which its output is whole.
    """

    name: str
    argv: tuple[str, ...]
    is_root: bool = False
    absent: str = ""
    good: tuple[int, ...] = (0,)

    @property
    def program(self) -> str:
        """What it runs."""
        return self.argv[0]

    def line(self, rights: str) -> str:
        """Return the command as it is sent; the host's shell takes it apart again."""
        before = ("sudo", "-n") if self.is_root and rights == SUDO else ()
        return shlex.join((*_CLEAN, *before, *self.argv))


def _said(*argv: str, is_root: bool = False, absent: str = "") -> Command:
    return Command(" ".join(argv), argv, is_root, absent)


def _file(path: str) -> Command:
    return Command(path, ("cat", path))


WHO = Command("id", ("id", "-u"))
UNAME = Command("uname", ("uname", "-nr"))
RELEASE = _file(system.RELEASE)
MARKS = Command("marks", ("ls", "-1d", *system.MARKS, system.SYSTEMD), good=(0, 2))
PLACES = Command("places", ("ls", "-1d", *system.PLACES), good=(0, 2))

PASSWD, GROUP = _file(accounts.PASSWD), _file(accounts.GROUP)
STATES = _said("passwd", "-S", "-a", is_root=True)
AGES = _said("cut", "-d:", "-f1,3-8", accounts.SHADOW, is_root=True)
LAST = _said(*accounts.LAST)
SUDOERS = Command(
    "/etc/sudoers",
    ("grep", "-rHna", ".", "/etc/sudoers", "/etc/sudoers.d"),
    is_root=True,
)
SSHD = _said(*access.SSHD, is_root=True, absent="no SSH server is installed")
SOCKETS = _said(*access.SOCKETS)
NFT = _said(*access.NFT, is_root=True)
UFW = _said("ufw", "status", "verbose", is_root=True, absent="ufw is not installed")
SAVERS = tuple(_said(name, is_root=True) for name in access.SAVERS)

INSTALLED, UPGRADE, CONFIG = (
    _said(*argv) for argv in (packages.INSTALLED, packages.UPGRADE, packages.CONFIG)
)
FETCHED = Command(
    "lists fetched",
    ("find", packages.LISTS, "-maxdepth", "1", "-name", "*Release", "-printf", r"%C@\t%f\n"),
)
HEADS = Command(
    "lists heads",
    (
        *("grep", "-rHsE", "--exclude-dir=partial", "--include=*Release"),
        "^(Date|Origin|Label|Suite|Codename):",
        packages.LISTS,
    ),
    good=(0, 1),
)

BLOCKS, MOUNTS = _said(*system.BLOCKS), _file(system.MOUNTS)
TIME = tuple(_said(*argv) for argv in system.TIME)
PROCESSES = Command("processes", ("ps", "-eo", "comm="))
AUDIT = _said(*system.AUDIT, is_root=True, absent="no audit daemon is installed")

STATE = (
    *(UNAME, RELEASE, PLACES),
    *(PASSWD, GROUP, STATES, AGES, LAST, SSHD, SOCKETS),
    *(BLOCKS, MOUNTS, PROCESSES, AUDIT),
)
"""What every host is asked; packages, clock and filters depend on which programs it has."""
DPKG = (INSTALLED, FETCHED, HEADS, UPGRADE, CONFIG)
FILTERS = (NFT, *SAVERS)
ROOT = (STATES, AGES, SUDOERS, SSHD, NFT, UFW, *SAVERS, AUDIT)
"""What says all only to root."""
ASKED_FOR = tuple(
    sorted(
        {each.program for each in (LAST, SSHD, SOCKETS, BLOCKS, AUDIT, UFW, *DPKG, *FILTERS, *TIME)}
        - {"find", "grep"}
        | {"sudo", _JOURNAL}
    )
)
"""Programs that a host may lack: what it says of them decides what it is asked."""
PROGRAMS = Command(
    "programs",
    (
        *("find", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/", "-maxdepth", "1"),
        *[part for name in ASKED_FOR for part in ("-o", "-name", name)][1:],
    ),
)

BOUNDS = Command("journal bounds", (_JOURNAL, "--header"))


def sign_ins(first: date, last: date) -> Command:
    """Return what lists the SSH server's words of whole days (UTC); the days are numbers."""
    days = (f"--since={first} 00:00:00", f"--until={last + timedelta(days=1)} 00:00:00")
    fields = "--output-fields=MESSAGE,SYSLOG_IDENTIFIER,_PID,_UID"
    names = ("-t", "sshd", "-t", "sshd-session")
    argv = (_JOURNAL, "--quiet", "--no-pager", "-o", "json", fields, *names, *days)
    return Command("journal of sshd", argv)
