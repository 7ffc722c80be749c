"""host/packages and host/package-log: what is installed, what waits, and what was changed when."""

import gzip
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
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
)

_INSTALLED = (
    "dpkg-query",
    "-W",
    "-f=${Package}\\t${Version}\\t${Architecture}\\t${db:Status-Status}\\n",
)
_UPGRADE = ("apt-get", "-s", "-o", "Debug::NoLocking=true", "-q", "dist-upgrade")
_CONFIG = ("apt-config", "dump")
_LISTS = "/var/lib/apt/lists"
_PENDING = re.compile(r"Inst (\S+) (?:\[([^\]]*)\] )?\((\S+) ([^)]*)\)")
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
    yield machine.command(*_INSTALLED)
    yield _lists(machine)
    yield machine.command(*_UPGRADE)
    yield machine.command(*_CONFIG)


def _lists(machine: Machine) -> Answer:
    """The archive lists: when each was fetched, and what its head says of its date and origin."""
    names, problem = machine.names(_LISTS)
    if problem:
        return Answer("lists", _LISTS, refused=problem.refused or problem.absent)
    found = []
    for name in names:
        path = machine.path(f"{_LISTS}/{name}")
        if name.endswith(("_InRelease", "_Release")) and path.is_file():
            try:
                with path.open("rb") as file:
                    head = file.read(_HEAD)
            except OSError as error:
                return Answer("lists", _LISTS, refused=f"{path}: {error.strerror}")
            fields = {k.decode().lower(): plain(v.strip()) for k, v in _FIELD.findall(head)}
            fetched = int(path.stat().st_ctime)
            found.append({"name": name, "fetched": fetched, **fields})
    return Answer("lists", f"{_LISTS}/*_InRelease: head, time fetched", [canonical_json(found)])


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield installed packages, pending updates, and one row for the state of the manager."""
    kept, seen = by_name(answers), observed_at(answers)
    installed = kept.get(" ".join(_INSTALLED))
    if installed is None:
        return
    count = 0
    for _, at, line in lines_of(installed):
        fields = line.split("\t")
        if len(fields) == 4 and fields[3] == "installed":  # noqa: PLR2004 - the four asked for
            count += 1
            yield row(
                "host.packages",
                installed,
                at,
                observed_at=seen,
                package=fields[0],
                version=fields[1],
                architecture=fields[2],
            )
    upgrade, lists = kept.get(" ".join(_UPGRADE)), kept.get("lists")
    archives = json_of(lists) if lists else None
    pending = list(_pending(upgrade, seen, archives)) if upgrade else []
    yield from pending
    is_unattended = _is_unattended(kept.get(" ".join(_CONFIG)))
    yield row(
        "host.package_state",
        installed,
        0,
        observed_at=seen,
        manager="apt",
        installed_packages=count,
        pending_security=sum(r.values["is_security"] for r in pending) if upgrade else None,
        is_unattended=is_unattended,
        **_archive_state(archives),
    )


def _is_security(archive: dict[str, Any]) -> bool:
    named = f"{archive.get('label', '')} {archive.get('suite', '')} {archive.get('codename', '')}"
    return "security" in named.lower()


def _archive_state(archives: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    if not isinstance(archives, list):
        return {"lists_refreshed_at": None, "has_security_archive": None}
    fetched = [archive["fetched"] for archive in archives]
    return {
        "lists_refreshed_at": _moment(datetime.fromtimestamp(max(fetched), UTC))
        if fetched
        else None,
        "has_security_archive": any(map(_is_security, archives)),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _pending(kept: Kept, seen: str | None, archives: Any) -> Iterator[Row]:  # noqa: ANN401 - JSON
    """Yield what an upgrade would install.

    An update has been available for at least as long as the archive list that holds it is old;
    nothing here says for how long at most.
    """
    ages = [
        age
        for archive in (archives if isinstance(archives, list) else [])
        if _is_security(archive) and (age := _age(archive.get("date"), seen)) is not None
    ]
    for _, at, line in lines_of(kept):
        found = _PENDING.match(line)
        if found and found[2]:
            is_security = "security" in found[4].lower()
            yield row(
                "host.pending_updates",
                kept,
                at,
                observed_at=seen,
                package=found[1],
                installed=found[2],
                candidate=found[3],
                is_security=is_security,
                available_days_min=min(ages) if is_security and ages else None,
            )


def _age(date: str | None, seen: str | None) -> int | None:
    if not date or not seen:
        return None
    try:
        published = parsedate_to_datetime(date.replace(" UTC", " +0000"))
    except ValueError:
        return None
    asked = datetime.fromisoformat(seen).replace(tzinfo=UTC)
    return max((asked - published.astimezone(UTC)).days, 0)


def _is_unattended(kept: Kept | None) -> bool | None:
    if kept is None:
        return None
    settings = {
        found[1]: found[2]
        for _, _, line in lines_of(kept)
        if (found := re.fullmatch(r'APT::Periodic::([\w-]+) "(\w*)";', line))
    }
    wanted = (settings.get("Unattended-Upgrade", "0"), settings.get("Update-Package-Lists", "0"))
    return all(value not in ("0", "", "never") for value in wanted)


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
                        "host.package_changes",
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
