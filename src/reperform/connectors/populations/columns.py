"""Columns that many populations have, with one meaning."""

from reperform.base.table import Column, Type

SYSTEM = Column(
    "system",
    Type.TEXT,
    "where the row is from: `aws 123456789012`, `github example/app`, `ldap dc=example,dc=org`",
)
OBSERVED = Column("observed_at", Type.TIMESTAMP, "when the source was asked")
OCCURRED = Column(
    "occurred_at",
    Type.TIMESTAMP,
    "when it happened, by the source's clock: decides whether it is in the period; NULL when the "
    "source gives no time that can be read",
    "time",
)
EVENT = Column(
    "event_uid",
    Type.TEXT,
    "the source's own id of the event: equal ids are one event",
    "metadata.uid",
)
