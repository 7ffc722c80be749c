"""Importing a list of assets: all of it as its dry run showed, or nothing."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.ledger.actions import record
from reperform.program.actions.assets import Brought, add_asset, write_asset
from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.rows import lock
from reperform.program.actions.uploads import forget_upload
from reperform.program.assets.importing import AssetImport
from reperform.program.models import Asset
from reperform.program.queries.asset_import import asset_import

PURPOSE = "assets"
"""Of a file that waits for its import."""


@transaction.atomic
def import_assets(
    *,
    organization: Organization,
    member: Membership,
    file: Brought,
    expected: str,
    by: str,
    at: datetime,
) -> AssetImport:
    """Enter and change the assets of a spreadsheet.

    Args:
        organization: whose inventory it is.
        member: who imports; a file that was kept for them is forgotten.
        file: CSV or XLSX.
        expected: fingerprint of what the dry run showed.
        by: who imports.
        at: when.

    Raises:
        FileRefusedError: it is no table.
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
    """
    lock(organization)
    plan = asset_import(organization, read_grid(file.content, name=file.name))
    refuse_unseen(plan, expected=expected, file=file.name, what="Assets or members")
    done = {}
    for row in plan.acting:
        if row.number is None:
            asset = add_asset(organization, row.fields, by=by, at=at)
        else:
            asset = Asset.objects.get(organization=organization, number=row.number)
            write_asset(asset, row.fields, by=by, at=at)
        done[str(asset.number)] = row.does
    forget_upload(member=member, purpose=PURPOSE)
    if done:
        record(
            log=organization.log,
            act="assets.imported",
            by=by,
            at=at,
            subject="inventory",
            after={"file": file.name, "sha256": sha256_hex(file.content), "assets": done},
        )
    return plan
