"""host/accounts: who can log in, with which rights, and when they last did."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import by_name, state_covers
from reperform.connectors.linux import accounts


def ask(machine: Machine) -> Iterator[Answer]:
    """Yield accounts, groups, the state of passwords (never the hashes), and login records."""
    yield machine.observed()
    yield machine.file(accounts.PASSWD)
    yield machine.file(accounts.GROUP)
    note = "each hash reduced to set, locked or empty before anything is kept"
    yield machine.file(accounts.SHADOW, reduce=reduce_shadow, note=note)
    yield machine.command(*accounts.LAST)


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
    passwords = accounts.of_shadow(by_name(answers).get(accounts.SHADOW))
    yield from accounts.shape(answers, passwords)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting; what /etc/shadow or login records lack shows as NULL."""
    return state_covers(answers, started_at, {"host.accounts": (accounts.PASSWD, accounts.GROUP)})
