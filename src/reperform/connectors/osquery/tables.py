"""osquery: the tables of what scheduled queries found."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.populations.columns import OBSERVED, OCCURRED, SYSTEM

ENDPOINTS = POPULATIONS["population.endpoints"]

RESULTS = TableSpec(
    "osquery.results",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("host", Type.TEXT, "hostIdentifier, as osquery is configured", "device.uid"),
        Column("query", Type.TEXT, "name of the scheduled query", "query_info.name"),
        Column("action", Type.TEXT, "added, removed, or snapshot: a row of the newest one"),
        Column("columns", Type.TEXT, "the row as JSON, at most 2,000 characters"),
    ),
)

QUERIES = TableSpec(
    "osquery.queries",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("host", Type.TEXT, "hostIdentifier, as osquery is configured", "device.uid"),
        Column("query", Type.TEXT, "name of the scheduled query", "query_info.name"),
        Column("reads", Type.TEXT, "osquery's table that the settings say it reads; NULL: none"),
        Column("epoch", Type.INTEGER, "of its newest results; NULL: it has none, as a snapshot"),
        Column("counter", Type.INTEGER, "of its newest results; NULL: it has none"),
        Column("first_at", Type.TIMESTAMP, "its first results in the files"),
        Column("last_at", Type.TIMESTAMP, "its newest results"),
        Column(
            "rows", Type.INTEGER, "how many rows it has now; NULL when its beginning is missing"
        ),
        Column("is_whole", Type.BOOLEAN, "its newest epoch is there from its first results on"),
    ),
)

TABLES = (ENDPOINTS, QUERIES, RESULTS)
