"""Gap analysis: a criterion is never met while evidence is missing."""

import itertools

import pytest

from reperform.catalog.controls import Control
from reperform.catalog.criteria import Criterion, PointOfFocus
from reperform.program.gap import Facet, Readiness, Status, analyze_criterion

POINTS = (PointOfFocus("CC8.1-a", "one"), PointOfFocus("CC8.1-b", "two"))
CRITERION = Criterion(
    id="CC8.1",
    title="Change",
    text="Changes are managed.",
    category="security",
    coso=None,
    points_of_focus=POINTS,
)


def readiness(
    *,
    designed: str = "yes",
    implemented: str = "yes",
    evidenced: str = "yes",
    operated: str = "yes",
) -> Readiness:
    control = Control(
        id="CHG-01",
        title="Review",
        family="CHG",
        criteria=("CC8.1",),
        points_of_focus=("CC8.1-a",),
        policies=("change-management",),
        nature="preventive",
        kind="manual",
        frequency="per event",
        owner="Head of Engineering",
        evidence=("the review",),
        population="every change merged in the period, from the log of the release branch",
        text="Somebody else reviews.",
    )
    return Readiness(
        control=control,
        designed=Facet(designed),
        implemented=Facet(implemented),
        evidenced=Facet(evidenced),
        operated=Facet(operated),
        reasons=(),
        steps=("Adopt it.",),
    )


def test_a_criterion_is_met_only_when_every_facet_of_every_control_is_yes() -> None:
    """All 4^4 combinations of one control: exactly one of them is met."""
    values = ("yes", "partly", "no", "unknown")
    met = [
        combination
        for combination in itertools.product(values, repeat=4)
        if analyze_criterion(
            CRITERION,
            [
                readiness(
                    designed=combination[0],
                    implemented=combination[1],
                    evidenced=combination[2],
                    operated=combination[3],
                )
            ],
        ).status
        is Status.MET
    ]

    assert met == [("yes", "yes", "yes", "yes")]


def test_a_type_1_does_not_ask_for_operation() -> None:
    """Operation is not examined, so it does not keep a criterion from being met."""
    assert analyze_criterion(CRITERION, [readiness(operated="not examined")]).status is Status.MET


def test_one_control_without_evidence_keeps_a_criterion_from_being_met() -> None:
    """However well the others stand, the reason says in numbers what is lacking."""
    gap = analyze_criterion(
        CRITERION,
        [readiness(), readiness(implemented="unknown", evidenced="no", operated="unknown")],
    )

    assert gap.status is Status.PARTLY
    assert gap.reason == (
        "1 of 2 controls were seen in place; 1 without evidence for the whole period, "
        "1 not shown to operate without exceptions."
    )
    assert gap.evidenced is Facet.PARTLY


@pytest.mark.parametrize("implemented", ["no", "unknown"])
def test_a_criterion_whose_controls_nobody_saw_is_not_met(implemented: str) -> None:
    """Adopted on paper is not in place."""
    gap = analyze_criterion(CRITERION, [readiness(implemented=implemented, evidenced="no")])

    assert gap.status is Status.NOT_MET
    assert gap.missing_points == POINTS


def test_a_criterion_without_a_control_is_not_met() -> None:
    """It says so, and says what to do."""
    gap = analyze_criterion(CRITERION, [])

    assert gap.status is Status.NOT_MET
    assert gap.reason == "No control is designed for it."
    assert gap.steps == ("Choose or write a control for it, and name its owner.",)


def test_a_criterion_does_not_apply_only_with_managements_reason() -> None:
    """The reason is repeated, and nothing is left to do."""
    gap = analyze_criterion(CRITERION, [readiness()], not_applicable="Carved out.")

    assert gap.status is Status.NOT_APPLICABLE
    assert "Carved out." in gap.reason
    assert gap.steps == ()


def test_points_that_a_control_in_place_addresses_are_not_missing() -> None:
    """The others are listed."""
    assert analyze_criterion(CRITERION, [readiness()]).missing_points == (POINTS[1],)
