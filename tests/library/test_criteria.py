"""The library's criteria: exactly the 61, each once, in our own words."""

from collections import Counter
from pathlib import Path

import pytest

from reperform.catalog.check import check_library
from reperform.catalog.criteria import CATEGORIES, COSO_PRINCIPLES, CRITERION_IDS, DESCRIPTION_IDS
from reperform.catalog.library import Catalog, library_folder, load_catalog

# Written out, so that the test does not derive the set as the program does.
SIXTY_ONE = [
    "CC1.1",
    "CC1.2",
    "CC1.3",
    "CC1.4",
    "CC1.5",
    "CC2.1",
    "CC2.2",
    "CC2.3",
    "CC3.1",
    "CC3.2",
    "CC3.3",
    "CC3.4",
    "CC4.1",
    "CC4.2",
    "CC5.1",
    "CC5.2",
    "CC5.3",
    "CC6.1",
    "CC6.2",
    "CC6.3",
    "CC6.4",
    "CC6.5",
    "CC6.6",
    "CC6.7",
    "CC6.8",
    "CC7.1",
    "CC7.2",
    "CC7.3",
    "CC7.4",
    "CC7.5",
    "CC8.1",
    "CC9.1",
    "CC9.2",
    "A1.1",
    "A1.2",
    "A1.3",
    "C1.1",
    "C1.2",
    "PI1.1",
    "PI1.2",
    "PI1.3",
    "PI1.4",
    "PI1.5",
    "P1.1",
    "P2.1",
    "P3.1",
    "P3.2",
    "P4.1",
    "P4.2",
    "P4.3",
    "P5.1",
    "P5.2",
    "P6.1",
    "P6.2",
    "P6.3",
    "P6.4",
    "P6.5",
    "P6.6",
    "P6.7",
    "P7.1",
    "P8.1",
]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_the_library_holds_exactly_the_61_criteria_in_the_standards_order(catalog: Catalog) -> None:
    """No more, no fewer, each once."""
    assert [criterion.id for criterion in catalog.criteria] == SIXTY_ONE
    assert list(CRITERION_IDS) == SIXTY_ONE


def test_each_category_has_its_criteria(catalog: Catalog) -> None:
    """33 common criteria, and 3, 5, 2 and 18."""
    counted = Counter(criterion.category for criterion in catalog.criteria)

    assert [counted[category] for category in CATEGORIES] == [33, 3, 5, 2, 18]


def test_the_17_principles_of_coso_are_each_carried_by_one_criterion(catalog: Catalog) -> None:
    """CC1 to CC5 are the principles; the other criteria carry none."""
    carried = {c.id: c.coso for c in catalog.criteria if c.coso is not None}

    assert sorted(carried.values()) == list(range(1, 18))
    assert carried == dict(COSO_PRINCIPLES)
    assert carried["CC2.1"] == 13
    assert carried["CC5.3"] == 12


def test_titles_and_points_of_focus_say_different_things(catalog: Catalog) -> None:
    """A text that stands twice was copied and not written."""
    texts = [criterion.text for criterion in catalog.criteria]
    titles = [criterion.title for criterion in catalog.criteria]

    assert len(set(texts)) == len(set(titles)) == 61
    for criterion in catalog.criteria:
        labels = [point.label for point in criterion.points_of_focus]
        assert len(set(labels)) == len(labels)
        assert criterion.text.count(". ") == 0
        assert criterion.text.endswith(".")


def test_dc_9_is_asked_of_a_type_2_only(catalog: Catalog) -> None:
    """A Type 1 has no period in which something could change."""
    assert [criterion.id for criterion in catalog.description_criteria] == list(DESCRIPTION_IDS)
    assert [c.id for c in catalog.description_criteria if 1 not in c.types] == ["DC9"]


def test_nothing_is_wrong_with_the_library() -> None:
    """Every field, reference and text of every criterion and control."""
    assert [str(problem) for problem in check_library(library_folder())] == []


def test_the_library_is_the_checkouts() -> None:
    """What the tests look at is what is shipped."""
    assert library_folder() == Path(__file__).resolve().parents[2] / "library"


def test_every_common_criterion_is_served_by_a_control(catalog: Catalog) -> None:
    """At least 60 controls, and none of the 33 is left out."""
    served = {name for control in catalog.controls for name in control.criteria}

    assert len(catalog.controls) >= 60
    assert [name for name in SIXTY_ONE[:33] if name not in served] == []
