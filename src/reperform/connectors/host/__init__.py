"""host: this Linux host, as its own files and programs show it.

Each question is asked and refused on its own.  What needs root and is refused is kept as refused,
never as empty; what is not there is shown to be absent.  Password hashes and private keys are
taken out before anything is kept.  Nothing is written, and no network is reached.
"""

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reperform.base.table import Cover, TableSpec
from reperform.connectors.answer import Answer, Kept, Question, Row, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.host import access, accounts, certificates, packages, system, timers
from reperform.connectors.host.machine import Machine
from reperform.connectors.linux import access as ways
from reperform.connectors.linux import system as runs
from reperform.connectors.linux.tables import named, placed
from reperform.connectors.settings import Access

_SPECS = named("host")


@dataclass(frozen=True, slots=True)
class _Stream:
    """One question about the host, and how its answers are shaped."""

    name: str
    ask: Callable[[Machine], Iterator[Answer]]
    tables: tuple[TableSpec, ...]
    shape: Callable[[Sequence[Kept]], Iterator[Row]]
    covers: Callable[[Sequence[Kept], datetime], Mapping[str, Cover]]
    blind: str


_STREAMS = (
    _Stream(
        "host/system",
        system.ask_system,
        (_SPECS["system"],),
        system.shape_system,
        system.covers_system,
        "a kernel that lies about itself; a virtual machine's own host",
    ),
    _Stream(
        "host/accounts",
        accounts.ask,
        (_SPECS["accounts"],),
        accounts.shape,
        accounts.covers,
        "accounts of a directory service; logins that wtmp does not record, such as su and cron",
    ),
    _Stream(
        "host/sudo",
        access.ask_sudo,
        (_SPECS["sudo_rules"],),
        access.shape_sudo,
        access.covers_sudo,
        "rules from a directory service, included files elsewhere, aliases; doas and pkexec",
    ),
    _Stream(
        "host/sshd",
        access.ask_sshd,
        (_SPECS["sshd_settings"],),
        ways.shape_sshd,
        access.covers_sshd,
        "Match blocks; a running server that has not read its configuration again; other servers",
    ),
    _Stream(
        "host/listeners",
        access.ask_listeners,
        (_SPECS["listeners"],),
        ways.shape_listeners,
        access.covers_listeners,
        "sockets of other network namespaces; what listens at other moments",
    ),
    _Stream(
        "host/firewall",
        access.ask_firewall,
        (_SPECS["firewall"],),
        ways.shape_firewall,
        access.covers_firewall,
        "filters outside the host, eBPF programs, other network namespaces",
    ),
    _Stream(
        "host/packages",
        packages.ask,
        (_SPECS["packages"], _SPECS["pending_updates"], _SPECS["package_state"]),
        packages.shape,
        packages.covers,
        "software installed other than by dpkg; updates newer than the archive lists on the host",
    ),
    _Stream(
        "host/package-log",
        packages.ask_log,
        (_SPECS["package_changes"],),
        packages.shape_log,
        packages.covers_log,
        "lines that root removed; the log's clock, which is taken as UTC",
    ),
    _Stream(
        "host/disks",
        system.ask_disks,
        (_SPECS["disks"],),
        runs.shape_disks,
        system.covers_disks,
        "encryption below the block device, by the cloud host or the drive itself",
    ),
    _Stream(
        "host/time",
        system.ask_time,
        (_SPECS["time_sync"],),
        runs.shape_time,
        system.covers_time,
        "a clock that the hypervisor keeps right; clients other than the three",
    ),
    _Stream(
        "host/services",
        system.ask_services,
        (_SPECS["services"],),
        system.shape_services,
        system.covers_services,
        "whether what is written arrives anywhere else; how long it is kept",
    ),
    _Stream(
        "host/certificates",
        certificates.ask,
        (_SPECS["certificates"],),
        certificates.shape,
        certificates.covers,
        "certificates in other folders, in key stores, or held by programs only",
    ),
    _Stream(
        "host/timers",
        timers.ask,
        (_SPECS["timers"],),
        timers.shape,
        timers.covers,
        "jobs that another machine starts; whether a job that ran did its work; when cron last ran",
    ),
)


def _shape(stream: _Stream, answers: Sequence[Kept]) -> Iterator[Row]:
    return placed("host", stream.shape(answers))


SOURCES = tuple(
    Source(stream.name, stream.tables, partial(_shape, stream), stream.covers, stream.blind)
    for stream in _STREAMS
)


def questions(machine: Machine | None = None) -> tuple[Question, ...]:
    """Return every question about a host; None asks the one that this runs on."""
    asked = machine or Machine()
    return tuple(
        Question(stream.name, str(asked.root), partial(stream.ask, asked)) for stream in _STREAMS
    )


_ROOT = "root"


def _questions(_: Access, __: Asking) -> tuple[Question, ...]:
    return questions()


def _check(_: Access) -> Check:
    user = os.geteuid()
    grant = Grant.DENIED if user else Grant.GRANTED
    said = f"asked as user id {user}" if user else ""
    return Check(f"{platform.node()}, {platform.system()}", (Finding(_ROOT, grant, said),))


CONNECTOR = Connector(
    name="host",
    title="This Linux host",
    asks="Accounts, ways in, packages, disks, services, certificates and timers of the machine"
    " that asks, from its own files and programs.",
    blind="other machines; a kernel that lies about itself",
    permissions=(
        Permission(
            _ROOT,
            "password ages, sudo rules, the effective settings of sshd and the firewall",
            is_required=False,
        ),
    ),
    settings=(),
    streams=tuple(Stream(source) for source in SOURCES),
    questions=_questions,
    check=_check,
    is_local=True,
)
