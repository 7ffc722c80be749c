"""The Trust Services criteria: which 61 ids there are, and what is kept about each.

Ids, categories and COSO principles are facts (TSP section 100, 2017 criteria; DC section 200).
Their texts here are our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CATEGORIES = (
    "security",
    "availability",
    "processing integrity",
    "confidentiality",
    "privacy",
)
"""The five categories.  Security is the common criteria and always in scope."""

SERIES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "CC1": ("security", 5),
        "CC2": ("security", 3),
        "CC3": ("security", 4),
        "CC4": ("security", 2),
        "CC5": ("security", 3),
        "CC6": ("security", 8),
        "CC7": ("security", 5),
        "CC8": ("security", 1),
        "CC9": ("security", 2),
        "A1": ("availability", 3),
        "C1": ("confidentiality", 2),
        "PI1": ("processing integrity", 5),
        "P1": ("privacy", 1),
        "P2": ("privacy", 1),
        "P3": ("privacy", 2),
        "P4": ("privacy", 3),
        "P5": ("privacy", 2),
        "P6": ("privacy", 7),
        "P7": ("privacy", 1),
        "P8": ("privacy", 1),
    }
)
"""Each series with its category and how many criteria it has, in the standard's order."""

CRITERION_IDS = tuple(
    f"{series}.{number}" for series, (_, count) in SERIES.items() for number in range(1, count + 1)
)
"""The 61 ids, in the standard's order."""

DESCRIPTION_IDS = tuple(f"DC{number}" for number in range(1, 10))
"""DC 1 to DC 9.  DC 9 applies to Type 2 only."""

_COSO_SERIES = {"CC1": 1, "CC2": 13, "CC3": 6, "CC4": 16, "CC5": 10}

COSO_PRINCIPLES: Mapping[str, int] = MappingProxyType(
    {
        f"{series}.{number}": first + number - 1
        for series, first in _COSO_SERIES.items()
        for number in range(1, SERIES[series][1] + 1)
    }
)
"""The 17 principles of COSO 2013, by the criterion that carries each."""


@dataclass(frozen=True, slots=True)
class PointOfFocus:
    """What a criterion may be about.  Guidance that illustrates it, never a requirement."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the 61: the unit that is assessed.

    Attributes:
        id: as in `CC6.1`.
        title: a few words.
        text: one sentence, our own.
        category: one of `CATEGORIES`.
        coso: number of the COSO principle that it carries; None for most.
        points_of_focus: in order, `CC6.1-a` first.
    """

    id: str
    title: str
    text: str
    category: str
    coso: int | None
    points_of_focus: tuple[PointOfFocus, ...]


@dataclass(frozen=True, slots=True)
class DescriptionCriterion:
    """One of DC 1 to 9: what management's description must say.

    Attributes:
        id: as in `DC4`.
        title: a few words.
        guidance: what to write, our own words.
        fields: the data that it wants, by name.
        types: the report types that it applies to.
    """

    id: str
    title: str
    guidance: str
    fields: tuple[str, ...]
    types: tuple[int, ...]


def category_of(criterion_id: str) -> str:
    """Return the category of one of the 61 ids.

    Raises:
        KeyError: it is not one of them.

    >>> category_of("PI1.4")
    'processing integrity'
    """
    return SERIES[criterion_id.partition(".")[0]][0]
