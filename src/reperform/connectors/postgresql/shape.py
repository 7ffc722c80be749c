"""Shaping what a PostgreSQL server said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import by_name, csv_of, is_whole_csv, json_of, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.postgresql.ask import NULL, QUERIES
from reperform.connectors.postgresql.tables import ACCESS_RULES, REPLICAS, SERVER, SETTINGS

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
ENCRYPTION = POPULATIONS["population.encryption"]
TABLES = (ACCOUNTS, GROUPS, ENCRYPTION, SERVER, SETTINGS, ACCESS_RULES, REPLICAS)

_POWERFUL = (
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_write_all_data",
)
"""Roles of the server by which a member can become, or do, what a superuser can."""
_ATTRIBUTES = {
    "rolsuper": "superuser",
    "rolcreaterole": "createrole",
    "rolbypassrls": "bypassrls",
    "rolreplication": "replication",
}
_TLS = ("hostssl",)
_NOT_NETWORK = ("local",)
Line = tuple[int, dict[str, str | None]]


class Said:
    """What was said, read once.

    Attributes:
        kept: the answers by name.
        facts: what `observed` says.
        told: the columns `system` and `observed_at`.
        settings: name -> value in force; empty when refused.
    """

    def __init__(self, answers: Sequence[Kept]) -> None:
        self.kept = by_name(answers)
        found = json_of(self.kept["observed"]) if "observed" in self.kept else None
        self.facts: Mapping[str, Any] = found if isinstance(found, dict) else {}
        self.told = {"system": self.facts.get("system"), "observed_at": self.facts.get("at")}
        self.settings = {str(line["name"]): line["setting"] for _, line in self.lines("settings")}

    def lines(self, name: str) -> Iterator[Line]:
        """Yield the lines of an answer."""
        if name in self.kept:
            yield from csv_of(self.kept[name], null=NULL)

    def row(self, table: str, answer: str, at: int, /, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Return a row that an answer holds."""
        return Row(table, {**self.told, **values}, self.kept[answer].blob, at)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield accounts and memberships, settings, rules of access, replicas, and the server."""
    found = Said(answers)
    powers = _powers(found)
    yield from _accounts(found, powers)
    for at, line in found.lines("members"):
        yield found.row(
            GROUPS.name,
            "members",
            at,
            group_name=said(line["role"]),
            is_privileged=bool(powers.get(str(line["role"]))),
            member=said(line["member"]),
            member_kind="account",
        )
    for at, line in found.lines("settings"):
        yield found.row(
            SETTINGS.name,
            "settings",
            at,
            name=said(line["name"]),
            value=said(line["setting"], most=2_000),
            unit=said(line["unit"]),
            source=said(line["source"]),
            needs_restart=_truth(line["pending_restart"]),
        )
    yield from _rules(found)
    for at, line in found.lines("replicas"):
        lag = line["lag"]
        yield found.row(
            REPLICAS.name,
            "replicas",
            at,
            replica=said(line["application_name"]),
            address=said(line["client_addr"]),
            state=said(line["state"]),
            is_synchronous=line["sync_state"] in ("sync", "quorum"),
            lag_seconds=int(lag) if lag and lag.isdigit() else None,
        )
    if "observed" in found.kept:
        yield from _server(found)


def _truth(text: str | None) -> bool | None:
    return {"t": True, "f": False}.get(str(text))


def _powers(found: Said) -> dict[str, set[str]]:
    """Return what makes each role powerful: its own attributes, and those of what it is in."""
    powers = {
        str(line["rolname"]): {
            name for attribute, name in _ATTRIBUTES.items() if _truth(line[attribute])
        }
        | ({str(line["rolname"])} & set(_POWERFUL))
        for _, line in found.lines("roles")
    }
    memberships = [(str(line["role"]), str(line["member"])) for _, line in found.lines("members")]
    is_changed = True
    while is_changed:
        is_changed = False
        for role, member in memberships:
            more = {
                power if "(" in power else f"{power} ({role})" for power in powers.get(role, ())
            }
            if more - powers.setdefault(member, set()):
                powers[member] |= more
                is_changed = True
    return powers


def _accounts(found: Said, powers: Mapping[str, set[str]]) -> Iterator[Row]:
    """Yield the roles that can log in; the others are groups."""
    kinds = {str(line["rolname"]): line["kind"] for _, line in found.lines("passwords")}
    knows_members = "members" in found.kept
    for at, line in found.lines("roles"):
        if not _truth(line["rolcanlogin"]):
            continue
        name, until = str(line["rolname"]), said(line["valid_until"])
        own = sorted(powers.get(name, ()))
        is_expired = bool(until and until <= str(found.told["observed_at"]))
        yield found.row(
            ACCOUNTS.name,
            "roles",
            at,
            account=said(name),
            account_uid=said(line["oid"]),
            is_enabled=not is_expired,
            can_sign_in=None if name not in kinds else kinds[name] != "none",
            is_privileged=True if own else False if knows_members else None,
            privileges=said(",".join(own), most=2_000),
            last_used_known=False,
            expires_at=until,
        )


def _rules(found: Said) -> Iterator[Row]:
    for at, line in found.lines("access-rules"):
        number = line["line_number"]
        yield found.row(
            ACCESS_RULES.name,
            "access-rules",
            at,
            line=int(number) if number and number.isdigit() else None,
            kind=said(line["type"]),
            databases=said(line["databases"]),
            users=said(line["users"]),
            address=said(_address(line)),
            method=said(line["auth_method"]),
            is_network=_is_network(line),
            demands_tls=line["type"] in _TLS,
            error=said(line["error"]),
        )


def _address(line: Mapping[str, str | None]) -> str:
    mask = f"/{line['netmask']}" if line["netmask"] else ""
    return f"{line['address'] or ''}{mask}"


def _is_network(line: Mapping[str, str | None]) -> bool:
    """Return whether a rule lets in others than this machine."""
    if line["type"] in _NOT_NETWORK or line["auth_method"] == "reject":
        return False
    try:
        return not ip_address(str(line["address"])).is_loopback
    except ValueError:
        return line["address"] != "localhost"


def _demands_tls(found: Said) -> bool | None:
    """Return whether nobody comes over the network without TLS; None when rules are not known."""
    offers = found.settings.get("ssl")
    if offers == "off":
        return False
    if offers is None or "access-rules" not in found.kept:
        return None
    lines = [line for _, line in found.lines("access-rules")]
    return not any(_is_network(line) and line["type"] not in _TLS for line in lines)


def _on(found: Said, name: str) -> bool | None:
    return {"on": True, "always": True, "all": True, "off": False}.get(
        str(found.settings.get(name))
    )


def _server(found: Said) -> Iterator[Row]:
    archiver = next((line for _, line in found.lines("archiver")), {})
    libraries = found.settings.get("shared_preload_libraries")
    demands = _demands_tls(found)
    yield found.row(
        SERVER.name,
        "observed",
        0,
        version=said(found.facts.get("version")),
        is_replica=found.facts.get("is_replica"),
        started_at=said(found.facts.get("started_at")),
        offers_tls=_on(found, "ssl"),
        demands_tls=demands,
        password_kind=said(found.settings.get("password_encryption")),
        has_pgaudit=None if libraries is None else "pgaudit" in libraries,
        pgaudit_log=said(found.settings.get("pgaudit.log")),
        logs_connections=_on(found, "log_connections"),
        archives=_on(found, "archive_mode"),
        archived_at=said(archiver.get("archived")),
        archive_failed_at=said(archiver.get("failed")),
    )
    yield found.row(
        ENCRYPTION.name,
        "observed",
        0,
        resource=found.told["system"],
        kind="connections",
        is_in_transit=True,
        is_encrypted=demands,
        algorithm="TLS" if demands else None,
    )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless what a table needs was refused."""
    needed = {
        ACCOUNTS.name: ("roles",),
        GROUPS.name: ("members",),
        ENCRYPTION.name: ("settings", "access-rules"),
        SERVER.name: ("observed",),
        SETTINGS.name: ("settings",),
        ACCESS_RULES.name: ("access-rules",),
        REPLICAS.name: ("replicas",),
    }
    found = state_covers(answers, started_at, needed)
    kept = by_name(answers)
    cut = [name for name in QUERIES if name in kept and not is_whole_csv(kept[name])]
    for table, names in needed.items():
        why = "; ".join(f"the answer {name} is cut off" for name in names if name in cut)
        found[table] = Cover(None, None, why) if why else found[table]
    return found
