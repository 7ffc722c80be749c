"""host/timers: what is scheduled, and when it last ran."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import (
    by_name,
    json_of,
    lines_of,
    observed_at,
    row,
    state_covers,
)

_LIST = ("systemctl", "list-timers", "--all", "--output=json", "--no-pager")
_CRON_FOLDERS = ("/etc/cron.d", "/var/spool/cron/crontabs", "/var/spool/cron")
_CRON_SCRIPTS = ("/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly")
_BACKUP = re.compile(
    r"restic|borg|duplicity|duplicati|rsnapshot|bacula|bareos|barman|pgbackrest|wal-g|pg_dump"
    r"|mysqldump|mariabackup|xtrabackup|mongodump|rclone|kopia|veeam|snapper|velero|backup",
    re.IGNORECASE,
)
# Debian's own housekeeping copies of dpkg's and the account files; not backups of a service.
_HOUSEKEEPING = re.compile(r"dpkg-db-backup|cron\.daily/dpkg$|cron\.daily/passwd$")


def ask(machine: Machine) -> Iterator[Answer]:
    """Yield systemd's timers and cron's tables."""
    yield machine.observed()
    if machine.path("/run/systemd/system").exists():
        yield machine.command(*_LIST)
    else:
        label = " ".join(_LIST)
        yield Answer(label, label, absent="systemd does not run here")
    yield machine.file("/etc/crontab")
    for folder in _CRON_FOLDERS:
        yield from machine.files(folder)
    for folder in _CRON_SCRIPTS:
        names, problem = machine.names(folder)
        listed = "\n".join(name for name in names if not name.startswith(".")).encode()
        yield problem or Answer(folder, f"ls {folder}", [listed])


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each timer, cron line and cron script."""
    kept, seen = by_name(answers), observed_at(answers)
    for one in kept.values():
        if one.name == " ".join(_LIST):
            for timer in json_of(one) or []:
                yield _timer(one, timer, seen)
        elif one.name in _CRON_SCRIPTS:
            for _, at, name in lines_of(one):
                yield _cron(one, at, f"{one.name}/{name}", seen)
        elif one.name.startswith(("/etc/cron", "/var/spool/cron")):
            for _, at, line in lines_of(one):
                if re.match(r"\s*(@\w+|[\d*/,\-]+(\s+[\w*/,\-]+){4})\s", line):
                    yield _cron(one, at, line.strip(), seen)


def _timer(kept: Kept, timer: dict[str, Any], seen: str | None) -> Row:
    unit, activates = str(timer.get("unit") or ""), str(timer.get("activates") or "")
    return row(
        "timers",
        kept,
        0,
        observed_at=seen,
        unit=unit,
        scheduler="systemd",
        activates=activates,
        is_backup=_is_backup(f"{unit} {activates}"),
        last_run_at=_moment(timer.get("last")),
        next_run_at=_moment(timer.get("next")),
    )


def _cron(kept: Kept, at: int, what: str, seen: str | None) -> Row:
    return row(
        "timers",
        kept,
        at,
        observed_at=seen,
        unit=kept.name,
        scheduler="cron",
        activates=what,
        is_backup=_is_backup(what),
    )


def _is_backup(text: str) -> bool:
    return bool(_BACKUP.search(text)) and not _HOUSEKEEPING.search(text)


def _moment(microseconds: object) -> str | None:
    if not isinstance(microseconds, int) or microseconds <= 0:
        return None
    at = datetime.fromtimestamp(min(microseconds // 1_000_000, 253_402_300_799), UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S")


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a table of cron or systemd's list was refused."""
    return state_covers(answers, started_at, {"host.timers": ("systemctl", "/etc/", "/var/")})
