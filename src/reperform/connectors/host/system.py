"""host/system, host/disks, host/time, host/services: what the host is and what runs on it."""

import csv
import platform
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import (
    by_name,
    json_of,
    lines_of,
    observed_at,
    plain,
    row,
    state_covers,
    text_of,
)

_BLOCKS = ("lsblk", "-J", "-o", "NAME,KNAME,TYPE,FSTYPE,MOUNTPOINT")
_MARKS = ("/.dockerenv", "/run/.containerenv", "/run/systemd/container")
_SYSTEMD = "/run/systemd/system"
_LOGGERS = ("rsyslogd", "systemd-journald", "syslog-ng", "syslogd", "busybox-syslogd")
_ON_DISK = {
    "systemd-journald": ("/var/log/journal",),
    "rsyslogd": ("/var/log/syslog", "/var/log/messages"),
    "syslog-ng": ("/var/log/syslog", "/var/log/messages"),
    "syslogd": ("/var/log/syslog", "/var/log/messages"),
}
_TIME = (
    ("timedatectl", "show", "-p", "NTP", "-p", "NTPSynchronized"),
    ("chronyc", "-n", "tracking"),
    ("ntpq", "-pn"),
)
_COMM = 15


def ask_system(machine: Machine) -> Iterator[Answer]:
    """Yield name, kernel, whether it is a container, and the release."""
    yield machine.observed()
    marks = [mark for mark in _MARKS if machine.path(mark).exists()]
    is_container = True if marks else (False if machine.path(_SYSTEMD).exists() else None)
    facts = {
        "host": platform.node(),
        "kernel": platform.release(),
        "is_container": is_container,
        "marks": marks,
    }
    yield Answer("facts", f"uname -nr, {', '.join(_MARKS)}", [canonical_json(facts)])
    yield machine.file("/etc/os-release")


