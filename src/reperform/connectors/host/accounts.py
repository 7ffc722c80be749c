"""host/accounts: who can log in, with which rights, and when they last did."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import (
    by_name,
    lines_of,
    observed_at,
    row,
    state_covers,
    text_of,
)

_LAST = ("-w", "--time-format", "iso")
_NO_LOGIN = ("nologin", "false", "sync", "halt", "shutdown")
_PRIVILEGED = {"root", "sudo", "wheel", "admin", "docker", "lxd", "disk"}
_EPOCH = date(1970, 1, 1)
_FIRST_PERSON = 1000
_NEVER = 99_999
_BEGINS = re.compile(r"\S+ begins (\S+)")


def ask(machine: Machine) -> Iterator[Answer]:
    """Yield accounts, groups, the state of passwords (never the hashes), and login records."""
    yield machine.observed()
    yield machine.file("/etc/passwd")
    yield machine.file("/etc/group")
    note = "each hash reduced to set, locked or empty before anything is kept"
    yield machine.file("/etc/shadow", reduce=reduce_shadow, note=note)
    yield machine.command("last", *_LAST)


def reduce_shadow(content: bytes) -> bytes:
    r"""Return /etc/shadow with each hash replaced by its kind: hashes never become evidence.

    >>> reduce_shadow(b"ana:$y$j9T$abc:20000:0:99999:7:::")
    b'ana:set:20000:0:99999:7:::\n'
    """
    reduced = []
    for line in content.split(b"\n"):
        fields = line.split(b":")
        if len(fields) > 1:
            fields[1] = _kind(fields[1])
            reduced.append(b":".join(fields) + b"\n")
    return b"".join(reduced)


def _kind(password: bytes) -> bytes:
    if not password:
        return b"empty"
    return b"locked" if password.startswith((b"!", b"*")) else b"set"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each account."""
    kept = by_name(answers)
    passwd = kept.get("/etc/passwd")
    if passwd is None:
        return
    groups = _groups(kept.get("/etc/group"))
    shadow = {
        fields[0]: fields
        for _, _, line in (lines_of(kept["/etc/shadow"]) if "/etc/shadow" in kept else ())
        if len(fields := line.split(":")) > 7  # noqa: PLR2004 - nine fields, see shadow(5)
    }
    logins, since = _logins(kept.get(" ".join(("last", *_LAST))))
    for _, at, line in lines_of(passwd):
        fields = line.split(":")
        if len(fields) < 7 or not fields[2].isdigit():  # noqa: PLR2004 - seven fields, see passwd(5)
            continue
        name, uid, shell = fields[0], int(fields[2]), fields[6]
        member = sorted(
            groups["members"].get(name, set()) | groups["primary"].get(fields[3], set())
        )
        secret = shadow.get(name)
        yield row(
            "host.accounts",
            passwd,
            at,
            observed_at=observed_at(answers),
            account=name,
            uid=uid,
            shell=shell,
            has_login_shell=shell.rpartition("/")[2] not in _NO_LOGIN,
            is_privileged=uid == 0 or bool(_PRIVILEGED & set(member)),
            is_system=0 < uid < _FIRST_PERSON,
            groups=",".join(member),
            password=secret[1] if secret and secret[1] in ("set", "locked", "empty") else None,
            password_changed_on=_day(secret[2]) if secret else None,
            expires_on=_day(secret[7]) if secret else None,
            last_login_at=logins.get(name[:32]),
            last_login_known=since is not None,
            login_records_from=since,
        )


def _groups(kept: Kept | None) -> dict[str, dict[str, set[str]]]:
    """Return member -> groups, and group id -> the group's own name."""
    members: dict[str, set[str]] = {}
    primary: dict[str, set[str]] = {}
    for _, _, line in lines_of(kept) if kept else ():
        fields = line.split(":")
        if len(fields) >= 4:  # noqa: PLR2004 - four fields, see group(5)
            primary.setdefault(fields[2], set()).add(fields[0])
            for name in fields[3].split(","):
                members.setdefault(name.strip(), set()).add(fields[0])
    return {"members": members, "primary": primary}


def _logins(kept: Kept | None) -> tuple[dict[str, str], str | None]:
    """Return the newest login of each account, and the first day that the records cover."""
    if kept is None:
        return {}, None
    begins = _BEGINS.search(text_of(kept).rstrip().rpartition("\n")[2])
    logins: dict[str, str] = {}
    for _, _, line in lines_of(kept):
        fields = line.split()
        if len(fields) > 2 and fields[0] not in ("reboot", "shutdown", "runlevel", "wtmp"):  # noqa: PLR2004 - name, line, time
            found = next((at for field in fields[2:] if (at := _moment(field))), None)
            if found:
                logins.setdefault(fields[0], found)
    first = _moment(begins[1]) if begins else None
    return logins, first[:10] if first else None


def _moment(text: str) -> str | None:
    if "T" not in text:
        return None
    try:
        parsed = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None
    return parsed.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _day(days: str) -> str | None:
    if not days.isdigit() or not 0 < int(days) < _NEVER:
        return None
    return str(_EPOCH + timedelta(days=int(days)))


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting; what /etc/shadow or login records lack shows as NULL."""
    return state_covers(answers, started_at, {"host.accounts": ("/etc/passwd", "/etc/group")})
