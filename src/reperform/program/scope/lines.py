"""A scope as lines of text, one fact each: to read an old version, and to compare two."""

from collections.abc import Iterator

from reperform.program.scope.document import Expectation, ScopeDocument, Subservice

NOT_DECIDED = "not decided"


def scope_lines(scope: ScopeDocument) -> str:
    """Return everything that `scope` decides, one fact a line, in the order of the guided path.

    >>> print(scope_lines(ScopeDocument(system="Invoicing", services=("Sends invoices",))))
    System: Invoicing
    Service: Sends invoices
    Boundaries: not decided
    Categories: security
    Report: not decided
    """
    return "\n".join(_lines(scope))


def _lines(scope: ScopeDocument) -> Iterator[str]:
    yield f"System: {scope.system or NOT_DECIDED}"
    yield from (f"Service: {service}" for service in scope.services)
    first, *more = scope.boundaries.splitlines() or [NOT_DECIDED]
    yield f"Boundaries: {first}"
    yield from more
    yield f"Categories: {', '.join(scope.categories)}"
    yield f"Report: {_report(scope)}"
    for each in scope.commitments:
        yield f"{each.kind.capitalize()} ({each.category}): {each.text}"
    for supplier in scope.subservices:
        yield from _supplier(supplier)
    for control in scope.user_controls:
        yield f"Customers' control: {_expectation(control)}"
    for criterion, reason in (scope.not_applicable or {}).items():
        yield f"Does not apply: {criterion}: {reason}"


def _report(scope: ScopeDocument) -> str:
    if scope.type is None:
        return NOT_DECIDED
    last = scope.last.isoformat() if scope.last else NOT_DECIDED
    if scope.type == 1:
        return f"Type 1, as of {last}"
    first = scope.first.isoformat() if scope.first else NOT_DECIDED
    return f"Type 2, {first} to {last}"


def _supplier(supplier: Subservice) -> Iterator[str]:
    name = f"Subservice organization {supplier.name}"
    yield f"{name}: {supplier.service} ({supplier.method})"
    yield from (f"{name} is expected to: {_expectation(each)}" for each in supplier.expectations)
    if supplier.report:
        days = f"{supplier.report.first.isoformat()} to {supplier.report.last.isoformat()}"
        yield f"{name} has a report: {supplier.report.title}, {days}"


def _expectation(expectation: Expectation) -> str:
    named = f" [{', '.join(expectation.criteria)}]" if expectation.criteria else ""
    return expectation.text + named
