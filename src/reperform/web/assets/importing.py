"""Importing a list of assets: a file, its dry run, and then the import."""

from reperform.program.actions.asset_import import PURPOSE, import_assets
from reperform.program.actions.assets import Brought
from reperform.program.assets.importing import COLUMNS, AssetImport
from reperform.program.queries.asset_import import asset_import
from reperform.web.importing import ImportPages, Kept
from reperform.web.page import Visitor


def _plan(visitor: Visitor, kept: Kept) -> AssetImport:
    return asset_import(visitor.organization, kept.grid())


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    done = import_assets(
        organization=visitor.organization,
        member=visitor.membership,
        file=Brought(kept.file_name, kept.content),
        expected=kept.expected,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{done.made} assets entered, {done.changed} changed."


urlpatterns = ImportPages(
    name="assets_import",
    back="assets",
    label="Assets",
    permission="assets.edit",
    purpose=PURPOSE,
    ask="web/assets/import.html",
    check="web/assets/import_check.html",
    plan=_plan,
    carry_out=_carry_out,
    context=lambda _: {"columns": COLUMNS.values()},
).urlpatterns()
