"""Where a description contradicts the registers, the period, or the name of its own system."""

from reperform.base.problem import Problem
from reperform.program.description import DATED, FieldState, Texts
from reperform.program.description.check import (
    WITHIN,
    Check,
    Checked,
    checked,
    claims_none,
    unchecked,
)
from reperform.program.description.claims import people_counts, words_found
from reperform.program.description.dates import NamedDate, dates_in
from reperform.program.description.files import DescriptionLibrary
from reperform.program.description.registers import RegisteredIncident, Registers
from reperform.program.scope.document import ScopeDocument


def check_description(
    texts: Texts,
    *,
    library: DescriptionLibrary,
    scope: ScopeDocument,
    registers: Registers,
    organization: str = "",
) -> list[Problem]:
    """Return everything that the description lacks or contradicts, and what was not compared.

    Args:
        texts: what management wrote, by field.
        library: the fields and the signs of an unfinished text.
        scope: the scope as it stands.
        registers: what the program's registers say; None for one that does not exist.
        organization: name of the service organization.
    """
    given = checked(
        texts, library=library, scope=scope, registers=registers, organization=organization
    )
    return [problem for check in (*WITHIN, *AGAINST) for problem in check(given)]


def incidents(given: Checked) -> list[Problem]:
    """Return incidents of the register that DC 4 leaves out, and a `none` that is not so."""
    state = given.state("dc4.incidents")
    if state is None:
        return []
    label, register = state.field.label, given.registers.incidents
    if register is None:
        what = "whether every incident is told, as there is no register of incidents yet"
        return [unchecked(label, what, "compare the text with your own list")]
    if not state.text.strip():
        return []
    told = [each for each in register if each.is_reportable]
    found = [
        Problem(label, *_untold(each), "description-incident")
        for each in told
        if not words_found([each.reference, each.title], state.text)
    ]
    says_none = claims_none(state.field, state.text, given.library)
    if told and says_none:
        what = f"says that there were none, and the register has {_incidents(told)}"
        todo = "tell of each, or correct the register"
        found.append(Problem(label, what, todo, "description-none"))
    if not register and not says_none:
        what = "tells of incidents, and the register has none"
        todo = "enter them in the register, or write that there was none"
        found.append(Problem(label, what, todo, "description-incident"))
    open_ones = [each for each in register if each.is_reportable is None]
    if open_ones:
        what = f"whether {_incidents(open_ones)} must be told: nobody decided"
        found.append(unchecked(label, what, "decide in the register whether a control had failed"))
    return found


def _untold(incident: RegisteredIncident) -> tuple[str, str]:
    what = f"does not tell of {incident.reference}, {incident.title}, of {incident.on}"
    return what, "tell what it was, when, how far it reached and how it ended"


def _incidents(found: list[RegisteredIncident]) -> str:
    return ", ".join(each.reference for each in found[:5]) + (" ..." if len(found) > 5 else "")  # noqa: PLR2004 - enough to begin with


def vendors(given: Checked) -> list[Problem]:
    """Return suppliers that a text and the register, or the register and the scope, differ on."""
    where, register = "DC 7 Subservice organizations", given.registers.vendors
    if register is None:
        what = "whether the suppliers that are named are those of the register: there is none yet"
        return [unchecked(where, what, "compare the text with your own list")]
    in_scope = {each.name.lower() for each in given.scope.subservices}
    found = [
        Problem(
            where,
            f"{vendor.name} is a subservice organization in the register, and not in the scope",
            "take it into the scope with its method, or correct the register",
            "subservice-missing",
        )
        for vendor in register
        if vendor.is_subservice and vendor.name.lower() not in in_scope
    ]
    undecided = [vendor.name for vendor in register if vendor.is_subservice is None]
    if undecided:
        what = f"whether {', '.join(undecided[:5])} is a subservice organization: nobody decided"
        found.append(unchecked(where, what, "decide it in the register of vendors"))
    known = in_scope | {vendor.name.lower() for vendor in register}
    return found + _unregistered(given, given.library.signs.vendors, known, "vendors")


