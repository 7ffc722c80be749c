"""What the register of vendors says of the program, for the gap analysis."""

from collections.abc import Iterator, Sequence

from django.db.models import Count, F, Q

from reperform.base.period import Period
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import SocReport, Vendor, VendorCondition
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.queries.vendors import OPEN_END, report_fields, started_unassessed
from reperform.program.vendors import Classification
from reperform.program.vendors.coverage import find_gaps
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.reports import Opinion, ReportFields
from reperform.program.vendors.reviews import Outcome

_REGISTER = "Vendors"
_KEPT, _LACKING, _UNKNOWN = TraceState.KEPT, TraceState.LACKING, TraceState.NOT_CHECKED
_WITH_DATA = (Classification.CONFIDENTIAL.value, Classification.RESTRICTED.value)


def vendor_traces(asked: TracesAsked) -> list[Trace]:
    """Return what stands out of the register, with counts and days; five queries.

    What is about a control is said of each adopted control that the library's file names; what is
    about none of them, and an empty register, is said of the criterion.
    """
    counts = _counts(asked)
    policy = vendor_policy()
    if not counts["every"]:
        said = "The register of vendors is empty."
        return [Trace(_REGISTER, said, _UNKNOWN, "vendors", criteria=policy.criteria)]
    found = [
        *_about(asked, "reviews", [*_reviews(counts), *_last_review(asked), _conditions(asked)]),
        *_about(asked, "reports", [*_reports(counts), *_coverage(asked)]),
        *_about(asked, "contracts", list(_contracts(counts))),
        *_about(asked, "owners", list(_owners(counts))),
    ]
    undecided = counts["undecided"]
    if undecided:
        said = f"Of {_vendors(undecided)} in use nobody decided how critical they are."
        found.append(Trace(_REGISTER, said, _LACKING, "vendors", criteria=policy.criteria))
    return found


def _about(asked: TracesAsked, kind: str, said: list[tuple[str, TraceState, str]]) -> list[Trace]:
    """Return sentences about the adopted controls of a kind; about the criterion without any."""
    policy = vendor_policy()
    codes = [
        code
        for code, adopted in asked.controls.items()
        if adopted.library_id in policy.controls[kind]
    ]
    return [
        Trace(
            _REGISTER,
            sentence,
            state,
            "vendor" if key else "vendors",
            key=key,
            control=code,
            criteria=() if code else policy.criteria,
        )
        for sentence, state, key in said
        for code in codes or [""]
    ]


def _counts(asked: TracesAsked) -> dict[str, int]:
    in_use = Q(ended_on=None)
    with_data = in_use & Q(classification__in=_WITH_DATA)
    expected = in_use & Q(criticality__in=vendor_policy().with_report)
    return Vendor.objects.filter(organization=asked.organization).aggregate(
        every=Count("pk"),
        in_use=Count("pk", filter=in_use),
        overdue=Count("pk", filter=in_use & Q(due_on__lt=asked.day, reviewed_on__isnull=False)),
        never=Count("pk", filter=in_use & Q(started_on__lte=asked.day, first_reviewed_on=None)),
        early=Count(
            "pk", filter=started_unassessed(asked.day) & Q(first_reviewed_on__gt=F("started_on"))
        ),
        refused=Count("pk", filter=in_use & Q(outcome=Outcome.NOT_ACCEPTABLE)),
        undecided=Count("pk", filter=in_use & Q(criticality="")),
        without_report=Count("pk", filter=expected & Q(report_last=None)),
        expected=Count("pk", filter=expected),
        with_data=Count("pk", filter=with_data),
        without_terms=Count(
            "pk", filter=with_data & ~Q(has_confidentiality=True, has_security_terms=True)
        ),
        open_ends=Count("pk", filter=OPEN_END),
        without_owner=Count("pk", filter=in_use & Q(owner=None)),
    )


def _vendors(count: int) -> str:
    return f"{count} vendor{'' if count == 1 else 's'}"


def _reviews(counts: dict[str, int]) -> Iterator[tuple[str, TraceState, str]]:
    if counts["never"]:
        yield f"{_vendors(counts['never'])} started, and nobody assessed them.", _LACKING, ""
    if counts["early"]:
        yield f"{_vendors(counts['early'])} started before their assessment.", _LACKING, ""
    if counts["overdue"]:
        late = counts["overdue"]
        said = f"Of {counts['in_use']} vendors in use, {late} are overdue for a review."
        yield said, _LACKING, ""
    if counts["refused"]:
        said = f"The last review of {_vendors(counts['refused'])} in use found it not acceptable."
        yield said, _LACKING, ""
    if not counts["in_use"]:
        yield "No vendor of the register is in use, so no review was looked at.", _UNKNOWN, ""
    elif not counts["overdue"] and not counts["never"]:
        yield f"No review of {_vendors(counts['in_use'])} in use is overdue.", _KEPT, ""


def _last_review(asked: TracesAsked) -> Iterator[tuple[str, TraceState, str]]:
    rows = Vendor.objects.filter(organization=asked.organization, reviewed_on__lte=asked.day)
    last = rows.order_by("-reviewed_on", "-changed_at").values_list(
        "number", "name", "reviewed_on", "outcome"
    )[:1]
    for number, name, day, outcome in last:
        said = f"The last review was of {name} on {day}: {outcome}."
        yield said, _KEPT, str(number)


