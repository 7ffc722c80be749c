"""Shapes of what the operations on connections take and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from reperform.evidence.models import CollectionRecord, Connection, Run
from reperform.testing.coverage import TableDays


class PermissionOut(Schema):
    """A right that a connector needs at the source; without an optional one, less is collected."""

    name: str
    why: str
    is_required: bool


class SettingOut(Schema):
    """What a connector must be told; a secret is only ever written."""

    name: str
    title: str
    help: str
    kind: str
    is_required: bool
    is_secret: bool
    choices: dict[str, str]
    default: str


class StreamOut(Schema):
    """What a connector fills: `reading` is `snapshot` or `cursor`."""

    name: str
    reading: str
    tables: list[str]
    needs: list[str]
    blind: str


class ConnectorOut(Schema):
    """A connector that is installed, and all that it declares."""

    name: str
    title: str
    asks: str
    blind: str
    is_local: bool
    permissions: list[PermissionOut]
    settings: list[SettingOut]
    streams: list[StreamOut]


class PermissionFindingOut(Schema):
    """What the last check found of a permission: `granted`, `denied` or `not known`."""

    permission: str
    grant: str
    said: str


class ConnectionCheckOut(Schema):
    """The last check: what was reached, or why nothing was."""

    at: datetime
    reached: str
    failure: str
    findings: list[PermissionFindingOut]


class ConnectionOut(Schema):
    """A connection; `secrets_kept` names those that are kept sealed: none is ever answered."""

    number: int
    reference: str
    version: int
    connector: str
    title: str
    since: date | None
    settings: dict[str, Any]
    secrets_kept: list[str]
    checked: ConnectionCheckOut | None
    retired_on: date | None
    retired_reason: str

    @staticmethod
    def of(row: Connection) -> "ConnectionOut":
        """Return a connection as an answer."""
        checked = ConnectionCheckOut(at=row.checked_at, **row.checked) if row.checked_at else None
        return ConnectionOut(
            number=row.number,
            reference=f"CON-{row.number}",
            version=row.version,
            connector=row.connector,
            title=row.title,
            since=row.since,
            settings=row.settings,
            secrets_kept=sorted(row.sealed_secrets),
            checked=checked,
            retired_on=row.retired_on,
            retired_reason=row.retired_reason,
        )


class ConnectionIn(Schema):
    """A connection to make; `content` has title, since, and settings by name, secrets too."""

    connector: str = Field(max_length=40)
    content: dict[str, Any]


class ConnectionChangeIn(Schema):
    """A connection anew: a secret that is left out stays; `seen` is the version that it changes."""

    content: dict[str, Any]
    seen: int = Field(ge=0, le=1_000_000_000)


class ConnectionRetirementIn(Schema):
    """Why a source is asked no more; `seen` is the version that is retired."""

    reason: str = Field(max_length=2_000)
    seen: int = Field(ge=0, le=1_000_000_000)


class RunOut(Schema):
    """A run: `outcome` is complete, partial, refused or abandoned; empty while it goes on."""

    number: int
    asked_by: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    reason: str

    @staticmethod
    def of(row: Run) -> "RunOut":
        """Return a run as an answer."""
        return RunOut(
            number=row.number,
            asked_by=row.asked_by,
            started_at=row.started_at,
            ended_at=row.ended_at,
            outcome=row.outcome,
            reason=row.reason,
        )


class CollectedTableOut(Schema):
    """A table that a collection filled; `last_day` is null when it vouches for no day."""

    table: str
    rows: int
    sha256: str
    first_day: date | None
    last_day: date | None
    missing: str
    is_whole: bool


class CollectionOut(Schema):
    """One question of a run; `is_used` says whether its rows are evidence."""

    stream: str
    sequence: int
    target: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    reason: str
    answers: int
    bytes: int
    record_sha256: str
    cursor_before: str
    cursor: str
    is_used: bool
    tables: list[CollectedTableOut]

    @staticmethod
    def of(row: CollectionRecord) -> "CollectionOut":
        """Return a collection as an answer."""
        own = [name for name in CollectionOut.model_fields if name != "tables"]
        names = list(CollectedTableOut.model_fields)
        tables = [
            CollectedTableOut(**{name: getattr(each, name) for name in names})
            for each in row.tables.all()
        ]
        return CollectionOut(**{name: getattr(row, name) for name in own}, tables=tables)


class WholeRunOut(RunOut):
    """A run with every question that it asked."""

    collections: list[CollectionOut]


class MissingDaysOut(Schema):
    """Days for which a table lacks evidence, and why."""

    first: date
    last: date
    reason: str
    also_seen: bool


class TableDaysOut(Schema):
    """How many days of the period a table is evidenced, and which it is not."""

    table: str
    evidenced: int
    days: int
    gaps: list[MissingDaysOut]

    @staticmethod
    def of(found: TableDays) -> "TableDaysOut":
        """Return a table's days as an answer."""
        gaps = [
            MissingDaysOut(
                first=gap.first, last=gap.last, reason=gap.reason, also_seen=gap.also_seen
            )
            for gap in found.gaps
        ]
        return TableDaysOut(
            table=found.table, evidenced=found.evidenced, days=found.days, gaps=gaps
        )


class CoverageOut(Schema):
    """What a connection covers of the scope's period up to today, by table."""

    first: date
    last: date
    tables: list[TableDaysOut]
