"""host/system, host/disks, host/time, host/services: what the host is and what runs on it."""

import platform
from collections.abc import Iterator, Sequence
from datetime import datetime

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import (
    by_name,
    json_of,
    observed_at,
    plain,
    row,
    state_covers,
    text_of,
)
from reperform.connectors.linux import system


def ask_system(machine: Machine) -> Iterator[Answer]:
    """Yield name, kernel, whether it is a container, and the release."""
    yield machine.observed()
    marks = [mark for mark in system.MARKS if machine.path(mark).exists()]
    is_container = True if marks else (False if machine.path(system.SYSTEMD).exists() else None)
    facts = {
        "host": platform.node(),
        "kernel": platform.release(),
        "is_container": is_container,
        "marks": marks,
    }
    yield Answer("facts", f"uname -nr, {', '.join(system.MARKS)}", [canonical_json(facts)])
    yield machine.file(system.RELEASE)


def shape_system(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the one row of the host."""
    kept = by_name(answers)
    facts = json_of(kept["facts"]) if "facts" in kept else None
    if not isinstance(facts, dict):
        return
    yield row(
        "system",
        kept["facts"],
        0,
        host=facts["host"],
        observed_at=observed_at(answers),
        kernel=facts["kernel"],
        asked_as_root=_asked_as_root(answers),
        is_container=facts["is_container"],
        **system.release(kept.get(system.RELEASE)),
    )


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
    yield machine.command(*system.BLOCKS)
    yield machine.file(system.MOUNTS)


def covers_disks(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless devices or mounts were refused."""
    return state_covers(answers, started_at, {"host.disks": ("lsblk", "/proc/mounts")})


def ask_time(machine: Machine) -> Iterator[Answer]:
    """Yield what each time client that is installed says; and that none is, when none is."""
    yield machine.observed()
    installed = [command for command in system.TIME if machine.program(command[0])]
    if not machine.path(system.SYSTEMD).exists():
        installed = [command for command in installed if command[0] != "timedatectl"]
    if not installed:
        asked = ", ".join(command[0] for command in system.TIME)
        yield Answer("clients", asked, [system.NO_CLIENT.encode()])
    for command in installed:
        yield machine.command(*command)


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
    kept = {place: machine.path(place).exists() for place in system.PLACES}
    yield Answer("places", ", ".join(system.PLACES), [canonical_json(kept)])
    yield machine.command(*system.AUDIT, absent="no audit daemon is installed")


def _comm(machine: Machine, process: str) -> str:
    try:
        return plain(machine.path(f"/proc/{process}/comm").read_bytes().strip())
    except OSError:  # it ended while we looked: then it does not run
        return ""


def shape_services(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each logging service that runs, and one for the audit daemon."""
    kept = by_name(answers)
    processes = kept.get("processes")
    if processes is None:
        return
    running = set(text_of(processes).splitlines())
    places = json_of(kept["places"]) if "places" in kept else None
    yield from system.shape_services(answers, processes, running, places)


def covers_services(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless processes could not be listed."""
    return state_covers(answers, started_at, {"host.services": ("processes",)})
