"""Every source there is: how the answers of each stream become tables."""

from collections.abc import Mapping

from reperform.base.table import TableSpec
from reperform.connectors import git, host, tls
from reperform.connectors.answer import Source

SOURCES: Mapping[str, Source] = {
    source.stream: source for source in (git.SOURCE, *host.SOURCES, tls.SOURCE)
}

TABLES: Mapping[str, TableSpec] = {
    spec.name: spec for source in SOURCES.values() for spec in source.tables
}
