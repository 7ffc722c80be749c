"""What a Linux host is and what runs on it: release, disks, clock, logging and audit."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from importlib.resources import files
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import by_name, json_of, lines_of, observed_at, row, text_of
from reperform.connectors.said import objects

RELEASE = "/etc/os-release"
BLOCKS = ("lsblk", "-J", "-o", "NAME,KNAME,TYPE,FSTYPE,MOUNTPOINT")
MOUNTS = "/proc/mounts"
MARKS = ("/.dockerenv", "/run/.containerenv", "/run/systemd/container")
SYSTEMD = "/run/systemd/system"
TIME = (
    ("timedatectl", "show", "-p", "NTP", "-p", "NTPSynchronized"),
    ("chronyc", "-n", "tracking"),
    ("ntpq", "-pn"),
)
NO_CLIENT = "no client that answers is installed (timedatectl with systemd, chronyc, ntpq)"
AUDIT = ("auditctl", "-l")
_LOGGERS = ("rsyslogd", "systemd-journald", "syslog-ng", "syslogd", "busybox-syslogd")
_ON_DISK = {
    "systemd-journald": ("/var/log/journal",),
    "rsyslogd": ("/var/log/syslog", "/var/log/messages"),
    "syslog-ng": ("/var/log/syslog", "/var/log/messages"),
    "syslogd": ("/var/log/syslog", "/var/log/messages"),
}
PLACES = tuple(sorted({place for known in _ON_DISK.values() for place in known}))
"""Where logs outlive a restart."""
_COMM = 15
_DEEPEST = 30


def release(kept: Kept | None) -> dict[str, Any]:
    """Return the columns that os-release fills."""
    fields = (line.partition("=") for _, _, line in lines_of(kept)) if kept else ()
    said = {name: value.strip("\"'") for name, _, value in fields}
    os_id, version = said.get("ID"), said.get("VERSION_ID")
    return {
        "os_id": os_id,
        "os_version": version,
        "os_support_ends_on": _day(said.get("SUPPORT_END")) or _published_end(os_id, version),
    }


def _day(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _published_end(os_id: str | None, version: str | None) -> str | None:
    """Return the day on which the publisher's support ends, from os_support.csv beside this."""
    text = files(__package__ or "").joinpath("os_support.csv").read_text("utf-8")
    for line in csv.DictReader(text.splitlines()):
        if (line["os_id"], line["os_version"]) == (os_id, version):
            return line["support_ends_on"]
    return None


def shape_disks(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each file system on a block device, and for swap."""
    kept, seen = by_name(answers), observed_at(answers)
    blocks, mounts = kept.get(" ".join(BLOCKS)), kept.get(MOUNTS)
    tree = json_of(blocks) if blocks else None
    devices = (
        dict(_devices(tree.get("blockdevices"), is_below_crypt=False))
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
                "disks",
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
                "disks",
                blocks,
                0,
                observed_at=seen,
                mount="[SWAP]",
                device=name,
                filesystem="swap",
                is_encrypted=encrypted,
            )


def _devices(
    listed: object, *, is_below_crypt: bool, depth: int = 0
) -> Iterator[tuple[str, dict[str, Any]]]:
    for device in objects(listed) if depth < _DEEPEST else ():
        is_encrypted = is_below_crypt or device.get("type") == "crypt"
        facts = {"is_encrypted": is_encrypted, "mount": device.get("mountpoint")}
        for name in {str(device.get("name")), str(device.get("kname"))}:
            yield name, facts
        below = device.get("children")
        yield from _devices(below, is_below_crypt=is_encrypted, depth=depth + 1)


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
            "time_sync",
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


def shape_services(
    answers: Sequence[Kept], processes: Kept, running: Collection[str], places: object
) -> Iterator[Row]:
    """Yield a row for each logging service that runs, and one for the audit daemon.

    Args:
        answers: what was kept.
        processes: the answer that names them.
        running: names of running processes, the first 15 letters of each.
        places: of `PLACES`, path -> whether it is there; anything else when that is not known.
    """
    seen = observed_at(answers)
    loggers = [name for name in _LOGGERS if name[:_COMM] in running]
    for name in loggers or ["none"]:
        known = _ON_DISK.get(name, ())
        on_disk = any(places.get(p) for p in known) if isinstance(places, dict) and known else None
        yield row(
            "services",
            processes,
            0,
            observed_at=seen,
            role="logging",
            service=name,
            is_running=name != "none",
            keeps_on_disk=on_disk,
        )
    rules = by_name(answers).get(" ".join(AUDIT))
    yield row(
        "services",
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
