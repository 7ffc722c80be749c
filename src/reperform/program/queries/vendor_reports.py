"""A vendor's SOC report, held against our own scope and controls."""

from reperform.accounts.models import Organization
from reperform.program.models import AdoptedControl, SocReport, Vendor
from reperform.program.queries import current_scope
from reperform.program.queries.vendors import report_fields, reports_of
from reperform.program.scope.document import ScopeDocument
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.report_checks import Check, Ours, check_report, in_scope


def controls_in_force(organization: Organization) -> dict[str, str]:
    """Return code and title of the controls in force, by code."""
    rows = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    return dict(rows.order_by("code").values_list("code", "title"))


def report_checks(
    vendor: Vendor, row: SocReport, *, scope: ScopeDocument | None = None
) -> tuple[Check, ...]:
    """Return what stands between a report and our relying on it.

    Args:
        vendor: whose report it is.
        row: the report.
        scope: as it stands; None when this is to ask for it.
    """
    document = scope or current_scope(vendor.organization).document
    ours = Ours(
        period=document.period,
        subservice=in_scope(document, vendor.name),
        adopted=controls_in_force(vendor.organization),
        bridge_days=vendor_policy().bridge_days,
    )
    others = [report_fields(each) for each in reports_of(vendor) if each.pk != row.pk]
    return check_report(report_fields(row), ours, others=others, has_file=row.file is not None)
