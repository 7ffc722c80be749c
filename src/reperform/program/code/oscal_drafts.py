"""An OSCAL component definition -> drafts of controls, as files of a program.

What OSCAL does not say (how often, by whom, preventive or detective) is left out, never guessed:
the plan names each field that a person still has to decide.  Which criteria a control serves is
proposed from our crosswalk, and said to be so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.crosswalks import Crosswalk, criteria_for
from reperform.catalog.imports.spelling import canonical_id
from reperform.catalog.oscal import Component, Requirement, requirement_id
from reperform.program.code.emit import comment, yaml_text
from reperform.program.code.write import FENCE

_LONGEST_TITLE = 200
_ABOUT = """\
A draft from an OSCAL component definition: {where}
{component}, {control}.

Criteria are proposed by our crosswalk; whether the control serves them is for you to decide.
Write title, text, nature, kind, frequency, owner_role and evidence as they are in your company."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft: its code, the file, and the ids that no criterion was found for."""

    code: str
    text: str
    unmapped: tuple[str, ...]


def drafts_of(
    components: Sequence[Component], crosswalk: Crosswalk | None, *, taken: Collection[str]
) -> list[Draft]:
    """Return a draft for each control that a component carries out, in the file's order.

    Args:
        components: of the component definition.
        crosswalk: of SP 800-53; ids that are criteria's are taken as they are.
        taken: codes that are used already.
    """
    return list(_drafts(components, crosswalk, set(taken)))


def _drafts(
    components: Sequence[Component], crosswalk: Crosswalk | None, taken: set[str]
) -> Iterator[Draft]:
    number = 0
    for component in components:
        for control, requirements in _by_control(component).items():
            number += 1
            while f"OWN-{number:02}" in taken:
                number += 1
            criteria = criteria_of(control, crosswalk)
            yield Draft(
                code=f"OWN-{number:02}",
                text=_text(component, control, requirements, criteria),
                unmapped=() if criteria else (control,),
            )


def _by_control(component: Component) -> Mapping[str, list[Requirement]]:
    """Return what a component does about each control; several catalogs may name one."""
    found: dict[str, list[Requirement]] = {}
    for requirement in component.requirements:
        found.setdefault(requirement.control, []).append(requirement)
    return found


def criteria_of(control: str, crosswalk: Crosswalk | None) -> tuple[str, ...]:
    """Return the criteria that a control of a catalog bears on, in the standard's order."""
    own = canonical_id(control)
    if own in CRITERION_IDS:
        return (own,)
    name = requirement_id(control)
    is_known = crosswalk is not None and name in crosswalk.framework.ids
    links = criteria_for(crosswalk, name) if crosswalk and is_known else ()
    named = {link.criterion for link in links}
    return tuple(name for name in CRITERION_IDS if name in named)


def _text(
    component: Component, control: str, requirements: Sequence[Requirement], criteria: Sequence[str]
) -> str:
    about = _ABOUT.format(
        where=_line(requirements[0].where.rpartition("/")[2]),
        component=_line(component.title),
        control=_line(control),
    )
    head = {
        "title": _line(f"{component.title}: {control}")[:_LONGEST_TITLE],
        "criteria": list(criteria),
    }
    body = "\n\n".join(dict.fromkeys(each.description.strip() for each in requirements))
    return f"{FENCE}\n{comment(about)}{yaml_text(head)}{FENCE}\n\n{body}\n"


def _line(text: str) -> str:
    """Return text on one line: a comment must not end before it does."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
