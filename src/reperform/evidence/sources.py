"""Every source there is: how the answers of each stream become tables."""

from collections.abc import Mapping

from reperform.base.table import TableSpec
from reperform.connectors import populations
from reperform.connectors.answer import Source
from reperform.connectors.registry import installed


def sources() -> Mapping[str, Source]:
    """Return every source that is installed, by stream."""
    return {
        stream.name: stream.source
        for connector in installed().connectors.values()
        for stream in connector.streams
    }


SOURCES: Mapping[str, Source] = sources()

TABLES: Mapping[str, TableSpec] = {
    **populations.TABLES,
    **{spec.name: spec for source in SOURCES.values() for spec in source.tables},
}
"""Every table that a test of a control may read, filled by a source or not yet by any."""


def streams_by_table() -> dict[str, list[str]]:
    """Return the streams that fill each table, as far as they are installed."""
    found: dict[str, list[str]] = {}
    for stream, source in sources().items():
        for spec in source.tables:
            found.setdefault(spec.name, []).append(stream)
    return found
