"""Shapes of what the operations on assets and data flows take and answer."""

from datetime import date
from typing import Any

from ninja import Schema

from reperform.api.answers import ProblemOut
from reperform.program.assets import asset_content, reference
from reperform.program.assets.flows import flow_content
from reperform.program.assets.importing import AssetImport
from reperform.program.models import Asset, DataFlow
from reperform.program.queries.assets import asset_fields, flow_fields


class AssetOut(Schema):
    """One asset; `owner` is a member's number; null and an empty choice are not decided."""

    number: int
    reference: str
    version: int
    name: str
    kind: str
    purpose: str
    owner: int | None
    environment: str
    classification: str
    criticality: str
    vendor: str
    in_boundary: bool | None
    internet_facing: bool | None
    has_accounts: bool | None
    review_months: int | None
    since: date | None
    retired_on: date | None
    retired_because: str
    disposal: str
    disposal_note: str
    disposal_proof: int | None

    @staticmethod
    def of(row: Asset) -> "AssetOut":
        """Return an asset as an answer."""
        return AssetOut(
            number=row.number,
            reference=reference(row.number),
            version=row.version,
            retired_on=row.retired_on,
            retired_because=row.retired_because,
            disposal=row.disposal,
            disposal_note=row.disposal_note,
            disposal_proof=row.disposal_proof.number if row.disposal_proof else None,
            **asset_content(asset_fields(row)),
        )


class AssetIn(Schema):
    """The whole asset anew; `content` has its fields without number, version and retirement."""

    content: dict[str, Any]


class AssetChangeIn(AssetIn):
    """As `AssetIn`; `seen` is the version that it changes."""

    seen: int


class FlowOut(Schema):
    """One data flow; `source` and `target` are numbers of assets, or null with a party's name."""

    number: int
    version: int
    data: str
    source: int | None
    source_party: str
    target: int | None
    target_party: str
    classification: str
    protocol: str
    encrypted: bool | None
    note: str
    ended_on: date | None
    ended_because: str

    @staticmethod
    def of(row: DataFlow) -> "FlowOut":
        """Return a data flow as an answer."""
        return FlowOut(
            number=row.number,
            version=row.version,
            ended_on=row.ended_on,
            ended_because=row.ended_because,
            **flow_content(flow_fields(row)),
        )


class FlowIn(Schema):
    """The whole data flow anew; `content` has its fields without number, version and end."""

    content: dict[str, Any]


class FlowChangeIn(FlowIn):
    """As `FlowIn`; `seen` is the version that it changes."""

    seen: int


class FlowEndIn(Schema):
    """Since when data does not flow so any more (today when empty), and why."""

    seen: int
    reason: str
    on: str = ""


class AssetRowOut(Schema):
    """One row of a file, and what it would do; `asset` is null where it enters a new one."""

    row: int
    asset: int | None
    name: str
    does: str


class AssetImportOut(Schema):
    """What a file would do, or did; send `fingerprint` as `expected` to import it."""

    fingerprint: str
    ignored: list[str]
    warnings: list[str]
    rows: list[AssetRowOut]
    problems: list[ProblemOut]
    made: int
    changed: int

    @staticmethod
    def of(plan: AssetImport) -> "AssetImportOut":
        """Return what a file would do as an answer."""
        return AssetImportOut(
            fingerprint=plan.fingerprint,
            ignored=list(plan.ignored),
            warnings=list(plan.grid.warnings),
            rows=[
                AssetRowOut(row=each.row, asset=each.number, name=each.fields.name, does=each.does)
                for each in plan.rows
            ],
            problems=[ProblemOut.of(each) for each in plan.every_problem],
            made=plan.made,
            changed=plan.changed,
        )
