"""What a description lacks, and where it contradicts the scope and the registers.

A description must neither leave out nor distort what its readers need.  What cannot be compared,
because there is no register yet, is a problem too (`not-checked`): it is never taken as consistent.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reperform.base.problem import Problem
from reperform.program.description import Field, FieldState, Standing, Texts
from reperform.program.description.claims import placeholders, says_none, words_found
from reperform.program.description.files import DescriptionLibrary
from reperform.program.description.registers import Registers
from reperform.program.description.scope import criteria_in_scope, field_states
from reperform.program.scope.document import ScopeDocument

NOT_CHECKED = "not-checked"
_NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that a check is given.

    Attributes:
        states: every field as it stands.
        library: the fields and signs.
        scope: the scope.
        registers: the registers.
        organization: name of the service organization.
    """

    states: tuple[FieldState, ...]
    library: DescriptionLibrary
    scope: ScopeDocument
    registers: Registers
    organization: str

    @property
    def written(self) -> list[FieldState]:
        """The fields in which management wrote something."""
        return [state for state in self.states if state.text.strip()]

    def state(self, name: str) -> FieldState | None:
        """Return the field `name`; None when the library has none of that name."""
        return next((each for each in self.states if each.field.name == name), None)


Check = Callable[[Checked], list[Problem]]


def checked(
    texts: Texts,
    *,
    library: DescriptionLibrary,
    scope: ScopeDocument,
    registers: Registers,
    organization: str,
) -> Checked:
    """Return what the checks are given, every field with how it stands."""
    states = field_states(library.fields, texts, scope)
    return Checked(states, library, scope, registers, organization)


def is_checked(problem: Problem) -> bool:
    """Return whether it is a finding; False for what could not be compared."""
    return problem.slug != NOT_CHECKED


def unchecked(where: str, what: str, todo: str) -> Problem:
    """Return the problem that says what was not compared."""
    return Problem(where, f"not checked: {what}", todo, NOT_CHECKED)


def missing_fields(given: Checked) -> list[Problem]:
    """Return which fields are empty that the report needs, and what a Type 1 must not have."""
    found = []
    for state in given.states:
        label = state.field.label
        if state.standing is Standing.MISSING:
            if state.field.from_scope:
                todo = "decide it in the scope, or write that there is none"
            else:
                todo = "write it; the page has guidance and an example"
            what = f"is empty, and a {_report(given.scope)} needs it"
            found.append(Problem(label, what, todo, "description-missing"))
        elif state.standing is Standing.OTHER_TYPE and state.text.strip():
            what = "is written, but a Type 1 is as of one day and tells of no changes"
            todo = "empty it, or decide on a Type 2 in the scope"
            found.append(Problem(label, what, todo, "description-changes"))
    if given.scope.type is None:
        where, what = "Scope: type and period", "what only one type of report needs"
        found.append(unchecked(where, what, "decide on the type in the scope"))
    return found


def _report(scope: ScopeDocument) -> str:
    return f"Type {scope.type} report" if scope.type else "report"


def leftovers(given: Checked) -> list[Problem]:
    """Return what was left from a template or from our examples."""
    signs, found = given.library.signs, []
    names = [name for name in signs.example_names if name.lower() not in given.organization.lower()]
    for state in given.written:
        label = state.field.label
        left = placeholders(signs.placeholders, state.text)
        if left:
            what = f"still has {', '.join(left[:_NAMED_AT_MOST])}"
            todo = "write what belongs there"
            found.append(Problem(label, what, todo, "description-placeholder"))
        lent = words_found(names, state.text)
        if lent:
            what = f"names {lent[0]}, which our example invented"
            found.append(Problem(label, what, "write it of yourselves", "description-example"))
    return found


def commitments(given: Checked) -> list[Problem]:
    """Return the categories in scope without a commitment, or without what follows from it."""
    stated = {(each.category, each.kind) for each in given.scope.commitments}
    found = []
    for category in given.scope.categories:
        for kind, said in (
            ("commitment", "no service commitment is stated"),
            ("requirement", "no system requirement is stated"),
        ):
            if (category, kind) not in stated:
                what = f"{said} for {category}, which is in scope"
                todo = "state one, or take the category out of the scope"
                found.append(Problem("Scope: commitments", what, todo, "commitment-missing"))
    return found


def subservices(given: Checked) -> list[Problem]:
    """Return suppliers that are relied on and not described, or carved out and expected nothing."""
    found = []
    text = "\n".join(state.text for state in given.written)
    for supplier in given.scope.subservices:
        if supplier.method == "carve-out" and not supplier.expectations:
            what = f"{supplier.name} is carved out, and no control is expected of it"
            todo = "name the controls that you rely on (CSOCs), with their criteria"
            found.append(Problem("Scope: subservices", what, todo, "csoc-missing"))
        if not words_found([supplier.name], text):
            what = f"{supplier.name} is in scope, and no text says where the system uses it"
            todo = "name it where you describe infrastructure, software or data"
            found.append(Problem("DC 3 Components", what, todo, "subservice-missing"))
    return found


def criteria(given: Checked) -> list[Problem]:
    """Return criteria in scope that no control serves, and reasons that are none."""
    reasons = given.scope.not_applicable or {}
    in_scope = criteria_in_scope(given.scope)
    found = []
    for name in in_scope:
        gaps = words_found(given.library.signs.gap_reasons, reasons.get(name, ""))
        if gaps:
            what = (
                f"the reason for {name} says “{gaps[0]}”: that is a gap, and the criterion applies"
            )
            todo = "take the reason out and close the gap, or say why it cannot apply"
            found.append(Problem("Scope: not applicable", what, todo, "reason-is-gap"))
    if given.registers.served is None:
        what = "whether each criterion in scope has a control"
        return [*found, unchecked("DC 5 Controls", what, "adopt controls")]
    bare = [name for name in in_scope if name not in given.registers.served | reasons.keys()]
    if bare:
        more = f" and {len(bare) - _NAMED_AT_MOST} more" if len(bare) > _NAMED_AT_MOST else ""
        what = (
            f"{len(bare)} of {len(in_scope)} criteria in scope have neither a control nor a reason:"
            f" {', '.join(bare[:_NAMED_AT_MOST])}{more}"
        )
        todo = "adopt a control for each, or give the reason why it does not apply"
        found.append(Problem("DC 5 Controls", what, todo, "criterion-uncontrolled"))
    return found


def none_beside_some(given: Checked) -> list[Problem]:
    """Return fields that say that there is none, while the scope has some."""
    found = []
    for state in given.written:
        if state.derived and claims_none(state.field, state.text, given.library):
            what = "says that there is none, and the scope has some"
            todo = "correct the text or the scope: a reader sees both"
            found.append(Problem(state.field.label, what, todo, "description-none"))
    return found


def claims_none(field: Field, text: str, library: DescriptionLibrary) -> bool:
    """Return whether a field's text says that there is none."""
    signs = library.signs
    phrases = signs.none_phrases.get(field.name, ())
    return says_none(text, sentences=signs.none_sentences, phrases=phrases)


WITHIN: tuple[Check, ...] = (
    missing_fields,
    leftovers,
    commitments,
    subservices,
    criteria,
    none_beside_some,
)
"""The checks that need the description and the scope only, and the controls that were adopted."""
