"""Shaping what a host said: its own tables, and the populations that any source may fill."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row
from reperform.connectors.content import NotReadError
from reperform.connectors.kept import (
    by_name,
    json_of,
    lines_of,
    observed_at,
    row,
    said,
    state_covers,
    text_of,
)
from reperform.connectors.linux import access, accounts, packages, system, ufw
from reperform.connectors.linux.accounts import Password
from reperform.connectors.linux.filters import opened_beside_ufw, rows_of, rules_of
from reperform.connectors.linux.rule import FIREWALL_RULES
from reperform.connectors.linux.tables import named, placed
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.populations.columns import SYSTEM
from reperform.connectors.ssh import commands
from reperform.connectors.ssh.people import ACCOUNTS, GROUPS, people

OWN = named("ssh", SYSTEM)
ENCRYPTION = POPULATIONS["population.encryption"]
_NAMES = (
    "system",
    "accounts",
    "sudo_rules",
    "sshd_settings",
    "listeners",
    "firewall",
    "packages",
    "pending_updates",
    "package_state",
    "disks",
    "time_sync",
    "services",
)
TABLES = (ACCOUNTS, GROUPS, ENCRYPTION, FIREWALL_RULES, *(OWN[name] for name in _NAMES))
_STATES = {"P": "set", "L": "locked", "LK": "locked", "NP": "empty", "PS": "set"}
_SUDOERS = re.compile(r"(/[^:]*):(\d{1,9}):(.*)", re.DOTALL)
_HEAD = re.compile(r"(/[^:]*):(Date|Origin|Label|Suite|Codename): *(.*)")
_FETCHED = re.compile(r"(\d{1,11})(?:\.\d*)?\t(.+)")
_DISKS, _ACCOUNTS = ("lsblk", system.MOUNTS), (accounts.PASSWD, accounts.GROUP)
_NEEDED = {
    "ssh.system": ("uname",),
    "ssh.accounts": _ACCOUNTS,
    "ssh.sudo_rules": (commands.SUDOERS.name,),
    "ssh.sshd_settings": ("sshd ",),
    "ssh.listeners": ("ss ",),
    "ssh.firewall": ("firewall", "nft ", "iptables", "ip6tables"),
    "ssh.packages": ("dpkg",),
    "ssh.pending_updates": ("dpkg", "apt-get", "lists "),
    "ssh.package_state": ("dpkg",),
    "ssh.disks": _DISKS,
    "ssh.time_sync": ("clients", "timedatectl", "chronyc", "ntpq"),
    "ssh.services": ("processes",),
    ENCRYPTION.name: _DISKS,
    ACCOUNTS.name: _ACCOUNTS,
    GROUPS.name: (accounts.GROUP,),
    FIREWALL_RULES.name: ("firewall", "nft ", "ufw "),
}


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield every row of one host."""
    kept = by_name(answers)
    facts = json_of(kept["observed"]) if "observed" in kept else None
    if not isinstance(facts, dict):
        return
    told = {"system": facts["system"]}
    found = list(accounts.shape(answers, _passwords(kept)))
    rules = list(_sudo_rules(kept, observed_at(answers)))
    yield from placed("ssh", _system(answers, kept), **told)
    yield from placed("ssh", found, **told)
    yield from placed("ssh", rules, **told)
    is_known = any(each.name == commands.SUDOERS.name and not each.refused for each in answers)
    yield from people(kept, found, rules if is_known else None, told)
    for part in (access.shape_sshd, access.shape_listeners, access.shape_firewall):
        yield from placed("ssh", part(answers), **told)
    yield from _rules(answers, kept, facts["system"])
    yield from placed("ssh", packages.shape(answers, _archives(kept)), **told)
    disks = list(system.shape_disks(answers))
    yield from placed("ssh", disks, **told)
    yield from (_encryption(disk, told) for disk in disks)
    yield from placed("ssh", system.shape_time(answers), **told)
    yield from placed("ssh", _services(answers, kept), **told)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless what a table needs was refused."""
    found = state_covers(answers, started_at, _NEEDED)
    if why := _unread(by_name(answers)):
        found[FIREWALL_RULES.name] = Cover(None, None, why)
    elif why := _beside_ufw(by_name(answers)):
        cover = found[FIREWALL_RULES.name]
        found[FIREWALL_RULES.name] = replace(cover, missing=cover.missing or why, is_whole=False)
    return found


def _passwords(kept: Mapping[str, Kept]) -> dict[str, Password]:
    """Return account -> password: its state by passwd(1), its days by shadow(5), never its hash."""
    states, ages = (
        [line for _, _, line in lines_of(kept[each.name])] if each.name in kept else []
        for each in (commands.STATES, commands.AGES)
    )
    found = {
        fields[0]: Password(_STATES.get(fields[1]))
        for line in states
        if len(fields := line.split()) > 1
    }
    for line in ages:
        fields = line.split(":")
        if len(fields) == 7:  # noqa: PLR2004 - the first field, and the third to the eighth
            state = found[fields[0]].state if fields[0] in found else None
            changed, expires = accounts.day(fields[1]), accounts.day(fields[6])
            found[fields[0]] = Password(state, changed, expires)
    return found


def _sudo_rules(kept: Mapping[str, Kept], seen: str | None) -> Iterator[Row]:
    """Yield the rules of each file; grep(1) says file and number before each line."""
    answer = kept.get(commands.SUDOERS.name)
    files: dict[str, list[tuple[int, int, str]]] = {}
    for _, at, line in lines_of(answer) if answer else ():
        if one := _SUDOERS.fullmatch(line):
            files.setdefault(one[1], []).append((int(one[2]), at, one[3]))
    for path, lines in files.items():
        if answer:
            yield from access.sudo_rules(answer, path, lines, seen)


def _system(answers: Sequence[Kept], kept: Mapping[str, Kept]) -> Iterator[Row]:
    if "uname" not in kept:
        return
    host, _, kernel = text_of(kept["uname"]).strip().partition(" ")
    marks = text_of(kept["marks"]).splitlines() if "marks" in kept else []
    is_container = True if set(marks) & set(system.MARKS) else None
    who = text_of(kept["id"]).strip() if "id" in kept else ""
    yield row(
        "system",
        kept["uname"],
        0,
        host=said(host),
        observed_at=observed_at(answers),
        kernel=said(kernel),
        asked_as_root=who == "0" if who else None,
        is_container=False if is_container is None and system.SYSTEMD in marks else is_container,
        **system.release(kept.get(system.RELEASE)),
    )


def _rules(answers: Sequence[Kept], kept: Mapping[str, Kept], name: str) -> Iterator[Row]:
    """Yield the rules of the packet filter, as far as they can be followed."""
    found, is_nft = _filter(kept)
    if found is not None and not _unread(kept):
        seen = observed_at(answers)
        yield from rows_of(found, is_nft=is_nft, system=name, observed_at=seen)


def _filter(kept: Mapping[str, Kept]) -> tuple[Kept | None, bool]:
    """Return the list of rules, and whether it is nft's: where ufw is on, its own is shorter."""
    printed = kept.get(commands.UFW.name)
    if printed is not None and ufw.ACTIVE in text_of(printed):
        return printed, False
    return kept.get(commands.NFT.name), True


