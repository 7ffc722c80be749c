"""Importing a list of vendors: all of it as its dry run showed, or nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.ledger.actions import record
from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.rows import difference, lock
from reperform.program.actions.uploads import forget_upload
from reperform.program.actions.vendor_rows import write_vendor
from reperform.program.actions.vendors import add_vendor, described
from reperform.program.models import Vendor
from reperform.program.queries.vendor_lists import vendor_import_plan
from reperform.program.queries.vendors import vendor_fields
from reperform.program.vendors.importing import VendorImport

PURPOSE = "vendors"
"""Of a file that waits for its import."""


@transaction.atomic
def import_vendors(
    *,
    organization: Organization,
    member: Membership,
    file_name: str,
    content: bytes,
    expected: str,
    by: str,
    at: datetime,
) -> VendorImport:
    """Enter and change vendors as a file says.

    Args:
        organization: whose vendors they are.
        member: who imports; a file that was kept for them is forgotten.
        file_name: as the user knows it.
        content: the file, byte for byte.
        expected: fingerprint of what the dry run showed.
        by: who imports.
        at: when.

    Raises:
        FileRefusedError: it is no table.
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
    """
    lock(organization)
    plan = vendor_import_plan(organization, read_grid(content, name=file_name))
    refuse_unseen(plan, expected=expected, file=file_name, what="Vendors or members")
    before, after = _carry_out(organization, plan, by=by, at=at)
    forget_upload(member=member, purpose=PURPOSE)
    if after:
        record(
            log=organization.log,
            act="vendors.imported",
            by=by,
            at=at,
            subject=f"{len(after)} vendors",
            before=before,
            after={"file": file_name, "sha256": sha256_hex(content), **after},
        )
    return plan


def _carry_out(
    organization: Organization, plan: VendorImport, *, by: str, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = [row.number for row in plan.acting if row.number is not None]
    rows = Vendor.objects.filter(organization=organization, number__in=changed)
    there = {row.number: row for row in rows}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for row in plan.acting:
        if row.number is None:
            made = add_vendor(organization, row.fields, by=by, at=at)
            after[str(made.number)] = described(row.fields)
            continue
        kept = there[row.number]
        was, is_ = difference(described(vendor_fields(kept)), described(row.fields))
        write_vendor(kept, row.fields, by=by, at=at)
        before[str(kept.number)], after[str(kept.number)] = was, is_
    return before, after
