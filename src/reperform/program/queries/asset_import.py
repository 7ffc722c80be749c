"""What a spreadsheet of assets would do now."""

from reperform.accounts.models import Organization
from reperform.base.grid import Grid
from reperform.program.assets.importing import AssetImport, Known, plan_import
from reperform.program.queries.assets import asset_fields, assets
from reperform.program.queries.importing import members_by_address


def asset_import(organization: Organization, grid: Grid) -> AssetImport:
    """Return what a file would do; nothing is written."""
    rows = list(assets(organization))
    return plan_import(
        grid,
        Known(
            members=members_by_address(organization),
            assets={row.number: asset_fields(row) for row in rows if row.retired_on is None},
            retired=frozenset(row.number for row in rows if row.retired_on),
        ),
    )