def assets(given: Checked) -> list[Problem]:
    """Return databases and other software that a text names and the register of assets lacks."""
    register = given.registers.assets
    if register is None:
        what = "whether the systems that are named are those of the register: there is none yet"
        return [unchecked("DC 3 Components", what, "compare the text with your own list")]
    known = {name.lower() for name in register}
    return _unregistered(given, given.library.signs.assets, known, "assets")


def _unregistered(
    given: Checked, names: tuple[tuple[str, ...], ...], known: set[str], register: str
) -> list[Problem]:
    entries = "\n".join(known)
    found = []
    for state in given.written:
        for spellings in names:
            said = words_found(spellings, state.text)
            if said and not words_found([each.lower() for each in spellings], entries):
                what = f"names {said[0]}, which the register of {register} does not have"
                todo = "enter it there, or take it out of the text"
                found.append(Problem(state.field.label, what, todo, "description-name"))
    return found


def people(given: Checked) -> list[Problem]:
    """Return numbers of people that cannot be right."""
    counts = [(state, each) for state in given.written for each in people_counts(state.text)]
    register = given.registers.people
    if register is None:
        what = "how many people work there, as there is no register of people yet"
        todo = "compare the text with your own list"
        return [unchecked("DC 3 People", what, todo)] if counts else []
    return [
        Problem(
            state.field.label,
            f"says “{each.said}”, and the register of people has {len(register):,}",
            "correct the text or the register",
            "description-people",
        )
        for state, each in counts
        if each.contradicts(len(register))
    ]


def system_name(given: Checked) -> list[Problem]:
    """Return whether DC 1 never names the system as the scope, and so the cover, does."""
    name = " ".join(given.scope.system.split())
    written = [state for state in given.written if state.field.criterion == "DC1"]
    if not name or not written:
        return []
    said = [text for state in written for text in (state.text, _derived_without_name(state))]
    if words_found([name], "\n".join(said)):
        return []
    what = f"does not name the system as the scope does: {name}"
    todo = "use that name, or correct it in the scope: it stands on the cover"
    return [Problem(written[0].field.label, what, todo, "description-name")]


def _derived_without_name(state: FieldState) -> str:
    """Return what the scope says, but for the services, whose heading is the name itself."""
    return "" if "services" in state.field.from_scope else state.derived


def days(given: Checked) -> list[Problem]:
    """Return days that lie outside the period, or that are none, where a field tells of it."""
    found = []
    for state in given.written:
        if DATED in state.field.marks:
            found += _days(given, state)
    return found


def _days(given: Checked, state: FieldState) -> list[Problem]:
    named = dates_in(state.text)
    label, period = state.field.label, given.scope.period
    found = [
        Problem(
            label,
            f"“{each.said}” is no day, or can be read in two ways",
            "write it as 2026-02-11",
            "description-date",
        )
        for each in named
        if each.first is None
    ]
    if period is None:
        what = "whether its days lie in the period, which is not decided"
        return [*found, unchecked(label, what, "decide on the period")] if named else found
    outside = [each.said for each in named if _is_outside(each, given)]
    if outside:
        span = f"{period.first} to {period.last}" if given.scope.type != 1 else f"{period.last}"
        what = f"tells of {', '.join(outside[:5])}, outside the report's {span}"
        todo = "correct the day, or leave it out: the report is about that time only"
        found.append(Problem(label, what, todo, "description-date"))
    return found


def _is_outside(named: NamedDate, given: Checked) -> bool:
    period = given.scope.period
    if period is None or named.first is None or named.last is None:
        return False
    # A Type 1 is as of a day: what was before it may be told, what comes after it cannot.
    is_early = given.scope.type != 1 and named.last < period.first
    return is_early or named.first > period.last


AGAINST: tuple[Check, ...] = (incidents, vendors, assets, people, system_name, days)
"""The checks that compare with registers and the period."""
