"""What the description takes from the scope, so that it is decided in one place only."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from reperform.catalog.criteria import CRITERION_IDS, category_of
from reperform.program.description import Field, FieldState, Texts, standing
from reperform.program.description.text import bullets
from reperform.program.scope.document import Expectation, ScopeDocument, Subservice


def criteria_in_scope(scope: ScopeDocument) -> tuple[str, ...]:
    """Return the ids of the criteria of the categories in scope, also those that do not apply."""
    return tuple(name for name in CRITERION_IDS if category_of(name) in scope.categories)


def derived_text(field: Field, scope: ScopeDocument) -> str:
    """Return what the scope says for a field, as text; empty when it says nothing."""
    said = [SOURCES[name](scope) for name in field.from_scope]
    return "\n\n".join(text for text in said if text)


def field_states(
    fields: Sequence[Field], texts: Texts, scope: ScopeDocument
) -> tuple[FieldState, ...]:
    """Return every field as it stands."""
    found = []
    for field in fields:
        text, derived = texts.get(field.name, ""), derived_text(field, scope)
        state = standing(field, text=text, derived=derived, scope=scope)
        found.append(FieldState(field, text, derived, state))
    return tuple(found)


def _services(scope: ScopeDocument) -> str:
    if not scope.services:
        return ""
    leading = f"{' '.join(scope.system.split())} gives its users:\n" if scope.system else ""
    return leading + bullets(list(scope.services))


def _boundaries(scope: ScopeDocument) -> str:
    return scope.boundaries.strip()


def _promised(scope: ScopeDocument, kind: str) -> str:
    return bullets(
        [f"{each.text} ({each.category})" for each in scope.commitments if each.kind == kind]
    )


def _categories(scope: ScopeDocument) -> str:
    left_out = scope.not_applicable or {}
    count = sum(name not in left_out for name in criteria_in_scope(scope))
    names = ", ".join(scope.categories)
    return (
        f"In scope: {names}, with {count} criteria that apply. The controls for each stand in"
        " Section IV."
    )


def _expectation(each: Expectation) -> str:
    return each.text + (f" ({', '.join(each.criteria)})" if each.criteria else "")


def _user_controls(scope: ScopeDocument) -> str:
    return bullets([_expectation(each) for each in scope.user_controls])


def _subservices(scope: ScopeDocument) -> str:
    return "\n\n".join(_subservice(each) for each in scope.subservices)


def _subservice(supplier: Subservice) -> str:
    said = f"{supplier.name} ({supplier.method}): {supplier.service}".rstrip().rstrip(".") + "."
    if supplier.report:
        said += (
            f" Its own report: {supplier.report.title},"
            f" {supplier.report.first} to {supplier.report.last}."
        )
    if supplier.method == "inclusive":
        said += " Its controls are part of this description."
    elif supplier.expectations:
        said += " Its controls are not part of this description; these are expected of it:"
    else:
        said += " Its controls are not part of this description."
    items = bullets([_expectation(each) for each in supplier.expectations])
    return " ".join(said.split()) + (f"\n{items}" if items else "")


def _not_applicable(scope: ScopeDocument) -> str:
    reasons = scope.not_applicable or {}
    return bullets([f"{name}: {reasons[name]}" for name in CRITERION_IDS if name in reasons])


SOURCES: Mapping[str, Callable[[ScopeDocument], str]] = MappingProxyType(
    {
        "services": _services,
        "boundaries": _boundaries,
        "commitments": lambda scope: _promised(scope, "commitment"),
        "requirements": lambda scope: _promised(scope, "requirement"),
        "categories": _categories,
        "user_controls": _user_controls,
        "subservices": _subservices,
        "not_applicable": _not_applicable,
    }
)
"""Name, as a field's `from_scope` has it -> what it says."""

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "services": "system",
        "boundaries": "system",
        "requirements": "commitments",
    }
)
"""Name -> the part of the scope where it is decided, when that is named otherwise."""