def _unread(kept: Mapping[str, Kept]) -> str:
    """Return why the list of rules is of no form that is known; empty when it can be read."""
    found, is_nft = _filter(kept)
    try:
        if found is not None:
            rules_of(found, is_nft=is_nft)
    except NotReadError as error:
        return f"{found.name if found else ''}: {error}"
    return ""


def _beside_ufw(kept: Mapping[str, Kept]) -> str:
    """Return why what ufw says is not all that comes in; empty when it is, or does not count."""
    found, is_nft = _filter(kept)
    if found is None or is_nft:
        return ""
    ruleset = kept.get(commands.NFT.name)
    if ruleset is None:
        return "ufw is on, and whether others let something in beside it is not known without nft"
    if chain := opened_beside_ufw(json_of(ruleset)):
        return f"ufw is on, and the chain {chain} lets something in of which ufw says nothing"
    return ""


def _archives(kept: Mapping[str, Kept]) -> list[dict[str, Any]] | None:
    """Return the archive lists of apt; None when they were not read."""
    if commands.FETCHED.name not in kept or commands.HEADS.name not in kept:
        return None
    found: dict[str, dict[str, Any]] = {}
    for _, _, line in lines_of(kept[commands.FETCHED.name]):
        if (one := _FETCHED.fullmatch(line)) and one[2].endswith(("_InRelease", "_Release")):
            found[one[2]] = {"name": one[2], "fetched": int(one[1])}
    for _, _, line in lines_of(kept[commands.HEADS.name]):
        if one := _HEAD.fullmatch(line):
            archive = found.get(one[1].rpartition("/")[2])
            if archive is not None:
                archive.setdefault(one[2].lower(), one[3].strip())
    return list(found.values())


def _encryption(disk: Row, told: Mapping[str, Any]) -> Row:
    values = disk.values
    found = {
        **told,
        "observed_at": values["observed_at"],
        "resource": f"{values['mount']} on {values['device']}",
        "kind": "volume",
        "is_in_transit": False,
        "is_encrypted": values["is_encrypted"],
        "algorithm": "dm-crypt" if values["is_encrypted"] else None,
    }
    return Row(ENCRYPTION.name, found, disk.blob, disk.at)


def _services(answers: Sequence[Kept], kept: Mapping[str, Kept]) -> Iterator[Row]:
    if "processes" not in kept:
        return
    running = {line.strip() for line in text_of(kept["processes"]).splitlines()}
    places = None
    if commands.PLACES.name in kept:
        there = text_of(kept[commands.PLACES.name]).splitlines()
        places = {place: place in there for place in system.PLACES}
    yield from system.shape_services(answers, kept["processes"], running, places)
