"""Packages of a Linux host: what is installed, and what waits to be."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import by_name, lines_of, observed_at, row

INSTALLED = (
    "dpkg-query",
    "-W",
    "-f=${Package}\\t${Version}\\t${Architecture}\\t${db:Status-Status}\\n",
)
UPGRADE = ("apt-get", "-s", "-o", "Debug::NoLocking=true", "-q", "dist-upgrade")
CONFIG = ("apt-config", "dump")
LISTS = "/var/lib/apt/lists"
_PENDING = re.compile(r"Inst (\S+) (?:\[([^\]]*)\] )?\((\S+) ([^)]*)\)")


def shape(answers: Sequence[Kept], archives: Any) -> Iterator[Row]:  # noqa: ANN401 - JSON
    """Yield installed packages, pending updates, and one row for the state of the manager.

    Args:
        answers: what was kept.
        archives: the archive lists: of each `fetched` in seconds since 1970, and the fields of its
            head in lower case; anything else than a list when they are not known.
    """
    kept, seen = by_name(answers), observed_at(answers)
    installed = kept.get(" ".join(INSTALLED))
    if installed is None:
        return
    count = 0
    for _, at, line in lines_of(installed):
        fields = line.split("\t")
        if len(fields) == 4 and fields[3] == "installed":  # noqa: PLR2004 - the four asked for
            count += 1
            yield row(
                "packages",
                installed,
                at,
                observed_at=seen,
                package=fields[0],
                version=fields[1],
                architecture=fields[2],
            )
    upgrade = kept.get(" ".join(UPGRADE))
    pending = list(_pending(upgrade, seen, archives)) if upgrade else []
    yield from pending
    is_unattended = _is_unattended(kept.get(" ".join(CONFIG)))
    yield row(
        "package_state",
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
                "pending_updates",
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
