"""Devices, by the tables of osquery that the settings say a scheduled query reads."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reperform.connectors.kept import said
from reperform.connectors.osquery.results import State, Values, moment_of

_LINE = re.compile(r"(\S{1,300})\s*=\s*([a-z_]{1,40})", re.ASCII)
_YES, _NO = ("1", "true"), ("0", "false")
_ANTIVIRUS = "antivirus"


def _truth(value: object) -> bool | None:
    """Return a yes or no of osquery, which may write it as a number, a word or a text."""
    word = str(value).lower() if isinstance(value, str | int) else ""
    return True if word in _YES else (False if word in _NO else None)


def _every(rows: Sequence[Values], column: str) -> bool | None:
    """Return whether a column is a yes in every row; None when that is not said."""
    found = [_truth(row.get(column)) for row in rows]
    if not found or None in found:
        return False if False in found else None
    return all(found)


def _one(rows: Sequence[Values], column: str) -> str | None:
    """Return the one value that a column has; None when there are more."""
    found = {said(str(row.get(column) or "")) for row in rows}
    return found.pop() if len(found) == 1 else None


def _protected(rows: Sequence[Values]) -> bool | None:
    """Return whether a product against malware is on and current (Windows Security Center)."""
    products = [row for row in rows if str(row.get("type")).lower() == _ANTIVIRUS]
    found = [
        str(row.get("state")).lower() == "on" and _truth(row.get("signatures_up_to_date"))
        for row in products
    ]
    if True in found:
        return True
    return None if None in found else False


Column = Callable[[Sequence[Values]], Any]
READS: Mapping[str, Mapping[str, Column]] = {
    "system_info": {
        "device_uid": lambda rows: _one(rows, "hardware_serial") or _one(rows, "uuid"),
        "hostname": lambda rows: _one(rows, "hostname"),
    },
    "os_version": {
        "os": lambda rows: _one(rows, "name"),
        "os_version": lambda rows: _one(rows, "version"),
    },
    "disk_encryption": {"is_encrypted": lambda rows: _every(rows, "encrypted")},
    "bitlocker_info": {"is_encrypted": lambda rows: _every(rows, "protection_status")},
    "screenlock": {"locks_screen": lambda rows: _every(rows, "enabled")},
    "mdm": {"is_managed": lambda rows: _every(rows, "enrolled")},
    "windows_security_products": {"has_antimalware": _protected},
}
"""Table of osquery -> column of endpoints -> how its rows say it."""


def reads_of(lines: Sequence[str]) -> dict[str, str]:
    """Return name of a scheduled query -> osquery's table that it reads.

    Raises:
        ValueError: a line is none, names a query twice or a table that nothing is known of.

    >>> reads_of(["pack_base_disks = disk_encryption"])
    {'pack_base_disks': 'disk_encryption'}
    """
    found: dict[str, str] = {}
    for line in lines:
        one = _LINE.fullmatch(line)
        if not one:
            raise ValueError(f"{line[:60]!r} is not `query = table`")
        if one[2] not in READS:
            raise ValueError(f"{one[2]} is none of the tables {', '.join(sorted(READS))}")
        if one[1] in found:
            raise ValueError(f"{one[1]} is there twice")
        found[one[1]] = one[2]
    return found


def reads_flaw(lines: Sequence[str]) -> str:
    """Return what is wrong with the lines; empty when nothing is."""
    try:
        reads_of(lines)
    except ValueError as error:
        return str(error)
    return ""


def device(host: str, states: Mapping[str, State], reads: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of one device that its queries say.

    Args:
        host: as osquery names it.
        states: of the host's queries, by name.
        reads: query -> table.  A query whose beginning is missing says nothing.
    """
    found: dict[str, Any] = {}
    for query, state in states.items():
        if state.is_whole and query in reads:
            told = {name: read(state.rows) for name, read in READS[reads[query]].items()}
            # Two queries that say different things say nothing.
            found |= {
                name: value if found.get(name, value) == value else None
                for name, value in told.items()
            }
    newest = max(state.newest.at for state in states.values())
    return {
        "device_uid": found.pop("device_uid", None) or host,
        "hostname": found.pop("hostname", None) or host,
        "last_seen_at": moment_of(newest),
        **found,
    }
