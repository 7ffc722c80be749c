"""What a spreadsheet of assets would do now."""

from reperform.accounts.models import Membership, Organization
from reperform.base.grid import Grid
from reperform.program.assets.importing import AssetImport, Known, plan_import
from reperform.program.queries.assets import asset_fields, assets


def asset_import(organization: Organization, grid: Grid) -> AssetImport:
    """Return what a file would do; nothing is written."""
    members = Membership.objects.filter(organization=organization, is_active=True)
    rows = list(assets(organization))
    return plan_import(
        grid,
        Known(
            members={
                email.lower(): number for email, number in members.values_list("user__email", "pk")
            },
            assets={row.number: asset_fields(row) for row in rows if row.retired_on is None},
            retired=frozenset(row.number for row in rows if row.retired_on),
        ),
    )
