"""What is said of criteria is said of the adopted controls by which they are met."""

from datetime import date

import pytest

from reperform.accounts.models import Organization
from reperform.catalog.controls import Control
from reperform.catalog.installed import catalog
from reperform.program.gap.controls import Adopted
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.scope.document import ScopeDocument

DAY = date(2026, 5, 1)
SAID = Trace(
    "Access reviews", "None is late.", TraceState.KEPT, "access_reviews", criteria=("CC6.2", "A1.2")
)


def control(library_id: str) -> Control:
    return next(each for each in catalog().controls if each.id == library_id)


def asked(**library_ids: str) -> TracesAsked:
    """Return what is asked with controls adopted: code -> the library's control."""
    controls = {
        code: Adopted(
            control=control(library_id),
            library_id=library_id,
            is_as_library=True,
            owner="",
            owner_number=None,
            adopted_on=DAY,
            implemented_on=DAY,
        )
        for code, library_id in library_ids.items()
    }
    return TracesAsked(Organization(name="Larkspur"), DAY, ScopeDocument(), controls)


@pytest.mark.parametrize(
    ("adopted", "controls", "criteria"),
    [
        ({}, [], ("CC6.2", "A1.2")),
        ({"OTHER": "CHG-01"}, [], ("CC6.2", "A1.2")),
        ({"OURS": "AC-12"}, ["OURS"], ("A1.2",)),
        ({"TWO": "AC-12", "ONE": "AC-12"}, ["ONE", "TWO"], ("A1.2",)),
    ],
    ids=["none adopted", "another adopted", "one, under a code of its own", "two of one origin"],
)
def test_a_criterion_is_spoken_of_only_where_no_control_of_it_is(
    adopted: dict[str, str], controls: list[str], criteria: tuple[str, ...]
) -> None:
    """Nothing is said twice on a criterion's page, and nothing is left out."""
    found = asked(**adopted).about(SAID, ("AC-12",))

    assert [each.control for each in found if each.control] == controls
    assert [each.criteria for each in found if not each.control] == [criteria]
    assert {(each.said, each.state) for each in found} == {(SAID.said, SAID.state)}


def test_what_its_controls_serve_whole_is_not_said_of_the_criterion_again() -> None:
    found = asked(OURS="BCK-01").about(SAID, ("BCK-01",))
    assert [each.control or each.criteria for each in found] == ["OURS", ("CC6.2",)]
