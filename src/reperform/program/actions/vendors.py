"""Entering, changing and ending a vendor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.actions.vendor_rows import (
    Brought,
    found_vendor,
    keep,
    refused,
    save,
    write_vendor,
)
from reperform.program.models import Vendor
from reperform.program.queries.vendors import end_fields, vendor_fields
from reperform.program.vendors import EndFields, VendorFields, end_content, vendor_content


@transaction.atomic
def make_vendor(
    *,
    organization: Organization,
    fields: VendorFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> Vendor:
    """Enter a vendor.

    Args:
        organization: whose vendor it is.
        fields: what is said of it.
        by: who enters it.
        at: when.
        number: that it must get; None for the next one.

    Raises:
        VendorRefusedError: its owner is no member, or the name or the number is taken.
    """
    lock(organization)
    row = add_vendor(organization, fields, number=number, by=by, at=at)
    record(
        log=organization.log,
        act="vendor.made",
        by=by,
        at=at,
        subject=f"vendor {row.number}",
        after=described(fields),
    )
    return row


def add_vendor(
    organization: Organization,
    fields: VendorFields,
    *,
    number: int | None = None,
    by: str,
    at: datetime,
) -> Vendor:
    """Write a new vendor; the caller holds the organization's lock and records it.

    Raises:
        VendorRefusedError: as `make_vendor`.
    """
    rows = Vendor.objects.filter(organization=organization)
    if number is not None and rows.filter(number=number).exists():
        raise refused("number", f"{number} is taken", "leave it out")
    row = Vendor(
        organization=organization,
        number=number or next_number(Vendor, organization),
        version=0,
    )
    write_vendor(row, fields, by=by, at=at)
    return row


@transaction.atomic
def change_vendor(
    *,
    organization: Organization,
    number: int,
    fields: VendorFields,
    seen: int,
    by: str,
    at: datetime,
) -> Vendor:
    """Change what the register says of a vendor.

    Args:
        organization: whose vendor it is.
        number: of the vendor, which exists.
        fields: everything anew.
        seen: the version that is changed.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        VendorRefusedError: its owner is no member, or the name is taken.
    """
    lock(organization)
    row = found_vendor(organization, number)
    refuse_stale(row, f"vendor {number}", seen=seen)
    old = vendor_fields(row)
    if old == fields:
        return row
    before, after = difference(described(old), described(fields))
    write_vendor(row, fields, by=by, at=at)
    record(
        log=organization.log,
        act="vendor.changed",
        by=by,
        at=at,
        subject=f"vendor {number}",
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def end_vendor(
    *,
    organization: Organization,
    number: int,
    fields: EndFields,
    seen: int,
    proofs: Sequence[Brought] = (),
    by: str,
    at: datetime,
) -> Vendor:
    """Say that a vendor ended, and later what became of data and access; proofs add up.

    Args:
        organization: whose vendor it is.
        number: of the vendor, which exists.
        fields: how it ended.
        seen: the version that is changed.
        proofs: confirmations, kept byte for byte.
        by: who says so.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        UploadRefusedError: a file is none that serves as proof.
        VendorRefusedError: it ended before it started.
    """
    lock(organization)
    row = found_vendor(organization, number)
    refuse_stale(row, f"vendor {number}", seen=seen)
    if row.started_on and fields.ended_on < row.started_on:
        raise refused("ended_on", f"is before its start, {row.started_on}", "correct one of them")
    old = end_fields(row)
    if old == fields and not proofs:
        return row
    files = keep(organization, proofs, by=by, at=at)
    for name in fields.__dataclass_fields__:
        setattr(row, name, getattr(fields, name))
    save(row, by=by, at=at)
    row.end_proofs.add(*files)
    before, after = difference(end_content(old) if old else {}, end_content(fields))
    record(
        log=organization.log,
        act="vendor.ended",
        by=by,
        at=at,
        subject=f"vendor {number}",
        before=before,
        after=after | ({"proofs": [describe_file(each) for each in files]} if files else {}),
    )
    return row


def described(fields: VendorFields) -> dict[str, Any]:
    """Return what the ledger says of a vendor: the owner by e-mail address."""
    said = vendor_content(fields)
    if fields.owner is None:
        return said
    owner = Membership.objects.select_related("user").get(pk=fields.owner)
    return said | {"owner": owner.user.email}
