"""Where the register and the scope differ about subservice organizations.

The scope is the truth of the scope: nothing here changes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reperform.program.scope.document import ScopeDocument, Subservice, SupplierReport
from reperform.program.vendors.report_checks import in_scope
from reperform.program.vendors.reports import ReportFields, ReportKind


class Fix(StrEnum):
    """The way to put a difference right."""

    REGISTER = "register"
    DECIDE = "decide"
    SCOPE = "scope"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Registered:
    """A vendor as far as the scope can know it.

    Attributes:
        number: of the vendor.
        name: as the register has it.
        is_subservice: None while nobody decided.
        method: empty while nobody decided.
        has_ended: it is no longer relied on.
        reports: number and content of its SOC 2 reports.
    """

    number: int
    name: str
    is_subservice: bool | None
    method: str = ""
    has_ended: bool = False
    reports: Sequence[tuple[int, ReportFields]] = ()

    @property
    def newest(self) -> tuple[int, ReportFields] | None:
        """The SOC 2 report that covers the latest day."""
        found = [each for each in self.reports if each[1].kind is ReportKind.SOC_2]
        return max(found, key=lambda each: (each[1].last, each[0]), default=None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that register and scope see differently.

    Attributes:
        name: of the organization.
        said: what differs.
        fix: see `Fix`.
        vendor: its number in the register; None when it is not there.
        report: number of the report that the scope lacks; None for none.
    """

    name: str
    said: str
    fix: Fix
    vendor: int | None = None
    report: int | None = None


def differences(
    scope: ScopeDocument, vendors: Iterable[Registered]
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Return what differs, and the names on which both agree.

    Args:
        scope: as it stands.
        vendors: those of the scope's names, those that say they are subservice organizations,
            and those of which nobody decided.
    """
    found: list[Difference] = []
    agreed: list[str] = []
    by_name = {each.name.casefold().strip(): each for each in vendors}
    for supplier in scope.subservices:
        vendor = by_name.get(supplier.name.casefold().strip())
        its = list(_of_supplier(supplier, vendor))
        found += its
        agreed += [] if its else [supplier.name]
    for vendor in by_name.values():
        if in_scope(scope, vendor.name) is None and not vendor.has_ended:
            found += _only_registered(vendor)
    return tuple(found), tuple(agreed)


def _of_supplier(supplier: Subservice, vendor: Registered | None) -> Iterable[Difference]:
    name = supplier.name
    if vendor is None:
        yield Difference(
            name, "The scope relies on it; the register does not know it.", Fix.REGISTER
        )
        return
    number = vendor.number
    if vendor.has_ended:
        yield Difference(
            name, "The scope relies on it; the register says it ended.", Fix.SCOPE, number
        )
    if not vendor.is_subservice:
        said = "nobody decided" if vendor.is_subservice is None else "says that it is none"
        what = f"The scope has it as a subservice organization; in the register {said}."
        yield Difference(name, what, Fix.DECIDE, number)
    elif vendor.method != supplier.method:
        said = vendor.method or "not decided"
        what = f"The scope's method is {supplier.method}, the register's {said}."
        yield Difference(name, what, Fix.DECIDE, number)
    newest = vendor.newest
    if newest and as_supplied(newest[1]) != supplier.report:
        has = _shown(supplier.report) if supplier.report else "none"
        what = f"The newest report here is {_shown(as_supplied(newest[1]))}; the scope has {has}."
        yield Difference(name, what, Fix.REPORT, number, newest[0])
    elif supplier.report and newest is None:
        what = f"The scope names its {_shown(supplier.report)}; the register holds no SOC 2 report."
        yield Difference(name, what, Fix.DECIDE, number)


def _only_registered(vendor: Registered) -> list[Difference]:
    if vendor.is_subservice:
        said = "The register has it as a subservice organization; the scope has none of this name."
        return [Difference(vendor.name, said, Fix.SCOPE, vendor.number)]
    return []


def as_supplied(report: ReportFields) -> SupplierReport:
    """Return a report as the scope holds one: its title and its days."""
    return SupplierReport(report.title, report.first, report.last)


def _shown(report: SupplierReport) -> str:
    return f"{report.title}, {report.first} to {report.last}"


def with_report(scope: ScopeDocument, name: str, report: ReportFields) -> ScopeDocument | None:
    """Return the scope with `report` at the subservice organization; None when it has none so."""
    found = in_scope(scope, name)
    if found is None:
        return None
    changed = replace(found, report=as_supplied(report))
    every = tuple(changed if each is found else each for each in scope.subservices)
    return replace(scope, subservices=every)
