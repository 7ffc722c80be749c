"""Questions about the register of vendors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.program.description.registers import RegisteredVendor
from reperform.program.models import SocReport, Vendor, VendorCondition, VendorReview
from reperform.program.vendors import (
    Classification,
    DataEnd,
    Dpa,
    EndFields,
    Method,
    VendorFields,
)
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.reports import (
    Cuec,
    ExpectedControl,
    Opinion,
    ReportException,
    ReportFields,
    ReportKind,
)

_LARGEST = 10**9
OPEN_END = Q(ended_on__isnull=False) & (Q(data_end="") | Q(access_removed_on=None))
"""An ended vendor of which nobody confirmed what became of data and access."""


def registered_vendors(organization: Organization) -> tuple[RegisteredVendor, ...]:
    """Return the vendors that are relied on, by name, for comparing a description with them."""
    rows = Vendor.objects.filter(organization=organization, ended_on=None).order_by("name")
    return tuple(RegisteredVendor(*row) for row in rows.values_list("name", "is_subservice"))


def bridged(organization: Organization) -> dict[str, date]:
    """Return the last day of which a vendor's bridge letter speaks, by its name in lower case."""
    rows = SocReport.objects.filter(
        vendor__organization=organization, vendor__ended_on=None, bridge_last__isnull=False
    )
    ends = rows.values_list("vendor__name").annotate(last=Max("bridge_last"))
    return {name.casefold().strip(): last for name, last in ends}


def vendor_row(organization: Organization, number: int) -> Vendor | None:
    """Return one vendor; None when the organization has none of that number."""
    if not 0 < number < _LARGEST:
        return None
    rows = Vendor.objects.filter(organization=organization, number=number)
    return rows.select_related("owner__user").first()


def started_unassessed(today: date) -> Q:
    """Return the condition of a vendor that started before its first review, or without any."""
    never = Q(first_reviewed_on=None, started_on__lte=today)
    return never | Q(first_reviewed_on__gt=F("started_on"))


def _shown(today: date) -> Mapping[str, Q]:
    policy = vendor_policy()
    in_use = Q(ended_on=None)
    soon = today + timedelta(days=policy.soon_days)
    without = Q(report_last=None, criticality__in=policy.with_report)
    undecided = Q(criticality="") | Q(classification="") | Q(is_subservice=None)
    late = VendorCondition.objects.filter(state="open", due_on__lt=today)
    return {
        "": in_use,
        "overdue": in_use & Q(due_on__lt=today),
        "soon": in_use & Q(due_on__gte=today, due_on__lte=soon),
        "conditions": in_use & Q(pk__in=late.values("vendor")),
        "unassessed": started_unassessed(today),
        "no-report": in_use & without,
        "undecided": in_use & (undecided | Q(owner=None)),
        "notice": in_use & Q(notice_by__gte=today, notice_by__lte=soon),
        "subservice": in_use & Q(is_subservice=True),
        "open-end": OPEN_END,
        "ended": Q(ended_on__isnull=False),
        "all": Q(),
    }


SHOWN: Mapping[str, str] = {
    "": "in use",
    "overdue": "review overdue",
    "soon": "review due soon",
    "conditions": "late conditions",
    "unassessed": "started before its assessment",
    "no-report": "report expected, none here",
    "undecided": "not decided",
    "notice": "notice to give soon",
    "subservice": "subservice organizations",
    "open-end": "ended, data or access open",
    "ended": "ended",
    "all": "all",
}
"""What a list can show -> in words."""


def vendors_like(
    organization: Organization,
    *,
    show: str = "",
    criticality: str = "",
    words: str = "",
    today: date,
) -> QuerySet[Vendor]:
    """Return vendors by name.

    Args:
        organization: whose they are.
        show: one of `SHOWN`; anything else is as empty.
        criticality: of that class only; any when empty.
        words: each stands in the name or in what it does.
        today: what is late is asked of this day.
    """
    shown = _shown(today)
    found = Vendor.objects.filter(shown.get(show, shown[""]), organization=organization)
    if criticality:
        found = found.filter(criticality=criticality.replace("\0", ""))
    for word in words.replace("\0", "").split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(service__icontains=word))
    return found.select_related("owner__user").order_by("name", "number")


def vendor_counts(organization: Organization, *, today: date) -> dict[str, int]:
    """Return how many vendors each entry of `SHOWN` shows, in one query."""
    rows = Vendor.objects.filter(organization=organization)
    kinds = {show or "in use": condition for show, condition in _shown(today).items()}
    return rows.aggregate(
        **{
            name.replace(" ", "_").replace("-", "_"): Count("pk", filter=condition)
            for name, condition in kinds.items()
        }
    )