def shape_system(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the one row of the host."""
    kept = by_name(answers)
    facts = json_of(kept["facts"]) if "facts" in kept else None
    if not isinstance(facts, dict):
        return
    release = _release(kept.get("/etc/os-release"))
    os_id, version = release.get("ID"), release.get("VERSION_ID")
    yield row(
        "host.system",
        kept["facts"],
        0,
        host=facts["host"],
        observed_at=observed_at(answers),
        os_id=os_id,
        os_version=version,
        os_support_ends_on=_day(release.get("SUPPORT_END")) or _published_end(os_id, version),
        kernel=facts["kernel"],
        asked_as_root=_asked_as_root(answers),
        is_container=facts["is_container"],
    )


def _release(kept: Kept | None) -> dict[str, str]:
    fields = (line.partition("=") for _, _, line in lines_of(kept)) if kept else ()
    return {name: value.strip("\"'") for name, _, value in fields}


def _day(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _published_end(os_id: str | None, version: str | None) -> str | None:
    """Return the day on which the publisher's support ends, from os_support.csv beside this."""
    text = files(__package__ or "").joinpath("os_support.csv").read_text("utf-8")
    for line in csv.DictReader(text.splitlines()):
        if (line["os_id"], line["os_version"]) == (os_id, version):
            return line["support_ends_on"]
    return None


def _asked_as_root(answers: Sequence[Kept]) -> bool | None:
    """Return whether the host was asked with root's rights."""
    kept = by_name(answers).get("observed")
    facts = json_of(kept) if kept else None
    return facts.get("euid") == 0 if isinstance(facts, dict) else None


def covers_system(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting."""
    return state_covers(answers, started_at, {"host.system": ("facts",)})


def ask_disks(machine: Machine) -> Iterator[Answer]:
    """Yield block devices and mounts."""
    yield machine.observed()
    yield machine.command(*_BLOCKS)
    yield machine.file("/proc/mounts")


def shape_disks(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each file system on a block device, and for swap."""
    kept, seen = by_name(answers), observed_at(answers)
    blocks, mounts = kept.get(" ".join(_BLOCKS)), kept.get("/proc/mounts")
    tree = json_of(blocks) if blocks else None
    devices = (
        dict(_devices(tree.get("blockdevices", []), is_below_crypt=False))
        if isinstance(tree, dict)
        else {}
    )
    done = set()
    for _, at, line in lines_of(mounts) if mounts else ():
        fields = line.split()
        if mounts and len(fields) > 2 and fields[0].startswith("/dev/") and fields[0] not in done:  # noqa: PLR2004 - device, mount, type
            done.add(fields[0])
            name = fields[0].rpartition("/")[2]
            encrypted = devices[name]["is_encrypted"] if name in devices else None
            yield row(
                "host.disks",
                mounts,
                at,
                observed_at=seen,
                mount=fields[1].encode().decode("unicode_escape", errors="replace"),
                device=fields[0],
                filesystem=fields[2],
                is_encrypted=encrypted,
            )
    for name, device in devices.items():
        if blocks and device["mount"] == "[SWAP]":
            encrypted = device["is_encrypted"]
            yield row(
                "host.disks",
                blocks,
                0,
                observed_at=seen,
                mount="[SWAP]",
                device=name,
                filesystem="swap",
                is_encrypted=encrypted,
            )


def _devices(
    listed: list[dict[str, Any]], *, is_below_crypt: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    for device in listed:
        is_encrypted = is_below_crypt or device.get("type") == "crypt"
        facts = {"is_encrypted": is_encrypted, "mount": device.get("mountpoint")}
        for name in {str(device.get("name")), str(device.get("kname"))}:
            yield name, facts
        yield from _devices(device.get("children") or [], is_below_crypt=is_encrypted)


def covers_disks(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless devices or mounts were refused."""
    return state_covers(answers, started_at, {"host.disks": ("lsblk", "/proc/mounts")})


def ask_time(machine: Machine) -> Iterator[Answer]:
    """Yield what each time client that is installed says; and that none is, when none is."""
    yield machine.observed()
    installed = [command for command in _TIME if machine.program(command[0])]
    if not machine.path(_SYSTEMD).exists():
        installed = [command for command in installed if command[0] != "timedatectl"]
    if not installed:
        said = "no client that answers is installed (timedatectl with systemd, chronyc, ntpq)"
        yield Answer("clients", ", ".join(command[0] for command in _TIME), [said.encode()])
    for command in installed:
        yield machine.command(*command)


def shape_time(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each client that answered, or one that says that there is none."""
    for kept in by_name(answers).values():
        name = kept.name.split()[0]
        readers = {"timedatectl": _timedatectl, "chronyc": _chronyc, "ntpq": _ntpq}
        client, is_synchronized = ("none", None)
        if name in readers:
            client, is_synchronized = readers[name](text_of(kept))
        elif name != "clients":
            continue
        seen = observed_at(answers)
        yield row(
            "host.time_sync",
            kept,
            0,
            observed_at=seen,
            client=client,
            is_synchronized=is_synchronized,
        )


def _timedatectl(said: str) -> tuple[str, bool | None]:
    found = re.search(r"^NTPSynchronized=(yes|no)$", said, re.MULTILINE)
    return "systemd-timesyncd", found[1] == "yes" if found else None


def _chronyc(said: str) -> tuple[str, bool | None]:
    found = re.search(r"^Leap status\s*:\s*(.*?)\s*$", said, re.MULTILINE)
    return "chrony", found[1] != "Not synchronised" if found else None


def _ntpq(said: str) -> tuple[str, bool | None]:
    return "ntpd", any(line.startswith("*") for line in said.splitlines())


def covers_time(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a client would not say."""
    return state_covers(answers, started_at, {"host.time_sync": ("timedatectl", "chronyc", "ntpq")})


def ask_services(machine: Machine) -> Iterator[Answer]:
    """Yield the names of running processes, where logs are kept, and the audit daemon's state."""
    yield machine.observed()
    names, problem = machine.names("/proc")
    if problem:
        yield Answer("processes", "/proc/*/comm", refused=problem.refused or problem.absent)
    else:
        running = {_comm(machine, name) for name in names if name.isdigit()}
        listed = "\n".join(sorted(running - {""})).encode()
        yield Answer("processes", "/proc/*/comm (names only)", [listed])
    places = sorted({place for known in _ON_DISK.values() for place in known})
    kept = {place: machine.path(place).exists() for place in places}
    yield Answer("places", ", ".join(places), [canonical_json(kept)])
    yield machine.command("auditctl", "-l", absent="no audit daemon is installed")


def _comm(machine: Machine, process: str) -> str:
    try:
        return plain(machine.path(f"/proc/{process}/comm").read_bytes().strip())
    except OSError:  # it ended while we looked: then it does not run
        return ""


def shape_services(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each logging service that runs, and one for the audit daemon."""
    kept, seen = by_name(answers), observed_at(answers)
    processes = kept.get("processes")
    if processes is None:
        return
    running = set(text_of(processes).splitlines())
    places = json_of(kept["places"]) if "places" in kept else None
    loggers = [name for name in _LOGGERS if name[:_COMM] in running]
    for name in loggers or ["none"]:
        known = _ON_DISK.get(name, ())
        on_disk = any(places.get(p) for p in known) if isinstance(places, dict) and known else None
        yield row(
            "host.services",
            processes,
            0,
            observed_at=seen,
            role="logging",
            service=name,
            is_running=name != "none",
            keeps_on_disk=on_disk,
        )
    rules = kept.get("auditctl -l")
    yield row(
        "host.services",
        rules or processes,
        0,
        observed_at=seen,
        role="audit",
        service="auditd",
        is_running="auditd" in running,
        rules=_rules(rules),
    )


def _rules(kept: Kept | None) -> int | None:
    if kept is None:
        return None
    return sum(line.startswith("-") for _, _, line in lines_of(kept))


def covers_services(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless processes could not be listed."""
    return state_covers(answers, started_at, {"host.services": ("processes",)})
