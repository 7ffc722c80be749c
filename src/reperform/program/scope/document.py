"""The scope as a document: what is examined, what is promised, and who else is relied on.

Every part may be empty while the program is being built; `lacking` says what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from reperform.base.period import Period
from reperform.program.scope import SHORTEST_TYPE_2, ReportType

Method = Literal["carve-out", "inclusive"]
CommitmentKind = Literal["commitment", "requirement"]
_LONGEST_BRIDGE_DAYS = 92
"""About three months: what a bridge letter customarily covers."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A principal service commitment, or a system requirement that follows from one (DC 2)."""

    kind: CommitmentKind
    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """A control that somebody else must operate: a CUEC of customers, a CSOC of a supplier."""

    text: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupplierReport:
    """The SOC report of a subservice organization and the days that it covers."""

    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Subservice:
    """A subservice organization: its controls are needed for the criteria to be met (DC 7)."""

    name: str
    service: str
    method: Method
    expectations: tuple[Expectation, ...]
    report: SupplierReport | None


@dataclass(frozen=True, slots=True)
class ScopeDocument:
    """What an engagement would be about.

    Attributes:
        system: the system's name.
        services: what customers get, one service each (DC 1).
        boundaries: what belongs to the system and what does not.
        categories: in the standard's order, security always among them.
        type: 1 or 2; None while undecided.
        first: first day of a Type 2 period.
        last: its last day, or the date of a Type 1.
        commitments: see `Commitment`.
        subservices: see `Subservice`.
        user_controls: complementary user entity controls (DC 6).
        not_applicable: criterion -> management's reason (DC 8).
    """

    system: str = ""
    services: tuple[str, ...] = ()
    boundaries: str = ""
    categories: tuple[str, ...] = ("security",)
    type: ReportType | None = None
    first: date | None = None
    last: date | None = None
    commitments: tuple[Commitment, ...] = ()
    subservices: tuple[Subservice, ...] = ()
    user_controls: tuple[Expectation, ...] = ()
    not_applicable: Mapping[str, str] | None = None

    @property
    def period(self) -> Period | None:
        """The days that evidence must cover; None while they are undecided."""
        if self.last is None or self.type is None:
            return None
        if self.type == 1:
            return Period(self.last, self.last)
        return Period(self.first, self.last) if self.first else None


def uncovered_days(report: SupplierReport | None, period: Period) -> int:
    """Return how many days of `period` a supplier's report does not cover.

    >>> from datetime import date
    >>> report = SupplierReport("SOC 2 Type 2", date(2025, 1, 1), date(2025, 12, 31))
    >>> uncovered_days(report, Period(date(2025, 10, 1), date(2026, 1, 30)))
    30
    """
    if report is None:
        return len(period)
    first, last = max(report.first, period.first), min(report.last, period.last)
    return len(period) - max(0, (last - first).days + 1)


def lacking(scope: ScopeDocument) -> list[tuple[str, str]]:
    """Return what the scope still lacks: part of the guided path, and a sentence."""
    found = []
    if not scope.system:
        found.append(("system", "The system has no name."))
    if not scope.services:
        found.append(("system", "No service is named."))
    if not scope.boundaries:
        found.append(("system", "The boundaries of the system are not described."))
    found += _lacking_period(scope)
    found += [
        ("commitments", f"No service commitment or requirement is stated for {category}.")
        for category in scope.categories
        if category not in {commitment.category for commitment in scope.commitments}
    ]
    for supplier in scope.subservices:
        found += [("subservices", sentence) for sentence in _lacking_supplier(supplier, scope)]
    return found


def _lacking_period(scope: ScopeDocument) -> list[tuple[str, str]]:
    period = scope.period
    if period is None:
        return [("period", "Type and period of the report are not decided.")]
    if scope.type == 2 and len(period) < SHORTEST_TYPE_2:  # noqa: PLR2004 - the type's name
        return [("period", f"The period has {len(period)} days; customary is 3 to 12 months.")]
    return []


def _lacking_supplier(supplier: Subservice, scope: ScopeDocument) -> list[str]:
    found = []
    if supplier.method == "carve-out" and not supplier.expectations:
        found.append(f"{supplier.name} is carved out, but no control is expected of it.")
    if supplier.method == "carve-out" and scope.period:
        days = uncovered_days(supplier.report, scope.period)
        if supplier.report is None:
            found.append(f"{supplier.name} is carved out, and no report of it is on file.")
        elif days:
            bridge = " A bridge letter may cover them." if days <= _LONGEST_BRIDGE_DAYS else ""
            found.append(
                f"The report of {supplier.name} leaves {days} of {len(scope.period)} days"
                f" of our period uncovered.{bridge}"
            )
    return found


def scope_content(scope: ScopeDocument) -> dict[str, Any]:
    """Return the JSON object that keeps a scope."""
    return {
        "system": scope.system,
        "services": list(scope.services),
        "boundaries": scope.boundaries,
        "categories": list(scope.categories),
        "type": scope.type,
        "first": scope.first.isoformat() if scope.first else None,
        "last": scope.last.isoformat() if scope.last else None,
        "commitments": [
            {"kind": each.kind, "text": each.text, "category": each.category}
            for each in scope.commitments
        ],
        "subservices": [
            {
                "name": each.name,
                "service": each.service,
                "method": each.method,
                "expectations": _expectations_content(each.expectations),
                "report": _report_content(each.report),
            }
            for each in scope.subservices
        ],
        "user_controls": _expectations_content(scope.user_controls),
        "not_applicable": dict(scope.not_applicable or {}),
    }


def _expectations_content(expectations: Sequence[Expectation]) -> list[dict[str, Any]]:
    return [{"text": each.text, "criteria": list(each.criteria)} for each in expectations]


def _report_content(report: SupplierReport | None) -> dict[str, str] | None:
    if report is None:
        return None
    return {
        "title": report.title,
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
    }
