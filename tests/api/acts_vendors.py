"""The acts on vendors, their reviews, conditions and SOC reports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.base.grid import read_grid
from reperform.catalog.installed import catalog
from reperform.program.actions import vendor_reports, vendor_reviews, vendors
from reperform.program.actions.scope import change_scope
from reperform.program.actions.vendor_lists import import_vendors
from reperform.program.actions.vendor_rows import Brought
from reperform.program.models import Vendor
from reperform.program.queries.vendor_lists import vendor_import_plan
from reperform.program.scope.document import ScopeDocument, Subservice
from reperform.program.vendors import DataEnd, EndFields, VendorFields
from reperform.program.vendors.reports import Cuec, Opinion, ReportFields, ReportKind
from reperform.program.vendors.reviews import (
    Condition,
    ConditionState,
    Outcome,
    ReviewFields,
    ReviewKind,
    SettleFields,
)

Act = Callable[[], object]
CLOUD = VendorFields("Tamarack Cloud", "Computing", criticality="critical")
DAY = date(2026, 7, 1)
PDF = Brought("report.pdf", b"%PDF-1.7 invented")
REVIEW = ReviewFields(
    ReviewKind.PERIODIC,
    DAY,
    None,
    ("own checks",),
    None,
    Outcome.CONDITIONS,
    "One thing is open",
    (Condition("Turn on SSO", date(2026, 10, 1)),),
)
REPORT = ReportFields(ReportKind.SOC_2, 2, date(2025, 7, 1), date(2026, 6, 30))
FILE = b"Name,Service\nTamarack Cloud,Computing and storage\nBirchpay,Card payments\n"
"""One vendor that is there, with another service, and one that is new."""


def entered(place: Place) -> Vendor:
    return vendors.make_vendor(organization=place.organization, fields=CLOUD, by="test", at=EARLIER)


def version(place: Place) -> int:
    return Vendor.objects.get(organization=place.organization, number=1).version


def make(place: Place) -> Act:
    fields = replace(CLOUD, owner=place.member().pk)
    return lambda: vendors.make_vendor(organization=place.organization, fields=fields, by=BY, at=AT)


def change(place: Place) -> Act:
    entered(place)
    return lambda: vendors.change_vendor(
        organization=place.organization,
        number=1,
        fields=replace(CLOUD, criticality="high", data=("Invoices",)),
        seen=version(place),
        by=BY,
        at=AT,
    )


def end(place: Place) -> Act:
    seen = entered(place).version
    return lambda: vendors.end_vendor(
        organization=place.organization,
        number=1,
        fields=EndFields(DAY, "Replaced", DataEnd.DELETED, DAY, DAY),
        seen=seen,
        proofs=[PDF],
        by=BY,
        at=AT,
    )


def review(place: Place) -> Act:
    seen, reviewer = entered(place).version, place.member()
    return lambda: vendor_reviews.review_vendor(
        organization=place.organization,
        number=1,
        fields=REVIEW,
        seen=seen,
        reviewer=reviewer,
        proofs=[PDF],
        by=BY,
        at=AT,
    )


def settle(place: Place) -> Act:
    entered(place)
    vendor_reviews.review_vendor(
        organization=place.organization,
        number=1,
        fields=REVIEW,
        seen=1,
        reviewer=place.member(),
        by="test",
        at=EARLIER,
    )
    return lambda: vendor_reviews.settle_condition(
        organization=place.organization,
        number=1,
        condition=1,
        fields=SettleFields(ConditionState.MET, DAY, "Turned on"),
        seen=1,
        by=BY,
        at=AT,
    )


def take(place: Place) -> Act:
    entered(place)
    return lambda: vendor_reports.take_report(
        organization=place.organization, number=1, fields=REPORT, file=PDF, by=BY, at=AT
    )


def taken(place: Place) -> None:
    entered(place)
    vendor_reports.take_report(
        organization=place.organization, number=1, fields=REPORT, file=PDF, by="test", at=EARLIER
    )


def read(place: Place) -> Act:
    taken(place)
    fields = replace(
        REPORT, opinion=Opinion.UNQUALIFIED, cuecs=(Cuec("Keys", not_applicable="We hold none"),)
    )
    return lambda: vendor_reports.change_report(
        organization=place.organization,
        number=1,
        report=1,
        fields=fields,
        seen=1,
        by=BY,
        at=AT,
    )


def into_scope(place: Place) -> Act:
    taken(place)
    supplier = Subservice("Tamarack Cloud", "Computing", "carve-out", (), None)
    change_scope(
        organization=place.organization,
        scope=ScopeDocument(system="Invoicing", subservices=(supplier,)),
        seen=0,
        library=catalog().digest,
        by="test",
        at=EARLIER,
    )
    return lambda: vendor_reports.write_report_into_scope(
        organization=place.organization,
        number=1,
        report=1,
        seen=1,
        library=catalog().digest,
        by=BY,
        at=AT,
    )


def imported(place: Place) -> Act:
    entered(place)
    member = place.member()
    plan = vendor_import_plan(place.organization, read_grid(FILE, name="vendors.csv"))
    return lambda: import_vendors(
        organization=place.organization,
        member=member,
        file_name="vendors.csv",
        content=FILE,
        expected=plan.fingerprint,
        by=BY,
        at=AT,
    )


PROGRAM = "program.actions."
CASES = {
    f"{PROGRAM}vendors.make_vendor": Case(
        make,
        ("vendor.made",),
        after={"name": "Tamarack Cloud", "owner": "employee@larkspur.example"},
    ),
    f"{PROGRAM}vendors.change_vendor": Case(
        change,
        ("vendor.changed",),
        {"criticality": "critical", "data": []},
        {"criticality": "high", "data": ["Invoices"]},
    ),
    f"{PROGRAM}vendors.end_vendor": Case(
        end, ("vendor.ended",), {"ended_on": None}, {"ended_on": "2026-07-01"}
    ),
    f"{PROGRAM}vendor_reviews.review_vendor": Case(
        review,
        ("vendor.reviewed",),
        after={
            "review": 1,
            "outcome": "acceptable with conditions",
            "reviewer": "employee@larkspur.example",
        },
    ),
    f"{PROGRAM}vendor_reviews.settle_condition": Case(
        settle,
        ("vendor.condition_settled",),
        {"condition": 1, "state": "open"},
        {"state": "met", "reason": "Turned on"},
    ),
    f"{PROGRAM}vendor_reports.take_report": Case(
        take,
        ("vendor.report_taken",),
        after={"report": 1, "kind": "SOC 2", "last": "2026-06-30"},
        again="a second report",
    ),
    f"{PROGRAM}vendor_reports.change_report": Case(
        read, ("vendor.report_read",), {"opinion": ""}, {"opinion": "unqualified"}
    ),
    f"{PROGRAM}vendor_reports.write_report_into_scope": Case(
        into_scope, ("scope.decided",), after={"version": 2}
    ),
    f"{PROGRAM}vendor_lists.import_vendors": Case(
        imported, ("vendors.imported",), after={"file": "vendors.csv"}
    ),
}
NO_ACTS = {
    f"{PROGRAM}vendor_rows.found_member": "a look",
    f"{PROGRAM}vendor_rows.found_vendor": "a look",
    f"{PROGRAM}vendor_rows.keep": "a part of an action, which records the digests",
    f"{PROGRAM}vendor_rows.refuse_unknown_controls": "refuses, or does nothing",
    f"{PROGRAM}vendor_rows.refused": "a value",
    f"{PROGRAM}vendor_rows.save": "a part of an action; it records",
    f"{PROGRAM}vendor_rows.write_vendor": "a part of an action, which records what it writes",
    f"{PROGRAM}vendors.add_vendor": "a part of an action, which records what it adds",
    f"{PROGRAM}vendors.described": "a value",
}
