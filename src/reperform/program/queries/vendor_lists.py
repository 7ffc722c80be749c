"""Lists of vendors that come in and go out, and what stands out of the register and the scope."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.base.grid import Grid
from reperform.program.importing.columns import plain_cell
from reperform.program.models import SocReport, Vendor
from reperform.program.queries import possible_owners
from reperform.program.queries.vendors import report_fields, vendor_fields
from reperform.program.scope.document import ScopeDocument
from reperform.program.vendors import VendorFields
from reperform.program.vendors.importing import Known, VendorImport, plan_import
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.reports import ReportFields
from reperform.program.vendors.scope_match import Difference, Registered, differences


def vendor_import_plan(organization: Organization, grid: Grid) -> VendorImport:
    """Return what a list of vendors would do."""
    cells = (plain_cell(cell) for row in grid.rows for cell in row.cells)
    names = {" ".join(cell.split()).casefold() for cell in cells}
    keys = Vendor.objects.filter(organization=organization).values_list("pk", "name")
    wanted = [pk for pk, name in keys if name.casefold() in names]
    owners = possible_owners(organization).values_list("user__email", "pk")
    known = Known(
        vendors={
            row.name.casefold(): (row.number, vendor_fields(row))
            for row in Vendor.objects.filter(organization=organization).in_bulk(wanted).values()
        },
        members={email.casefold(): pk for email, pk in owners},
        classes=vendor_policy().names,
    )
    return plan_import(grid, known)


def listed_vendors(
    organization: Organization,
) -> Iterator[tuple[VendorFields, str, tuple[str | int | date | None, ...]]]:
    """Yield every vendor by number: what is said of it, its owner's address, and what follows.

    What follows is number, last review, its outcome, next review and last day, as in `LEFT_OUT`.
    """
    rows = Vendor.objects.filter(organization=organization).order_by("number")
    for row in rows.select_related("owner__user"):
        facts = (row.number, row.reviewed_on, row.outcome, row.due_on, row.ended_on)
        yield vendor_fields(row), row.owner.user.email if row.owner else "", facts


def compared_with_scope(
    organization: Organization, scope: ScopeDocument
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Return where register and scope differ, and the names on which they agree; two queries."""
    asked = Q(is_subservice=True)
    for each in scope.subservices:
        asked |= Q(name__iexact=each.name.strip())
    columns = ("pk", "number", "name", "is_subservice", "method", "ended_on")
    rows = Vendor.objects.filter(asked, organization=organization).order_by("number")
    chosen = list(rows.values_list(*columns))
    reports: dict[int, list[tuple[int, ReportFields]]] = {}
    for report in SocReport.objects.filter(vendor__in=[row[0] for row in chosen], kind="SOC 2"):
        reports.setdefault(report.vendor_id, []).append((report.number, report_fields(report)))
    return differences(
        scope,
        [
            Registered(
                number=number,
                name=name,
                is_subservice=is_subservice,
                method=method,
                has_ended=ended_on is not None,
                reports=tuple(reports.get(pk, ())),
            )
            for pk, number, name, is_subservice, method, ended_on in chosen
        ],
    )
