"""OSCAL that others wrote: catalogs, profiles and component definitions, as far as we use them.

Not trusted: read by `catalog.imports`, strict and bounded.  What is not needed is not looked at,
and what is needed and missing is a problem with its line.  Source: NIST OSCAL 1.1, JSON format.
"""

import re
from dataclasses import dataclass

_SUBCONTROL = re.compile(r"[.(].*")


@dataclass(frozen=True, slots=True)
class OscalControl:
    """A control of a catalog: its id as the catalog spells it, and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a component does about one control of a catalog.

    Attributes:
        where: file and line.
        control: id of the control, as spelled.
        description: how the component carries it out; its statements too.
    """

    where: str
    control: str
    description: str


@dataclass(frozen=True, slots=True)
class Component:
    """A component: something that carries out controls.

    Attributes:
        where: file and line.
        title: a few words.
        kind: as in `service` or `process-procedure`.
        description: what it is.
        requirements: in the file's order.
    """

    where: str
    title: str
    kind: str
    description: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class OscalFile:
    """What a file says.

    Attributes:
        kind: catalog, profile or component-definition.
        title: of its metadata.
        controls: of a catalog, in order, nested ones too.
        selected: ids that a profile takes; None when it takes all.
        components: of a component definition.
    """

    kind: str
    title: str
    controls: tuple[OscalControl, ...] = ()
    selected: tuple[str, ...] | None = ()
    components: tuple[Component, ...] = ()


def requirement_id(control: str) -> str:
    """Return how our crosswalk spells a control of SP 800-53; an enhancement as its control.

    >>> requirement_id("ac-2.3"), requirement_id("SC-8(1)"), requirement_id("ac-02")
    ('AC-2', 'SC-8', 'AC-2')
    """
    family, _, number = _SUBCONTROL.sub("", control.strip()).upper().partition("-")
    return f"{family}-{number.lstrip('0')}" if number else family
