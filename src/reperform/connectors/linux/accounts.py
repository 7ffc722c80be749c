"""Accounts of a Linux host: who can log in, with which rights, and when they last did."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import by_name, lines_of, observed_at, row, text_of

PASSWD, GROUP, SHADOW = "/etc/passwd", "/etc/group", "/etc/shadow"
LAST = ("last", "-w", "--time-format", "iso")
STATES = ("set", "locked", "empty")
PRIVILEGED = frozenset({"root", "sudo", "wheel", "admin", "docker", "lxd", "disk"})
"""Groups whose members can become root."""
FIRST_PERSON = 1000
_NO_LOGIN = ("nologin", "false", "sync", "halt", "shutdown")
_EPOCH = date(1970, 1, 1)
_NEVER = 99_999
_BEGINS = re.compile(r"\S+ begins (\S+)")


@dataclass(frozen=True, slots=True)
class Password:
    """What is known of one password: `state` is set, locked or empty; None when not known."""

    state: str | None = None
    changed_on: str | None = None
    expires_on: str | None = None


_UNKNOWN = Password()


def of_shadow(kept: Kept | None) -> dict[str, Password]:
    """Return account -> password, of /etc/shadow with each hash reduced to its kind."""
    found = {}
    for _, _, line in lines_of(kept) if kept else ():
        fields = line.split(":")
        if len(fields) > 7:  # noqa: PLR2004 - nine fields, see shadow(5)
            state = fields[1] if fields[1] in STATES else None
            found[fields[0]] = Password(state, day(fields[2]), day(fields[7]))
    return found


def shape(answers: Sequence[Kept], passwords: Mapping[str, Password]) -> Iterator[Row]:
    """Yield a row for each account."""
    kept = by_name(answers)
    passwd = kept.get(PASSWD)
    if passwd is None:
        return
    members, primary = groups(kept.get(GROUP))
    logins, since = _logins(kept.get(" ".join(LAST)))
    for _, at, line in lines_of(passwd):
        fields = line.split(":")
        if len(fields) < 7 or not _is_id(fields[2]):  # noqa: PLR2004 - seven fields, see passwd(5)
            continue
        name, uid, shell = fields[0], int(fields[2]), fields[6]
        member = sorted(members.get(name, set()) | primary.get(fields[3], set()))
        password = passwords.get(name, _UNKNOWN)
        yield row(
            "accounts",
            passwd,
            at,
            observed_at=observed_at(answers),
            account=name,
            uid=uid,
            shell=shell,
            has_login_shell=shell.rpartition("/")[2] not in _NO_LOGIN,
            is_privileged=uid == 0 or bool(PRIVILEGED & set(member)),
            is_system=0 < uid < FIRST_PERSON,
            groups=",".join(member),
            password=password.state,
            password_changed_on=password.changed_on,
            expires_on=password.expires_on,
            last_login_at=logins.get(name[:32]),
            last_login_known=since is not None,
            login_records_from=since,
        )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11  # noqa: PLR2004 - of 32 bits


def groups(kept: Kept | None) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return member -> groups, and group id -> the group's own name."""
    members: dict[str, set[str]] = {}
    primary: dict[str, set[str]] = {}
    for _, _, line in lines_of(kept) if kept else ():
        fields = line.split(":")
        if len(fields) >= 4:  # noqa: PLR2004 - four fields, see group(5)
            primary.setdefault(fields[2], set()).add(fields[0])
            for name in fields[3].split(","):
                members.setdefault(name.strip(), set()).add(fields[0])
    return members, primary


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


def day(days: str) -> str | None:
    """Return the day that is so many days after 1970 began; None when there is none."""
    if not _is_id(days) or not 0 < int(days) < _NEVER:
        return None
    return str(_EPOCH + timedelta(days=int(days)))