def reviews_of(vendor: Vendor) -> QuerySet[VendorReview]:
    """Return its reviews, the latest first."""
    rows = VendorReview.objects.filter(vendor=vendor).select_related("reviewer__user", "report")
    return rows.prefetch_related("proofs", "conditions").order_by("-reviewed_on", "-number")


def conditions_of(vendor: Vendor) -> QuerySet[VendorCondition]:
    """Return its conditions, open ones first, then by day."""
    rows = VendorCondition.objects.filter(vendor=vendor).select_related("review")
    return rows.annotate(is_settled=Q(settled_on__isnull=False)).order_by(
        "is_settled", "due_on", "number"
    )


def condition_row(vendor: Vendor, number: int) -> VendorCondition | None:
    """Return one condition of a vendor."""
    if not 0 < number < _LARGEST:
        return None
    return VendorCondition.objects.filter(vendor=vendor, number=number).first()


def reports_of(vendor: Vendor) -> list[SocReport]:
    """Return its SOC reports, that with the latest day first."""
    rows = SocReport.objects.filter(vendor=vendor).select_related("file", "bridge_file")
    return list(rows.order_by("-last", "-number"))


def report_row(vendor: Vendor, number: int) -> SocReport | None:
    """Return one SOC report of a vendor."""
    if not 0 < number < _LARGEST:
        return None
    rows = SocReport.objects.filter(vendor=vendor, number=number)
    return rows.select_related("file", "bridge_file").first()


def vendor_fields(row: Vendor) -> VendorFields:
    """Return a vendor as a value."""
    return VendorFields(
        name=row.name,
        service=row.service,
        owner=row.owner_id,
        website=row.website,
        criticality=row.criticality,
        classification=Classification(row.classification),
        data=tuple(row.data),
        countries=tuple(row.countries),
        has_access=row.has_access,
        access=row.access,
        is_subservice=row.is_subservice,
        method=Method(row.method),
        started_on=row.started_on,
        contract_on=row.contract_on,
        renews_on=row.renews_on,
        notice_by=row.notice_by,
        dpa=Dpa(row.dpa),
        dpa_on=row.dpa_on,
        has_confidentiality=row.has_confidentiality,
        has_security_terms=row.has_security_terms,
        subprocessors=tuple(row.subprocessors),
        note=row.note,
    )


def end_fields(row: Vendor) -> EndFields | None:
    """Return how a vendor ended; None while it is in use."""
    if row.ended_on is None:
        return None
    return EndFields(
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        data_end=DataEnd(row.data_end),
        data_end_on=row.data_end_on,
        access_removed_on=row.access_removed_on,
    )


def report_fields(row: SocReport) -> ReportFields:
    """Return a SOC report as a value."""
    return ReportFields(
        kind=ReportKind(row.kind),
        type=row.type,
        first=row.first,
        last=row.last,
        auditor=row.auditor,
        opinion=Opinion(row.opinion),
        issued_on=row.issued_on,
        categories=tuple(row.categories),
        conclusion=row.conclusion,
        subservices=tuple(row.subservices),
        exceptions=tuple(
            ReportException(**{**each, "compensating": tuple(each["compensating"])})
            for each in row.exceptions
        ),
        cuecs=tuple(Cuec(**{**each, "controls": tuple(each["controls"])}) for each in row.cuecs),
        expected=tuple(ExpectedControl(**each) for each in row.expected),
        bridge_last=row.bridge_last,
        bridge_on=row.bridge_on,
        notes_exceptions=row.notes_exceptions,
    )


@dataclass(frozen=True, slots=True)
class VendorStanding:
    """What stands out about one vendor.

    Attributes:
        is_overdue: its review is.
        started_before: days by which it started before its first review; None when it did not.
        is_unassessed: it started, and was never reviewed.
        lacks_report: an independent report is expected, and none is here.
        has_open_end: it ended, and nobody confirmed data and access.
    """

    is_overdue: bool
    started_before: int | None
    is_unassessed: bool
    lacks_report: bool
    has_open_end: bool


def standing_of(row: Vendor, *, today: date) -> VendorStanding:
    """Return what stands out about a vendor; asks no database."""
    started, reviewed = row.started_on, row.first_reviewed_on
    before = (reviewed - started).days if started and reviewed else 0
    in_use = row.ended_on is None
    return VendorStanding(
        is_overdue=in_use and row.due_on is not None and row.due_on < today,
        started_before=before if before > 0 else None,
        is_unassessed=bool(started and started <= today and reviewed is None),
        lacks_report=in_use
        and row.report_last is None
        and row.criticality in vendor_policy().with_report,
        has_open_end=not in_use and (not row.data_end or row.access_removed_on is None),
    )