def _conditions(asked: TracesAsked) -> tuple[str, TraceState, str]:
    rows = VendorCondition.objects.filter(
        vendor__organization=asked.organization, vendor__ended_on=None, state="open"
    )
    counts = rows.aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=asked.day)))
    if counts["late"]:
        return f"{counts['late']} of {counts['open']} open conditions are late.", _LACKING, ""
    return f"{counts['open']} conditions of reviews are open, none is late.", _KEPT, ""


def _reports(counts: dict[str, int]) -> Iterator[tuple[str, TraceState, str]]:
    if counts["without_report"]:
        said = (
            f"An auditor's report is expected of {_vendors(counts['expected'])}; of"
            f" {counts['without_report']} there is none here."
        )
        yield said, _LACKING, ""
    elif counts["expected"]:
        yield f"A SOC report of {_vendors(counts['expected'])} is here.", _KEPT, ""


def _coverage(asked: TracesAsked) -> Iterator[tuple[str, TraceState, str]]:
    """Yield for each subservice organization of the scope what its reports leave open."""
    names = {each.name.casefold().strip() for each in asked.scope.subservices}
    period = asked.scope.period
    if not names or period is None:
        return
    every = Vendor.objects.filter(organization=asked.organization, is_subservice=True)
    vendors = {
        pk: (number, name)
        for pk, number, name in every.order_by("number").values_list("pk", "number", "name")
        if name.casefold().strip() in names
    }
    reports: dict[int, list[ReportFields]] = {}
    for row in SocReport.objects.filter(vendor__in=vendors):
        reports.setdefault(row.vendor_id, []).append(report_fields(row))
    for pk, (number, name) in vendors.items():
        gaps = find_gaps(reports.get(pk, ()), period)
        for gap in gaps:
            if gap.is_bridged:
                said = f"{name}: only a bridge letter covers {gap}."
                yield said, _UNKNOWN, str(number)
            else:
                yield f"{name}: no report covers {gap} of our period.", _LACKING, str(number)
        yield from _read(name, str(number), reports.get(pk, ()), period)
        unmapped = sum(not cuec.is_mapped for each in reports.get(pk, ()) for cuec in each.cuecs)
        if unmapped:
            said = f"{name}: {unmapped} CUECs are neither answered nor ruled out."
            yield said, _LACKING, str(number)
        unread = sum(_is_unread(each, period) for each in reports.get(pk, ()))
        if unread:
            said = f"{name}: nobody finished reading {unread} of its reports of our period."
            yield said, _UNKNOWN, str(number)
        elif not gaps and not unmapped:
            yield f"{name}: its reports cover our period.", _KEPT, str(number)


def _read(
    name: str, key: str, reports: Sequence[ReportFields], period: Period
) -> Iterator[tuple[str, TraceState, str]]:
    """Yield what was made of the reports of our period that somebody read to their end."""
    read = [each for each in reports if _is_of(each, period) and not _is_unread(each, period)]
    if not read:
        return
    days = ", ".join(f"{each.first} to {each.last}" for each in read)
    noted = [exception for each in read for exception in each.exceptions]
    answered = sum(exception.is_answered for exception in noted)
    cuecs = [cuec for each in read for cuec in each.cuecs]
    mapped = sum(cuec.is_mapped for cuec in cuecs)
    found = f"{answered} of {len(noted)} exceptions concluded on" if noted else "no exceptions"
    found += f", {mapped} of {len(cuecs)} CUECs answered or ruled out" if cuecs else ""
    said = f"{name}: its report of {days} was read: {found}."
    yield said, _KEPT if answered == len(noted) else _LACKING, key


def _is_of(report: ReportFields, period: Period) -> bool:
    return report.first <= period.last and report.last >= period.first


def _is_unread(report: ReportFields, period: Period) -> bool:
    """Return whether a report of the period has no opinion, or nothing about its exceptions."""
    says_nothing = not report.exceptions and report.notes_exceptions is None
    return _is_of(report, period) and (report.opinion is Opinion.UNREAD or says_nothing)


def _contracts(counts: dict[str, int]) -> Iterator[tuple[str, TraceState, str]]:
    if counts["without_terms"]:
        said = (
            f"Of {_vendors(counts['with_data'])} with confidential data,"
            f" {counts['without_terms']} have no terms on confidentiality and security."
        )
        yield said, _LACKING, ""
    elif counts["with_data"]:
        said = f"{_vendors(counts['with_data'])} with confidential data are bound by contract."
        yield said, _KEPT, ""
    if counts["open_ends"]:
        said = f"Of {_vendors(counts['open_ends'])} that ended, data or access are not confirmed."
        yield said, _LACKING, ""


def _owners(counts: dict[str, int]) -> Iterator[tuple[str, TraceState, str]]:
    count = counts["without_owner"]
    if count:
        yield f"Of {_vendors(counts['in_use'])} in use, {count} have no owner.", _LACKING, ""
    elif counts["in_use"]:
        yield "Every vendor in use has an owner.", _KEPT, ""
