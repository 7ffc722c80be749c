"""ssh/sign-ins: who came in over SSH and who was refused, as the host's journal has it."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.days import DAY, covers_days, is_asked, remembered
from reperform.connectors.kept import by_name, json_of, lines_of, plain, said
from reperform.connectors.openssh.line import opened
from reperform.connectors.openssh.place import Host
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.settings import Access
from reperform.connectors.ssh import commands
from reperform.connectors.ssh.ask import Asked, observed

STREAM = "ssh/sign-ins"
SIGN_INS = POPULATIONS["population.sign_ins"]
TABLES = (SIGN_INS,)
LATE = timedelta(minutes=10)
"""How long after a moment its entry may still be written."""
BLIND = (
    "sign-ins that are no SSH; entries that root removed or that the journal dropped under load; "
    "the host's own clock; whether a second factor was given, unless sshd has LogLevel VERBOSE"
)
_JOURNAL = "journal of sshd"
_SYSTEM = re.compile(r"File path: .*/system(?:@[^/]*)?\.journal~?")
_FILE = re.compile(r"File path: .*")
_HEAD = re.compile(r"Head realtime timestamp: .*\(([0-9a-f]{1,16})\)")
_DENIED = "the journal of the system is not open to the user: put it into the group systemd-journal"
# The name that somebody typed is in the middle, and may hold anything: what follows it is found
# from the end.
_FROM = r"(?P<name>.*) from (?P<ip>\S+) port \d+"
_ACCEPTED = re.compile(rf"Accepted (?P<method>\S+) for {_FROM}(?: ssh2(?:: .*)?)?", re.DOTALL)
_FAILED = re.compile(rf"Failed (?P<method>\S+) for (?:invalid user )?{_FROM}.*", re.DOTALL)
_PARTIAL = re.compile(rf"Partial (?P<method>\S+) for {_FROM}.*", re.DOTALL)
_GONE = re.compile(
    r"(?:Connection (?:closed|reset) by|Disconnected from) (?:authenticating|invalid) user "
    r"(?P<name>.*) (?P<ip>\S+) port \d+ \[preauth\]",
    re.DOTALL,
)


def ask(access: Access, host: Host, *, first: date, last: date) -> Iterator[Answer]:
    """Yield how far the journal reaches back, and the SSH server's words of some days.

    Raises:
        CallFailedError: the host is on a network that is not open to connections.
        SshError: it was not reached, is not the one that is known, or hung up.
    """
    with opened(access, host) as line:
        yield observed(access, host, first=str(first), last=str(last))
        asked = Asked(line, access.text("rights"))
        yield bounds(asked)
        yield asked.answer(commands.sign_ins(first, last))


def bounds(asked: Asked) -> Answer:
    """Return how far the journal reaches back, refused when that of the system is not open.

    Whoever may not read it is given their own entries alone, which would pass for all.
    """
    answer = asked.answer(commands.BOUNDS)
    body = b"".join(answer.body)
    if not answer.refused and not _SYSTEM.search(plain(body)):
        return Answer(answer.name, answer.asked, refused=_DENIED)
    return Answer(answer.name, answer.asked, [body], answer.refused)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each time that somebody was let in, or was not.

    Raises:
        ValueError: a line of the journal is no JSON.
    """
    kept = by_name(answers)
    facts = json_of(kept["observed"]) if "observed" in kept else None
    if not isinstance(facts, dict) or _JOURNAL not in kept:
        return
    partial: set[str] = set()
    failed: set[str] = set()
    for at, entry in _entries(kept[_JOURNAL]):
        process, message = str(entry.get("_PID")), _text(entry.get("MESSAGE"))
        if _PARTIAL.fullmatch(message):
            partial.add(process)
            continue
        values = _values(message)
        if values is None or (process in failed and values["method"] is None):
            continue
        occurred = _moment(entry.get("__REALTIME_TIMESTAMP"))
        if not is_asked(facts, occurred):
            continue
        (failed.discard if values["is_success"] else failed.add)(process)
        if values["is_success"] and process in partial:
            values["is_mfa"] = True
        partial.discard(process)
        told = {
            "system": facts["system"],
            "event_uid": said(entry.get("__CURSOR")),
            "occurred_at": occurred,
        }
        yield Row(SIGN_INS.name, {**told, **values}, kept[_JOURNAL].blob, at)


def _entries(kept: Kept) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield byte offset and fields of each entry that root's own SSH server wrote.

    Anybody on a host may write under the name of another program; the journal says who did.
    """
    at = 0
    with kept.open() as file:
        for raw in file:
            entry = json.loads(raw) if raw.strip() else None
            if isinstance(entry, dict) and entry.get("_UID") == "0":
                yield at, entry
            at += len(raw)


def _text(value: object) -> str:
    """Return a field's text; the journal writes one that is no UTF-8 as numbers of bytes."""
    if isinstance(value, list) and all(isinstance(each, int) and 0 <= each < 256 for each in value):  # noqa: PLR2004 - bytes
        return plain(bytes(value))
    return value if isinstance(value, str) else ""


def _values(message: str) -> dict[str, Any] | None:
    if found := _ACCEPTED.fullmatch(message):
        told: dict[str, Any] = {"is_success": True, "method": found["method"]}
    elif found := _FAILED.fullmatch(message):
        told = {"is_success": False, "method": found["method"], "reason": "it was not accepted"}
    elif found := _GONE.fullmatch(message):
        told = {"is_success": False, "method": None, "reason": "it left before it was let in"}
    else:
        return None
    name = said(found["name"])
    return {**told, "account": name, "is_root": name == "root", "source_ip": said(found["ip"])}


def _moment(value: object) -> str | None:
    """Return microseconds since 1970 as a timestamp."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,17}", value):
        return None
    at = datetime.fromtimestamp(int(value) // 1_000_000, UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S")


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, as far as the journal reaches back."""
    found = covers_days(answers, {SIGN_INS.name: ("",)})
    kept = by_name(answers).get(commands.BOUNDS.name)
    begins = _begins(kept) if kept else None
    if begins is None:
        return found
    return {name: remembered(cover, begins) for name, cover in found.items()}


def _begins(kept: Kept) -> date | None:
    """Return the first whole day of the system's journal."""
    heads = []
    is_system = False
    for _, _, line in lines_of(kept):
        if _FILE.fullmatch(line.strip()):
            is_system = bool(_SYSTEM.fullmatch(line.strip()))
        elif is_system and (head := _HEAD.fullmatch(line.strip())):
            heads.append(int(head[1], 16))
    at = _moment(str(min(heads))) if heads else None
    if at is None:
        return None
    return date.fromisoformat(at[:10]) + (timedelta() if at.endswith("00:00:00") else DAY)
