"""host/packages and host/package-log: what is installed, what waits, and what was changed when."""

import gzip
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import (
    by_name,
    json_of,
    lines_of,
    plain,
    row,
    state_covers,
)
from reperform.connectors.linux import packages

_FIELD = re.compile(rb"^(Date|Origin|Label|Suite|Codename): *(.*)$", re.MULTILINE)
_HEAD = 8_192
_CHANGE = re.compile(
    r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (install|upgrade|remove|purge) (\S+?)(?::\S+)? (\S+) (\S+)"
)
_LARGEST_LOG = 64 << 20


def ask(machine: Machine) -> Iterator[Answer]:
    """Yield packages, what an upgrade would install, the archive lists, and apt's settings."""
    yield machine.observed()
    if machine.program("dpkg-query") is None:
        why = "packages are read through dpkg and apt, which this host does not have"
        yield Answer("dpkg", "dpkg-query", refused=why)
        return
    yield machine.command(*packages.INSTALLED)
    yield _lists(machine)
    yield machine.command(*packages.UPGRADE)
    yield machine.command(*packages.CONFIG)


def _lists(machine: Machine) -> Answer:
    """The archive lists: when each was fetched, and what its head says of its date and origin."""
    names, problem = machine.names(packages.LISTS)
    if problem:
        return Answer("lists", packages.LISTS, refused=problem.refused or problem.absent)
    found = []
    for name in names:
        path = machine.path(f"{packages.LISTS}/{name}")
        if name.endswith(("_InRelease", "_Release")) and path.is_file():
            try:
                with path.open("rb") as file:
                    head = file.read(_HEAD)
            except OSError as error:
                return Answer("lists", packages.LISTS, refused=f"{path}: {error.strerror}")
            fields = {k.decode().lower(): plain(v.strip()) for k, v in _FIELD.findall(head)}
            fetched = int(path.stat().st_ctime)
            found.append({"name": name, "fetched": fetched, **fields})
    asked = f"{packages.LISTS}/*_InRelease: head, time fetched"
    return Answer("lists", asked, [canonical_json(found)])


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield installed packages, pending updates, and one row for the state of the manager."""
    lists = by_name(answers).get("lists")
    yield from packages.shape(answers, json_of(lists) if lists else None)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless what a table needs was refused."""
    return state_covers(
        answers,
        started_at,
        {
            "host.packages": ("dpkg",),
            "host.pending_updates": ("dpkg", "apt-get", "lists"),
            "host.package_state": ("dpkg",),
        },
    )


def ask_log(machine: Machine) -> Iterator[Answer]:
    """Yield the package manager's log, oldest first; compressed ones unpacked."""
    yield machine.observed()
    names, problem = machine.names("/var/log")
    logs = [name for name in names if re.fullmatch(r"dpkg\.log(\.\d+(\.gz)?)?", name)]
    if problem or not logs:
        why = problem.refused if problem else ""
        yield Answer("dpkg.log", "/var/log/dpkg.log*", refused=why or "there is no log of dpkg")
    for name in sorted(logs, key=_rotation, reverse=True):
        answer = machine.file(f"/var/log/{name}")
        packed = name.endswith(".gz") and not answer.refused and not answer.absent
        yield _unpacked(machine, answer) if packed else answer


def _rotation(name: str) -> int:
    found = re.search(r"\.(\d+)", name)
    return int(found[1]) if found else 0


def _unpacked(machine: Machine, answer: Answer) -> Answer:
    path: Path = machine.path(answer.name)
    try:
        with gzip.open(path) as file:
            content = file.read(_LARGEST_LOG + 1)
    except (OSError, EOFError) as error:
        return Answer(answer.name, answer.asked, refused=f"{answer.name}: {error}")
    if len(content) > _LARGEST_LOG:
        return Answer(answer.name, answer.asked, refused=f"{answer.name} is too large unpacked")
    return Answer(answer.name, f"{answer.asked} (unpacked)", [content])


def shape_log(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield installations, upgrades and removals as the log has them."""
    for kept in by_name(answers).values():
        if kept.name.startswith("/var/log/dpkg.log"):
            for _, at, line in lines_of(kept):
                if found := _CHANGE.match(line):
                    action = "remove" if found[2] == "purge" else found[2]
                    yield row(
                        "package_changes",
                        kept,
                        at,
                        changed_at=found[1],
                        action=action,
                        package=found[3],
                        from_version=None if found[4] == "<none>" else found[4],
                        to_version=None if found[5] == "<none>" else found[5],
                    )


def covers_log(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the days from the log's first line to the day before collecting."""
    refused = [answer.refused for answer in answers if answer.refused]
    first = next(
        (
            line[:10]
            for answer in by_name(answers).values()
            if answer.name.startswith("/var/log/dpkg.log")
            for _, _, line in lines_of(answer)
            if re.match(r"\d{4}-\d\d-\d\d \d", line)
        ),
        None,
    )
    if refused or first is None:
        said = "; ".join(refused) or "the log of dpkg is empty"
        return {"host.package_changes": Cover(None, None, said)}
    yesterday = started_at.astimezone(UTC).date() - timedelta(days=1)
    begun = datetime.fromisoformat(first).date()
    return {"host.package_changes": Cover(begun, yesterday, "the log reaches back no further")}
