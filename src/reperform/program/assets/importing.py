"""A list of assets from a spreadsheet: its columns, the same as in what the inventory exports."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.program.assets import PREFIX, AssetFields, asset_content, read_asset
from reperform.program.importing import RegisterImport
from reperform.program.importing.columns import Columns
from reperform.program.importing.reference import ReferenceRows

AssetImport = RegisterImport[AssetFields]
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "Reference",
        "name": "Name",
        "kind": "Kind",
        "purpose": "Purpose",
        "owner": "Owner",
        "environment": "Environment",
        "classification": "Classification",
        "criticality": "Criticality",
        "vendor": "Vendor",
        "in_boundary": "In the boundary",
        "internet_facing": "Internet-facing",
        "has_accounts": "Has accounts",
        "review_months": "Months between reviews",
        "since": "Since",
    }
)
"""Field -> title of its column."""
_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "asset": "name",
        "asset name": "name",
        "system": "name",
        "hostname": "name",
        "type": "kind",
        "category": "kind",
        "description": "purpose",
        "asset owner": "owner",
        "owner email": "owner",
        "data classification": "classification",
        "in scope": "in_boundary",
        "supplier": "vendor",
        "provider": "vendor",
        "env": "environment",
        "id": "number",
        "asset id": "number",
    }
)
"""Titles that other inventories use, in small letters."""
_DECISIONS = ("in_boundary", "internet_facing", "has_accounts")
_COLUMNS = Columns(
    titles=COLUMNS,
    needed="name",
    many="assets",
    others=_OTHERS,
    choices=("kind", "environment", "classification", "criticality", *_DECISIONS),
    decisions=_DECISIONS,
    addresses=("owner",),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        members: number by e-mail address, of active members.
        assets: what each asset in use says, by number.
        retired: numbers of those that are retired.
    """

    members: Mapping[str, int]
    assets: Mapping[int, AssetFields]
    retired: frozenset[int] = frozenset()


class _Assets(ReferenceRows[AssetFields]):
    def read(
        self,
        said: Mapping[str, Any],
        before: AssetFields | None,  # noqa: ARG002 - one reads every asset alike
    ) -> tuple[AssetFields, list[Problem]]:
        return read_asset(said)

    def content(self, fields: AssetFields) -> Mapping[str, Any]:
        return asset_content(fields)


def plan_import(grid: Grid, known: Known) -> AssetImport:
    """Return what each row of a file would do, and every problem by file, row and field."""
    gone = dict.fromkeys(known.retired, "retired")
    return _Assets(_COLUMNS, known.members, PREFIX, known.assets, gone).plan(grid)
