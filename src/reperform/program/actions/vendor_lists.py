"""Importing a list of vendors: all of it as its dry run showed, or nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.ledger.actions import record
from reperform.program.actions.assessments import ImportChangedError, ImportProblemsError
from reperform.program.actions.rows import difference, lock
from reperform.program.actions.uploads import forget_upload
from reperform.program.actions.vendor_rows import write_vendor
from reperform.program.actions.vendors import add_vendor, described
from reperform.program.models import Vendor
from reperform.program.queries.vendor_lists import vendor_import_plan
from reperform.program.queries.vendors import vendor_fields
from reperform.program.vendors.importing import ImportPlan

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
) -> ImportPlan:
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
    if plan.every_problem:
        raise ImportProblemsError(plan.every_problem)
    if plan.fingerprint != expected:
        raise ImportChangedError(
            f"{file_name} was not imported: it would do something else than its dry run showed",
            why="Vendors or members changed in the meantime, and nobody saw the outcome.",
            todo="look at the dry run again, and import then",
        )
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
    organization: Organization, plan: ImportPlan, *, by: str, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [row.name for row in plan.rows if row.does and not row.is_new]
    rows = Vendor.objects.filter(organization=organization)
    numbers = {name.casefold(): number for name, number in rows.values_list("name", "number")}
    there = {
        row.number: row
        for row in rows.filter(number__in=[numbers[name.casefold()] for name in names])
    }
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for row in plan.rows:
        if not row.does or row.fields is None:
            continue
        if row.is_new:
            made = add_vendor(organization, row.fields, by=by, at=at)
            after[str(made.number)] = described(row.fields)
            continue
        kept = there[numbers[row.name.casefold()]]
        was, is_ = difference(described(vendor_fields(kept)), described(row.fields))
        write_vendor(kept, row.fields, by=by, at=at)
        before[str(kept.number)], after[str(kept.number)] = was, is_
    return before, after
