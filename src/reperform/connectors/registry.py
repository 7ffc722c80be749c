"""Every connector that is installed: the built-in ones, and plug-ins by their entry points."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from reperform.connectors import (
    aws,
    borg,
    entra,
    firewall,
    git,
    github,
    gitlab,
    google,
    host,
    jira,
    kubernetes,
    ldap,
    linear,
    lists,
    nginx,
    okta,
    osquery,
    postgresql,
    prometheus,
    reports,
    restic,
    scim,
    ssh,
    suricata,
    tls,
)
from reperform.connectors.contract import Connector
from reperform.connectors.populations import TABLES as POPULATIONS

GROUP = "reperform.connectors"
BUILT_IN: tuple[Connector, ...] = (
    git.CONNECTOR,
    host.CONNECTOR,
    tls.CONNECTOR,
    aws.CONNECTOR,
    aws.CLOUDTRAIL,
    postgresql.CONNECTOR,
    github.CONNECTOR,
    ldap.CONNECTOR,
    restic.CONNECTOR,
    borg.CONNECTOR,
    prometheus.CONNECTOR,
    okta.CONNECTOR,
    entra.CONNECTOR,
    gitlab.CONNECTOR,
    google.CONNECTOR,
    reports.SCANS,
    reports.BILLS,
    jira.CONNECTOR,
    linear.CONNECTOR,
    scim.CONNECTOR,
    suricata.CONNECTOR,
    kubernetes.CONNECTOR,
    kubernetes.CLUSTER,
    lists.CONNECTOR,
    ssh.CONNECTOR,
    osquery.CONNECTOR,
    firewall.CONNECTOR,
    nginx.CONNECTOR,
)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_TAKEN = frozenset({"title", "since", "seen", "connector", "csrfmiddlewaretoken"})
"""What the form of a connection asks besides its settings."""
_SETTING = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Installed:
    """What was found.

    Attributes:
        connectors: by name.
        left_out: name of a plug-in's entry point -> why it is not used.
    """

    connectors: Mapping[str, Connector]
    left_out: Mapping[str, str] = field(default_factory=dict)


@cache
def installed() -> Installed:
    """Return every connector of this installation; it is looked for once."""
    return find(entry_points(group=GROUP))


def find(plugins: Iterable[EntryPoint]) -> Installed:
    """Return the built-in connectors and those of `plugins` that keep the contract.

    A plug-in that cannot be loaded, or that would shadow another's streams or tables, is left out
    with the reason: nobody's evidence is shaped by whichever was found last.
    """
    found = {connector.name: connector for connector in BUILT_IN}
    left_out: dict[str, str] = {}
    for plugin in sorted(plugins, key=lambda each: each.name):
        try:
            connector = plugin.load()
        except (ImportError, AttributeError) as error:
            left_out[plugin.name] = f"{plugin.value} cannot be loaded: {error}"
            continue
        if not isinstance(connector, Connector):
            left_out[plugin.name] = f"{plugin.value} is not a Connector"
            continue
        wrong = flaws(connector, others=found.values())
        if wrong:
            left_out[plugin.name] = "; ".join(wrong)
        else:
            found[connector.name] = connector
    return Installed(found, left_out)


def flaws(connector: Connector, *, others: Iterable[Connector] = ()) -> list[str]:
    """Return how a declaration breaks the contract; empty when it keeps it."""
    known = {each.name for each in connector.permissions}
    settings = [each.name for each in connector.settings]
    streams = [each.name for each in connector.streams]
    filled = [table for each in connector.streams for table in each.source.tables]
    tables = [table.name for table in filled if POPULATIONS.get(table.name) != table]
    taken = {each.name for each in others}
    wrong = [
        (not _NAME.fullmatch(connector.name), f"{connector.name!r} is not a name"),
        (connector.name in taken, f"there is a connector {connector.name} already"),
        (not streams, "it has no stream"),
        (
            not (connector.title and connector.asks and connector.blind),
            "it does not say what it is",
        ),
    ]
    wrong += [
        (not stream.startswith(f"{connector.name}/"), f"stream {stream} is not below its name")
        for stream in streams
    ]
    wrong += [
        (not table.startswith(f"{connector.name}."), f"table {table} is not below its name")
        for table in tables
    ]
    wrong += [
        (names.count(name) > 1, f"{name} is declared twice")
        for names in (settings, streams, tables)
        for name in dict.fromkeys(names)
    ]
    wrong += [
        (not _SETTING.fullmatch(name) or name in _TAKEN, f"setting {name!r} is not a name")
        for name in settings
    ]
    wrong += [
        (
            each.is_secret and bool(each.default or each.kind not in ("line", "text")),
            f"secret {each.name} has a default, or is no text",
        )
        for each in connector.settings
    ]
    wrong += [
        (need not in known, f"stream {each.name} needs {need}, which is not declared")
        for each in connector.streams
        for need in each.needs
    ]
    wrong += [
        (not each.source.blind, f"stream {each.name} does not say what it is blind to")
        for each in connector.streams
    ]
    return [what for is_wrong, what in wrong if is_wrong]
