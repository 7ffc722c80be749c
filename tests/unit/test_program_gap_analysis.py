"""Management's gap analysis: scope, adopted controls and what was seen, never more than that."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.period import Period
from reperform.catalog.controls import Control
from reperform.catalog.criteria import Criterion, PointOfFocus
from reperform.program.gap import Facet, Status
from reperform.program.gap.analysis import GapAnalysis, PointState, analyze_gaps
from reperform.program.gap.controls import Adopted
from reperform.program.gap.seen import Seen, SeenControl, SeenTest
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.scope.document import ScopeDocument

YEAR = Period(date(2025, 8, 1), date(2026, 7, 31))
CRITERION = Criterion(
    id="CC8.1",
    title="Change",
    text="Changes are managed.",
    category="security",
    coso=None,
    points_of_focus=(PointOfFocus("CC8.1-a", "one"), PointOfFocus("CC8.1-b", "two")),
)
CONTROL = Control(
    id="CHG-01",
    title="Review",
    family="CHG",
    criteria=("CC8.1",),
    points_of_focus=("CC8.1-a",),
    nature="preventive",
    kind="manual",
    frequency="per event",
    owner="Head of Engineering",
    policies=(),
    population="changes",
    evidence=("the review",),
    text="Somebody else reviews.",
)
ADOPTED = Adopted(
    control=CONTROL,
    library_id="CHG-01",
    is_as_library=True,
    owner="Ada",
    owner_number=1,
    adopted_on=date(2025, 1, 1),
    implemented_on=date(2025, 1, 1),
)
SCOPE = ScopeDocument(type=2, first=YEAR.first, last=YEAR.last)
CLEAN = SeenControl(
    Facet.YES,
    Facet.YES,
    Facet.YES,
    (SeenTest("CHG-01.T1", "no exceptions", "40 of 40 passed", 40, 0),),
)
SEEN = Seen(
    number=3,
    on=date(2026, 8, 1),
    type=2,
    period=YEAR,
    categories=("security",),
    library="L",
    controls={"CHG-01": CLEAN},
)


def analyze(
    *adopted: Adopted,
    scope: ScopeDocument = SCOPE,
    seen: Seen | None = SEEN,
    traces: tuple[Trace, ...] = (),
) -> GapAnalysis:
    return analyze_gaps(
        criteria=[CRITERION],
        library=[CONTROL],
        library_digest="L",
        scope=scope,
        scope_number=1,
        adopted=adopted,
        seen=seen,
        traces=traces,
    )


def test_what_a_register_lacks_of_a_control_keeps_its_criterion_from_being_met() -> None:
    """It is in place in part, and the reason and the step say what is lacking."""
    said = Trace("Policies", "It is a draft.", TraceState.LACKING, "policies", control="CHG-01")
    analysis = analyze(ADOPTED, traces=(said,))

    assert analysis.criteria[0].gap.status is Status.PARTLY
    assert analysis.readiness["CHG-01"].implemented is Facet.PARTLY
    assert "Policies: It is a draft." in analysis.readiness["CHG-01"].reasons
    assert analysis.readiness["CHG-01"].steps[-1] == "Put right in Policies: It is a draft."
    assert analysis.traces == {"CHG-01": [said]}


def test_what_a_register_lacks_of_a_criterion_keeps_it_from_being_met() -> None:
    """Its controls stay what they are."""
    said = Trace("Risks", "No fraud.", TraceState.LACKING, "risks", criteria=("CC8.1", "CC3.3"))
    analysis = analyze(ADOPTED, traces=(said,))

    assert analysis.criteria[0].gap.status is Status.PARTLY
    assert analysis.criteria[0].gap.reason.endswith("Risks: No fraud.")
    assert analysis.criteria[0].traces == (said,)
    assert analysis.readiness["CHG-01"].is_complete


@pytest.mark.parametrize("state", [TraceState.KEPT, TraceState.NOT_CHECKED])
def test_what_a_register_holds_lifts_nothing(state: TraceState) -> None:
    """Nobody has examined it, whatever management's own record says."""
    said = Trace("Policies", "In force.", state, "policies", control="CHG-01")
    without, with_it = analyze(ADOPTED, seen=None), analyze(ADOPTED, seen=None, traces=(said,))

    assert with_it.criteria[0].gap == without.criteria[0].gap
    assert with_it.readiness == without.readiness


def test_a_criterion_whose_controls_were_seen_for_the_scope_is_met() -> None:
    """Adopted, owned, of the library's wording, seen for the very period: met."""
    (found,) = analyze(ADOPTED).criteria

    assert found.gap.status is Status.MET


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"owner": "", "owner_number": None}, "nobody is named who answers for it"),
        ({"is_as_library": False}, "the tests are of the library's wording of CHG-01"),
        ({"adopted_on": date(2026, 8, 2)}, "before the control was adopted on 2026-08-02"),
        ({"library_id": ""}, "a control of your own, and no test reads evidence of it"),
        ({"library_id": "CHG-99"}, "examination 3 did not look at it"),
    ],
)
def test_one_thing_that_is_missing_keeps_it_from_being_met(
    change: dict[str, Any], said: str
) -> None:
    """And the reason says which."""
    analysis = analyze(replace(ADOPTED, **change))

    assert analysis.criteria[0].gap.status is not Status.MET
    assert said in " ".join(analysis.readiness["CHG-01"].reasons)


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (ScopeDocument(), "the scope has not decided type and period"),
        (replace(SCOPE, last=date(2026, 8, 31)), "and the scope is Type 2, 2025-08-01"),
        (ScopeDocument(type=1, last=YEAR.last), "and the scope is Type 1 as of 2026-07-31"),
    ],
)
def test_an_examination_for_another_scope_says_so(scope: ScopeDocument, said: str) -> None:
    """What was seen of other days is not evidence for these."""
    analysis = analyze(ADOPTED, scope=scope)

    assert said in " ".join(analysis.caveats)
    assert analysis.criteria[0].gap.status is Status.PARTLY
    assert analysis.readiness["CHG-01"].evidenced is Facet.PARTLY


def test_a_control_of_their_own_that_an_examination_lists_needs_a_procedure_by_hand() -> None:
    """It was listed, and nothing was tested: not in evidence, and never taken for another's."""
    bare = SeenControl(Facet.UNKNOWN, Facet.NO, Facet.UNKNOWN, (), is_own=True)
    own = replace(ADOPTED, control=replace(CONTROL, id="PAY-01"), library_id="")

    listed = analyze(own, seen=replace(SEEN, controls={"PAY-01": bare})).readiness["PAY-01"]
    others = analyze(own, seen=replace(SEEN, controls={"PAY-01": CLEAN})).readiness["PAY-01"]

    assert (listed.implemented, listed.evidenced) == (Facet.UNKNOWN, Facet.NO)
    assert "a procedure by hand is needed" in listed.reasons[0]
    assert others.evidenced is Facet.UNKNOWN


def test_a_control_that_nobody_examined_is_unknown() -> None:
    """Not no, and never yes."""
    found = analyze(ADOPTED, seen=None).readiness["CHG-01"]

    assert {found.implemented, found.evidenced, found.operated} == {Facet.UNKNOWN}
    assert found.designed is Facet.YES


def test_a_type_1_examination_does_not_speak_of_operation_in_a_type_2() -> None:
    """Not examined becomes unknown when the scope asks for it."""
    seen = replace(SEEN, type=1, controls={"CHG-01": replace(CLEAN, operated=Facet.NOT_EXAMINED)})

    assert analyze(ADOPTED, seen=seen).readiness["CHG-01"].operated is Facet.UNKNOWN


def test_a_proposed_control_counts_for_nothing_and_is_named() -> None:
    """However well it was seen."""
    (found,) = analyze().criteria

    assert found.gap.status is Status.NOT_MET
    assert found.gap.reason == (
        "No control is adopted for it; the library proposes 1, of which 1 was seen in place."
    )
    assert [each.id for each in found.proposed] == ["CHG-01"]


def test_the_reason_names_the_controls() -> None:
    """Who reads it knows where to begin."""
    unseen = replace(
        ADOPTED, control=replace(CONTROL, id="OWN-01"), library_id="", owner="", owner_number=None
    )

    (found,) = analyze(ADOPTED, unseen).criteria

    assert found.gap.reason == "Nobody has examined: OWN-01. Nobody answers for: OWN-01."


@pytest.mark.parametrize(
    ("seen", "state"), [(SEEN, PointState.IN_PLACE), (None, PointState.DESIGNED)]
)
def test_a_point_of_focus_is_addressed_in_place_on_paper_or_not(
    seen: Seen | None, state: PointState
) -> None:
    """The first by a control, seen or not; the second by none."""
    first, second = analyze(ADOPTED, seen=seen).criteria[0].points

    assert (first.state, first.controls) == (state, ("CHG-01",))
    assert (second.state, second.controls) == (PointState.OPEN, ())


def test_a_reason_of_management_takes_a_criterion_out() -> None:
    """It is counted apart."""
    analysis = analyze(ADOPTED, scope=replace(SCOPE, not_applicable={"CC8.1": "No changes."}))

    assert analysis.counts()[Status.NOT_APPLICABLE] == 1
    assert analysis.criteria[0].gap.reason == "Management's reason: No changes."


FACETS = st.sampled_from(list(Facet))


@given(
    facets=st.tuples(FACETS, FACETS, FACETS),
    is_as_library=st.booleans(),
    owner=st.sampled_from(["", "Ada"]),
    adopted_on=st.dates(date(2026, 7, 30), date(2026, 8, 3)),
    library_id=st.sampled_from(["", "CHG-01", "CHG-02"]),
    last=st.dates(date(2026, 7, 29), date(2026, 8, 1)),
    is_seen=st.booleans(),
)
def test_met_means_that_everything_was_seen(
    *,
    facets: tuple[Facet, Facet, Facet],
    is_as_library: bool,
    owner: str,
    adopted_on: date,
    library_id: str,
    last: date,
    is_seen: bool,
) -> None:
    """Whatever the facts, a criterion is met only when nothing at all is missing."""
    adopted = replace(
        ADOPTED,
        is_as_library=is_as_library,
        owner=owner,
        adopted_on=adopted_on,
        library_id=library_id,
    )
    seen = replace(SEEN, controls={"CHG-01": SeenControl(*facets, CLEAN.tests)})

    analysis = analyze(adopted, scope=replace(SCOPE, last=last), seen=seen if is_seen else None)

    is_whole = (
        facets == (Facet.YES,) * 3
        and is_as_library
        and bool(owner)
        and adopted_on <= SEEN.on
        and library_id == "CHG-01"
        and last == YEAR.last
        and is_seen
    )
    assert (analysis.criteria[0].gap.status is Status.MET) == is_whole
